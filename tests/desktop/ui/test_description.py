"""The description: deciding, enrolling, waiting, being refused, going on."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.errors import Problem
from desktop.models.home_views import SyncStatus
from desktop.models.views import DescriptionView
from desktop.ui.desk import Place
from desktop.ui.pages.description import DescriptionPage
from desktop.ui.preferences import Preferences
from tests.desktop.ui import sample_views as views
from tests.desktop.ui.fakes import Bench

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(qtbot: QtBot, bench: Bench, preferences: Preferences) -> DescriptionPage:
    made = DescriptionPage(bench.desk, preferences)
    qtbot.addWidget(made)
    made.resize(1100, 800)
    made.show()
    made.show_place(Place("description", {"course_id": "c3"}))
    qtbot.waitUntil(made.area.shows_content)
    return made


def becomes(qtbot: QtBot, bench: Bench, page: DescriptionPage, view: DescriptionView) -> None:
    """The store changes."""
    bench.edge.answers["catalog.description"] = view
    bench.desk.changed.emit(frozenset({"enrollments"}))
    qtbot.waitUntil(lambda: page._view == view)


def test_everything_to_decide_is_there(page: DescriptionPage) -> None:
    assert page.title.text() == "Clean water in small towns"
    assert page.kind.text() == "Course · University of the Coast"
    assert page.syllabus.count() == 4
    assert page.instructors.count() == 1
    assert "within 14 days" in page.terms.text()
    assert not page.missing.isVisible()


def test_enroll_waits_for_the_server_and_then_goes_to_the_course(
    qtbot: QtBot, bench: Bench, page: DescriptionPage
) -> None:
    pending = replace(views.DESCRIPTION, pending=True, enrollment_id="e9")
    bench.edge.answers["catalog.description"] = pending
    qtbot.mouseClick(page.enroll, LEFT)
    qtbot.waitUntil(lambda: page.enroll.text() == "Enrolling …")
    assert bench.edge.asked("enrollment.enroll") == [("sample", "c3")]
    assert not page.enroll.isEnabled()
    assert not page.go.isVisible()
    assert page.note.isVisible()
    becomes(qtbot, bench, page, replace(views.DESCRIPTION, enrollment_id="e9"))
    assert not page.enroll.isVisible()
    qtbot.mouseClick(page.go, LEFT)
    assert bench.places == [Place("course", {"course_id": "c3"})]


def test_a_wish_that_waits_says_so_when_the_network_goes(qtbot: QtBot, bench: Bench, page: DescriptionPage) -> None:
    becomes(qtbot, bench, page, replace(views.DESCRIPTION, pending=True, enrollment_id="e9"))
    assert "once there is a network" not in page.note.text.text()
    bench.desk.status = SyncStatus("offline")
    bench.desk.status_changed.emit(bench.desk.status)
    assert "once there is a network" in page.note.text.text()


def test_a_refusal_is_said_and_can_be_tried_again(qtbot: QtBot, bench: Bench, page: DescriptionPage) -> None:
    becomes(qtbot, bench, page, replace(views.DESCRIPTION, refused="All places are taken."))
    assert page.note.text.text() == "All places are taken."
    assert page.note.title.text() == "You could not be enrolled"
    assert page.enroll.isEnabled()
    assert page.enroll.isVisible()


def test_save_for_later_and_back(qtbot: QtBot, bench: Bench, page: DescriptionPage) -> None:
    qtbot.mouseClick(page.save, LEFT)
    qtbot.waitUntil(lambda: bench.edge.asked("enrollment.save_for_later") == [("c3", True)])
    saved = replace(views.DESCRIPTION, tile=replace(views.DESCRIPTION.tile, mark="saved"))
    becomes(qtbot, bench, page, saved)
    assert page.save.text() == "Saved for later"
    qtbot.mouseClick(page.save, LEFT)
    qtbot.waitUntil(lambda: bench.edge.asked("enrollment.save_for_later")[-1] == ("c3", False))


def test_what_only_the_tile_tells_is_completed_from_the_network(
    qtbot: QtBot, bench: Bench, preferences: Preferences
) -> None:
    tile_only = DescriptionView(views.TILES[2], "sample")
    bench.edge.answers["catalog.description"] = tile_only

    def arrive(course_id: str) -> None:
        bench.edge.answers["catalog.description"] = views.DESCRIPTION

    bench.edge.answers["gateway.fetch_description"] = arrive
    made = DescriptionPage(bench.desk, preferences)
    qtbot.addWidget(made)
    made.show()
    made.show_place(Place("description", {"course_id": "c3"}))
    qtbot.waitUntil(lambda: made.syllabus.count() == 4)
    assert bench.edge.asked("gateway.fetch_description") == [("c3",)]


def test_offline_the_rest_is_promised(qtbot: QtBot, bench: Bench, preferences: Preferences) -> None:
    bench.edge.answers["catalog.description"] = DescriptionView(views.TILES[2], "sample")
    bench.edge.answers["gateway.fetch_description"] = Problem("offline", "There is no network.")
    made = DescriptionPage(bench.desk, preferences)
    qtbot.addWidget(made)
    made.show()
    made.show_place(Place("description", {"course_id": "c3"}))
    qtbot.waitUntil(lambda: "once there is a network" in made.missing.text())
    assert made.enroll.isEnabled()


def test_more_and_less(qtbot: QtBot, page: DescriptionPage) -> None:
    page.resize(900, 600)
    qtbot.waitUntil(page.about.more.isVisible)
    folded = page.about.text.height()
    qtbot.mouseClick(page.about.more, LEFT)
    assert page.about.text.height() > folded
    assert page.about.more.text() == "Less"
    qtbot.mouseClick(page.about.more, LEFT)
    assert page.about.text.height() == folded
