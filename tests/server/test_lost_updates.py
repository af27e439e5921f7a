"""Many at once on one learner: no watched second, no note and no number of the feed is lost, on either database."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from protocol.actions import ENROLL, SAVE_NOTE, WATCH, ActionBatch, SaveNote, Watch
from protocol.feeds import Change, FeedPage
from protocol.ids import CourseId, ItemId, NoteId, new_uuid7
from protocol.learning import Note, Progress
from protocol.wire import Wire, decode
from server.accounts.models import User
from server.learning.ledger import judge_batch
from tests.server.api import Api
from tests.server.conftest import Learner, enroll_body
from tests.server.program_folder import COURSE_ID, LECTURE, LECTURE_MS
from tests.server.test_process import Http, action
from tests.server_process import ServerProcess

WRITERS, EACH = 4, 10
STEP = LECTURE_MS // (WRITERS * EACH)


def deeds(writer: int, number: int) -> list[tuple[str, Wire]]:
    """What one of them does: a stretch of the lecture that nobody else watches, and a note."""
    start = (number * WRITERS + writer) * STEP
    item, course = ItemId(LECTURE), CourseId(COURSE_ID)
    return [
        (WATCH, Watch(item_id=item, course_id=course, intervals=((start, start + STEP),))),
        (SAVE_NOTE, SaveNote(note_id=NoteId(new_uuid7()), course_id=course, item_id=item, text=f"{writer}.{number}")),
    ]


def everything_is_there(changes: list[Change]) -> None:
    """The whole lecture was watched by all of them together, and each note was kept."""
    bodies = [(change.kind, change.body) for change in changes]
    (progress,) = [decode(body, Progress) for kind, body in bodies if kind == "progress"]
    assert progress.watched == ((0, LECTURE_MS),)
    texts = sorted(decode(body, Note).text for kind, body in bodies if kind == "note")
    assert texts == sorted(f"{writer}.{number}" for writer in range(WRITERS) for number in range(EACH))
    revisions = [change.revision for change in changes]
    assert len(revisions) == len(set(revisions))


def all_at_once(work: Callable[[int], None]) -> None:
    """Run ``work`` for every writer, in threads that begin together."""
    gate = threading.Barrier(WRITERS)

    def run(writer: int) -> None:
        gate.wait(20)
        work(writer)

    with ThreadPoolExecutor(WRITERS) as pool:
        for one in [pool.submit(run, writer) for writer in range(WRITERS)]:
            one.result(60)


@pytest.fixture
def two_processes(tmp_path: Path, pristine_folder: Path) -> Iterator[ServerProcess]:
    """An embedded server (SQLite) with two worker processes of several threads each."""
    with ServerProcess(tmp_path / "home", [pristine_folder], words=["--workers", "2"]) as server:
        yield server


def test_on_sqlite_in_two_processes(two_processes: ServerProcess) -> None:
    speaker = Http(two_processes)
    speaker.join()
    assert speaker.act(action(ENROLL, enroll_body())) == ["applied"]

    def work(writer: int) -> None:
        own = Http(two_processes)
        own.token = speaker.token
        for number in range(EACH):
            assert own.act(*(action(kind, body) for kind, body in deeds(writer, number))) == ["applied", "applied"]

    all_at_once(work)
    changes: list[Change] = []
    cursor, more = "", True
    while more:
        page = speaker.ask("GET", f"/v1/feeds/learner?after={cursor}", FeedPage)
        changes, cursor, more = [*changes, *page.changes], page.cursor, page.more
    everything_is_there(changes)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    not os.environ.get("HAVERSACK_TEST_DATABASE", "").startswith("postgres"),
    reason="several connections to one database: test_on_postgresql.py runs it",
)
def test_on_postgresql_in_several_connections(new_learner: Learner) -> None:
    api = new_learner()
    api.do(ENROLL, enroll_body())
    user = User.objects.get(pk=api.account)

    def work(writer: int) -> None:
        own = Api(device=f"device-{writer}")
        try:
            for number in range(EACH):
                actions = tuple(own.action(kind, body) for kind, body in deeds(writer, number))
                results = judge_batch(user, ActionBatch(actions=actions)).results
                assert [result.outcome for result in results] == ["applied", "applied"]
        finally:
            connection.close()

    all_at_once(work)
    everything_is_there(api.changes())
