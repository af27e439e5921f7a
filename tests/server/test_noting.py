"""Notes of several devices: nothing that was typed is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from protocol.actions import DELETE_NOTE, ENROLL, SAVE_NOTE, DeleteNote, SaveNote
from protocol.ids import CourseId, ItemId, NoteId, new_uuid7
from protocol.learning import Note
from server.feeds.models import FeedChange
from server.learning import models
from tests.server.api import Api
from tests.server.conftest import Learner, enroll_body
from tests.server.program_folder import COURSE_ID, LECTURE

pytestmark = pytest.mark.postgres

START = datetime.now(UTC) - timedelta(hours=1)


def body(text: str, base: int = 0, note_id: str = "n1") -> SaveNote:
    return SaveNote(
        note_id=NoteId(note_id),
        course_id=CourseId(COURSE_ID),
        item_id=ItemId(LECTURE),
        at_ms=700,
        text=text,
        label="important",
        base_revision=base,
    )


@pytest.fixture
def laptop(learner: Api) -> Api:
    """The first device."""
    return learner


@pytest.fixture
def desktop(laptop: Api) -> Api:
    """A second device of the same learner."""
    return Api().sign_in("ada@example.org")


def notes(api: Api) -> dict[str, Note]:
    return api.bodies("note", Note)


def revision(api: Api, note_id: str = "n1") -> int:
    return next(change.revision for change in api.changes(kind="note") if change.id == note_id)


def test_a_note_is_made_and_edited(laptop: Api, desktop: Api) -> None:
    laptop.do(SAVE_NOTE, body("first"))
    desktop.do(SAVE_NOTE, body("second", revision(desktop)))
    (note,) = notes(laptop).values()
    assert (note.text, note.at_ms, note.label, note.conflict_of) == ("second", 700, "important", None)
    assert note.created_at < note.edited_at


def test_a_chain_of_edits_made_offline_is_no_conflict(laptop: Api) -> None:
    actions = [laptop.action(SAVE_NOTE, body(text)) for text in ("a", "ab", "abc")]
    assert [result.outcome for result in laptop.act(*actions)] == ["applied"] * 3
    assert [note.text for note in notes(laptop).values()] == ["abc"]


@pytest.mark.parametrize("laptop_is_later", [True, False])
def test_the_last_edit_wins_and_the_other_text_is_kept(laptop: Api, desktop: Api, laptop_is_later: bool) -> None:
    laptop.do(SAVE_NOTE, body("common"), at=START)
    base = revision(laptop)
    desktop.do(SAVE_NOTE, body("from the desktop", base), at=START + timedelta(minutes=10))
    minutes = 20 if laptop_is_later else 5
    laptop.do(SAVE_NOTE, body("from the laptop", base), at=START + timedelta(minutes=minutes))
    found = notes(laptop)
    copy = next(note for key, note in found.items() if key != "n1")
    winner, other = ("laptop", "desktop") if laptop_is_later else ("desktop", "laptop")
    assert found["n1"].text == f"from the {winner}"
    assert copy.text == f"from the {other}"
    assert (copy.conflict_of, copy.item_id, copy.at_ms) == ("n1", LECTURE, 700)
    assert len(found) == 2


def test_the_same_text_twice_is_no_conflict(laptop: Api, desktop: Api) -> None:
    laptop.do(SAVE_NOTE, body("common"))
    base = revision(laptop)
    desktop.do(SAVE_NOTE, body("both", base))
    laptop.do(SAVE_NOTE, body("both", base))
    assert [note.text for note in notes(laptop).values()] == ["both"]


def test_deleting_what_was_seen(laptop: Api, desktop: Api) -> None:
    laptop.do(SAVE_NOTE, body("to be deleted"))
    seen = laptop.cursor()
    desktop.do(DELETE_NOTE, DeleteNote(note_id=NoteId("n1"), base_revision=revision(desktop)))
    assert notes(laptop) == {}
    assert [change.deleted for change in laptop.changes(kind="note", cursor=seen)] == [True]
    assert laptop.do(DELETE_NOTE, DeleteNote(note_id=NoteId("n1"), base_revision=1)).outcome == "applied"


def test_an_edit_beats_a_deletion(laptop: Api, desktop: Api) -> None:
    laptop.do(SAVE_NOTE, body("old"))
    base = revision(laptop)
    desktop.do(SAVE_NOTE, body("new", base))
    cursor = laptop.page().cursor
    assert laptop.do(DELETE_NOTE, DeleteNote(note_id=NoteId("n1"), base_revision=base)).outcome == "applied"
    assert [note.text for note in notes(laptop).values()] == ["new"]
    assert laptop.page(after=cursor).changes, "the device that deleted it is told again"
    # the other way round: deleted first, edited elsewhere before that was known
    laptop.do(DELETE_NOTE, DeleteNote(note_id=NoteId("n1"), base_revision=revision(laptop)))
    desktop.do(SAVE_NOTE, body("newer", base))
    assert [note.text for note in notes(laptop).values()] == ["newer"]


def test_the_notes_of_others_are_untouched(laptop: Api, new_learner: Learner) -> None:
    laptop.do(SAVE_NOTE, body("mine"))
    other = new_learner("bo@example.org")
    other.do(ENROLL, enroll_body())
    other.do(DELETE_NOTE, DeleteNote(note_id=NoteId("n1"), base_revision=revision(laptop)))
    other.do(SAVE_NOTE, body("another's", revision(laptop)))
    assert [note.text for note in notes(laptop).values()] == ["mine"]
    assert [note.text for note in notes(other).values()] == ["another's"]


def test_what_no_database_can_store_is_cleaned(laptop: Api) -> None:
    result = laptop.do(SAVE_NOTE, body("a\0b, and the text \\u0000"))
    assert result.outcome == "applied"
    assert notes(laptop)["n1"].text == "ab, and the text \\u0000"


@pytest.mark.parametrize("fields", [{"note_id": ""}, {"note_id": "x" * 65}, {"note_id": "a b"}, {"at_ms": -1}])
def test_a_note_that_makes_no_sense(laptop: Api, fields: dict[str, object]) -> None:
    result = laptop.do(SAVE_NOTE, msgspec.structs.replace(body("x"), **fields))
    assert result.error is not None
    assert result.error.code == "bad_request"


edits = st.lists(
    st.tuples(st.sampled_from(["laptop", "desktop"]), st.booleans(), st.integers(0, 50)), min_size=1, max_size=7
)


@given(story=edits)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_that_its_writer_did_not_replace_is_lost(
    laptop: Api, desktop: Api, story: list[tuple[str, bool, int]]
) -> None:
    """Devices edit one note, pulling or not in between: at the end every text is there, or was replaced by the same
    device, or by a device that had seen it."""
    models.Note.objects.all().delete()
    FeedChange.objects.all().delete()
    devices = {"laptop": laptop, "desktop": desktop}
    note_id = new_uuid7()
    base = dict.fromkeys(devices, 0)
    may_go: set[str] = set()
    last: dict[str, str] = {}
    seen: dict[str, str] = {}
    for number, (name, pulls, minute) in enumerate(story):
        device, text = devices[name], f"{name} {number}"
        if pulls:
            current = models.Note.objects.filter(public_id=note_id).first()
            if current is not None:
                base[name], seen[name] = current.revision, current.text
        result = device.do(SAVE_NOTE, body(text, base[name], note_id), at=START + timedelta(minutes=minute))
        assert result.outcome == "applied"
        may_go |= {last.get(name, ""), seen.get(name, "")}
        last[name] = text
    kept = {note.text for note in notes(laptop).values()}
    written = {f"{name} {number}" for number, (name, _, _) in enumerate(story)}
    assert written - may_go <= kept
