"""The courses lie on a drive of their own, which comes and goes while the whole program runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.models.folder_choice import OURS
from desktop.ui.desk import DOWNLOADS, ITEM
from desktop.ui.pages.downloads import DownloadsPage
from desktop.ui.pages.storage import StoragePage
from tests.desktop.drives import Slot, slot_in
from tests.desktop.faults.conftest import House, Learner
from tests.desktop.sync.program_server import ProgramServer

AWAY = "The drive with your courses is not there."


@pytest.fixture
def slot(tmp_path: Path) -> Iterator[Slot]:
    """Where sticks are put in; one is in."""
    with slot_in(tmp_path / "drive") as made:
        made.put_in()
        yield made


def storage(learner: Learner) -> StoragePage:
    """The page, in front."""
    learner.program.desk.go(DOWNLOADS, tab="storage")
    area = learner.program.window.pages.current_page()
    assert isinstance(area, DownloadsPage)
    page = area.part()
    assert isinstance(page, StoragePage)
    learner.wait(page.folder.isVisible, "the folder to be known")
    return page


def texts_are_here(learner: Learner) -> bool:
    """Whether everything small has come."""
    services = learner.program.opened.services
    assert services is not None
    with services.store.read() as connection:
        query = "SELECT count(*) FROM assets a JOIN item_assets i USING (sha256) WHERE NOT bulky AND state <> 'ready'"
        return connection.exec_driver_sql(query).scalar() == 0


def shows_reading(learner: Learner) -> bool:
    """Whether the page of the first reading shows its text; goes there."""
    learner.program.desk.go(ITEM, item_id="sql/reading-1")
    return learner.sees("readingText") and "Reading 1 of sql" in learner.text("readingText")


def test_courses_live_on_a_stick(house: House, server: ProgramServer, slot: Slot) -> None:
    learner = house.start(server.link())
    learner.join()
    learner.wait(lambda: texts_are_here(learner), "the texts to come")
    page = storage(learner)
    page.plan_move(str(slot.at))  # as the dialog of the system answers
    learner.click("planConfirm")
    learner.wait(lambda: page.folder.path.whole_text() == str(slot.at / OURS), "the move")
    learner.wait(lambda: not list((house.home / "assets").glob("??/*")), "the old folder to be empty")
    learner.picture("drive-stick")
    slot.pull()
    learner.wait(lambda: any(AWAY in line for line in learner.said()), "the learner to be told")
    assert AWAY in page.folder.title.text()
    learner.picture("drive-away")
    assert not shows_reading(learner)
    learner.reads("page", AWAY)
    learner.picture("drive-away-reading")
    house.end()
    learner = house.start()  # without the stick
    learner.wait(lambda: any(AWAY in line for line in learner.said()), "the learner to be told again")
    assert list(slot.at.iterdir()) == []
    assert not shows_reading(learner)
    learner.reads("page", AWAY)
    slot.put_in()
    learner.wait(lambda: not learner.said(), "the line to go")
    learner.reads("readingText", "Reading 1 of sql")  # by itself
    storage(learner)
    learner.click("folderUsual")
    learner.click("planConfirm")
    learner.wait(lambda: not (slot.at / OURS).exists(), "the stick to be empty")
    learner.wait(lambda: shows_reading(learner), "the text to be there")
