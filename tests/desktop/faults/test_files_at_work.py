"""Files of courses in the whole program: what a rule removed comes back at a click, what was damaged is found."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desktop.models.blobs import blob_path
from desktop.models.trip_views import TripView
from desktop.services import automatic
from desktop.services.services import Services
from desktop.ui.desk import DOWNLOADS
from tests.desktop.course import VIDEO_BYTES, Course
from tests.desktop.faults.conftest import House, Learner
from tests.desktop.faults.test_at_work import ask, learner
from tests.desktop.sync.program_server import ProgramServer

__all__ = ["learner"]


def packed(learner: Learner) -> TripView:
    """The trip, which is there."""
    trip = ask(learner, lambda services: services.trips.current())
    assert isinstance(trip, TripView)
    return trip


def bytes_here(learner: Learner) -> int:
    """What lectures and texts take on this computer."""
    found = ask(learner, lambda services: services.storage.view().bytes_used)
    assert isinstance(found, int)
    return found


def finish_week_1(services: Services) -> None:
    """Do all of it."""
    for slug in ("video", "reading", "practice", "graded"):
        services.lectures.complete(f"sql/{slug}-1")


def test_what_a_rule_removed_is_said_and_comes_back_at_a_click(
    learner: Learner, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(automatic, "RESTS_FOR", timedelta(0))
    ask(learner, lambda services: services.downloads.queue_course("sql"))
    learner.wait(lambda: bytes_here(learner) > 2 * VIDEO_BYTES, "the course to be here")
    ask(learner, finish_week_1)
    ask(learner, lambda services: services.downloads.change_rules({"remove_finished": True}))
    line = "Week 1 of “Course sql” is finished: 683.6 kB were freed."
    learner.wait(lambda: line in learner.said(), "the rule to be followed, and said")
    assert VIDEO_BYTES < bytes_here(learner) < 2 * VIDEO_BYTES
    learner.click("noticeAction")
    learner.wait(lambda: bytes_here(learner) > 2 * VIDEO_BYTES, "the week to be here again")
    assert line not in learner.said()
    ask(learner, lambda services: services.lectures.set_position("sql/video-2", 9))
    learner.synced()
    assert bytes_here(learner) > 2 * VIDEO_BYTES, "a rule removes a week once"


@pytest.mark.expected_log("damaged or gone")
def test_a_trip_is_packed_checked_and_mended_in_the_window(
    learner: Learner, house: House, server: ProgramServer, course: Course
) -> None:
    learner.program.desk.go(DOWNLOADS, tab="trip")
    learner.click("chooseNext")
    learner.click("packTrip")
    learner.wait(lambda: packed(learner).state == "ready", "everything to be here")
    video = next(asset.sha256 for asset in course.manifest.assets if asset.media_type == "video/webm")
    blob_path(house.home / "assets", video).write_bytes(bytes(VIDEO_BYTES))
    learner.click("checkTrip")
    learner.wait(lambda: packed(learner).report is not None, "the check to end")
    report = packed(learner).report
    assert report is not None
    assert (report.items, report.ready) == (8, 7)
    learner.wait(lambda: packed(learner).state == "ready", "the damaged file to come again by itself")
    assert packed(learner).outdated
    learner.click("checkTrip")
    learner.wait(lambda: not packed(learner).outdated, "the check to end")
    report = packed(learner).report
    assert report is not None
    assert (report.items, report.ready) == (8, 8)
