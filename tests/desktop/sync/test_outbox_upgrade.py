"""What waits survives an upgrade of the program and of the server: an older database, in every state there is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from desktop.errors import Problem
from desktop.models import migrations
from desktop.models.store import DATABASE_NAME
from desktop.sync import ahead
from desktop.sync.push import counts
from desktop.sync.rounds import Rounds
from protocol.actions import SaveNote
from protocol.errors import ErrorBody
from protocol.ids import CourseId, ItemId, NoteId, new_uuid7
from protocol.wire import encode
from tests.desktop.course import Course
from tests.desktop.sync.conftest import Installation
from tests.desktop.sync.program_server import ProgramServer, drop
from tests.desktop.sync.test_push_pull import never, read, send

MADE_MS = 1_772_355_600_000
"""The first of March 2026: long enough ago that what was sent then is not shown any more."""
STATES = ("waiting", "sending", "applied", "settled", "refused")


@pytest.fixture
def before(one: Installation) -> dict[str, str]:
    """The installation's database as the first version left it, killed in the middle of sending; ids by state."""
    one.store.close()
    one.services = None
    file = one.home / "learners" / one.account_id / DATABASE_NAME
    for old in file.parent.glob(f"{DATABASE_NAME}*"):
        old.unlink()
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001_spine")
        connection.commit()
    engine.dispose()
    ids = {state: new_uuid7() for state in STATES}
    with closing(sqlite3.connect(file)) as database, database:
        for state, action_id in ids.items():
            note = SaveNote(
                note_id=NoteId(f"note-{state}"),
                course_id=CourseId("sql"),
                item_id=ItemId("sql/video-1"),
                text=f"{state}: " + "written with care. " * 20,
            )
            database.execute(
                "INSERT INTO outbox (id, kind, subject, course_id, item_id, body, made_at, zone, state, tries, sent_at,"
                " error_code, error_text)"
                " VALUES (?, 'save_note', ?, 'sql', 'sql/video-1', ?, ?, 'Europe/Rome', ?, ?, ?, ?, ?)",
                (
                    action_id,
                    f"note:note-{state}",
                    encode(note),
                    MADE_MS,
                    state,
                    0 if state == "waiting" else 1,
                    MADE_MS if state in ("applied", "settled") else None,
                    "unknown_action" if state == "refused" else "",
                    "The server does not know this kind of action." if state == "refused" else "",
                ),
            )
    return ids


def test_everything_is_there_after_the_upgrade_and_is_sent_once(
    one: Installation, before: dict[str, str], program: ProgramServer, course: Course
) -> None:
    program.applied += [before["applied"], before["settled"], before["sending"]]  # its answer was lost with the kill
    services = one.open()
    assert services.opened_notes == ()
    shown = {entry.id: entry for entry in services.outbox.entries()}
    assert {action_id: entry.state for action_id, entry in shown.items()} == {
        before["waiting"]: "waiting",
        before["sending"]: "waiting",
        before["refused"]: "ahead",
    }
    assert shown[before["waiting"]].can_undo
    assert not shown[before["sending"]].can_undo, "the server may have it"
    for state in ("waiting", "refused"):
        assert services.outbox.text(before[state]).startswith(f"{state}: written with care.")
    assert send(one) == 2
    assert program.applied.count(before["sending"]) == 1
    assert program.applied.count(before["waiting"]) == 1
    read(one)
    with services.store.read() as connection:
        rows = connection.exec_driver_sql("SELECT id, state FROM outbox").fetchall()
    states = {str(action_id): str(state) for action_id, state in rows}
    assert {states[before[state]] for state in ("waiting", "sending", "applied", "settled")} == {"settled"}


def test_what_an_older_server_did_not_know_is_sent_by_itself_once_it_is_upgraded(
    one: Installation, before: dict[str, str], program: ProgramServer, course: Course
) -> None:
    program.refuse["save_note"] = ErrorBody(code="unknown_action", text="Not known.", way_out="Ask for an update.")
    services = one.open()
    rounds = Rounds(services.store, one.gateway.api, one.gateway.installation(one.account_id), one.home)
    rounds.make(never)
    shown = [entry for entry in services.outbox.entries() if entry.state != "sent"]
    assert [(entry.state, entry.can_undo) for entry in shown] == [("ahead", True)] * 3
    assert counts(services.store) == (0, 0), "nothing to send, and nothing that needs the learner"
    assert services.outbox.waiting_count() == 3
    assert len(services.notes.all()) == 3, "what was written is shown as ever"
    tried = program.asked.count("POST /v1/actions")
    rounds._memberships_at = None  # a quarter of an hour later
    rounds.make(never)
    assert program.asked.count("POST /v1/actions") == tried, "the same server is not asked the same again"
    services.outbox.undo(shown[0].id)
    program.refuse.clear()
    program.version = "2"
    rounds._memberships_at = None
    rounds.make(never)
    assert len(program.applied) == len(set(program.applied)) == 2
    assert [entry.state for entry in services.outbox.entries()] == ["sent", "sent"]
    assert services.outbox.waiting_count() == 0


def test_a_server_whose_version_was_not_heard_is_tried_once_more(
    one: Installation, before: dict[str, str], program: ProgramServer
) -> None:
    program.refuse["save_note"] = ErrorBody(code="unknown_action", text="Not known.")
    services = one.open()
    program.spoil("/v1/server", drop)
    with pytest.raises(Problem, match="offline"):
        send(one)
    assert services.outbox.waiting_count() == 3
    assert ahead.send_again(services.store, one.gateway.api) == 3
    send(one)
    assert ahead.send_again(services.store, one.gateway.api) == 0
