"""The overlay follows the server's rules: whatever order things come in, nothing is lost and nothing jumps back."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from desktop.models import overlay
from desktop.models.contact import Contact, ContactClock
from desktop.models.outbox import APPLIED, WAITING, Pending
from protocol.actions import CompleteItem, DeleteNote, Enroll, OpenItem, SaveNote, SetPosition, Unenroll, Watch
from protocol.ids import CourseId, EnrollmentId, ItemId, NoteId, ProgramId
from protocol.learning import Progress
from protocol.watching import union
from protocol.wire import Wire
from tests.desktop.course import START
from tests.desktop.hand_clock import HandClock

COURSE, ITEM = CourseId("sql"), ItemId("sql/video-1")


def acting(body: Wire, number: int = 0, state: str = WAITING, at: datetime = START) -> Pending:
    """An action, ``number`` seconds after the start."""
    return Pending(f"a{number}", number, type(body).__name__, body, at + timedelta(seconds=number), state)


intervals = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), max_size=6).map(tuple)


@given(st.lists(intervals, max_size=5), intervals, st.randoms())
def test_watching_is_a_union_in_any_order(
    seen: list[tuple[tuple[int, int], ...]], known: object, chance: object
) -> None:
    row = Progress(item_id=ITEM, course_id=COURSE, watched=union(known))  # type: ignore[arg-type]
    actions = [acting(Watch(item_id=ITEM, course_id=COURSE, intervals=part), n) for n, part in enumerate(seen)]
    one = overlay.progress({ITEM: row}, actions)[ITEM]
    chance.shuffle(actions)  # type: ignore[attr-defined]
    other = overlay.progress({ITEM: row}, actions)[ITEM]
    assert one.watched == other.watched == union(row.watched, *seen)


@given(st.lists(st.sampled_from(["open", "complete", "watch"]), min_size=1, max_size=8))
def test_completion_never_goes_back(kinds: list[str]) -> None:
    bodies: dict[str, Wire] = {
        "open": OpenItem(item_id=ITEM, course_id=COURSE),
        "complete": CompleteItem(item_id=ITEM, course_id=COURSE),
        "watch": Watch(item_id=ITEM, course_id=COURSE, intervals=((0, 5),)),
    }
    done = Progress(item_id=ITEM, course_id=COURSE, opened_at=START, completed_at=START - timedelta(days=1))
    actions = [acting(bodies[kind], number) for number, kind in enumerate(kinds)]
    assert overlay.progress({ITEM: done}, actions)[ITEM].completed_at == done.completed_at
    fresh = overlay.progress({}, actions)[ITEM]
    assert (fresh.completed_at is not None) == ("complete" in kinds)
    assert fresh.opened_at == START


def test_the_last_position_of_this_computer_is_shown() -> None:
    actions = [acting(SetPosition(item_id=ITEM, course_id=COURSE, position_ms=ms), n) for n, ms in enumerate((5, 9, 7))]
    assert overlay.positions({}, actions)[ITEM].position_ms == 7


def test_notes_are_made_edited_and_deleted() -> None:
    def save(text: str, number: int, state: str = WAITING) -> Pending:
        note = SaveNote(note_id=NoteId("n"), course_id=COURSE, item_id=ITEM, text=text)
        return acting(note, number, state)

    note, waits = overlay.notes({}, [save("first", 0, APPLIED)])["n"]
    assert (note.text, waits) == ("first", False)
    note, waits = overlay.notes({}, [save("first", 0), save("second", 5)])["n"]
    assert (note.text, note.created_at, waits) == ("second", START, True)
    gone = acting(DeleteNote(note_id=NoteId("n"), base_revision=0), 9)
    assert overlay.notes({}, [save("first", 0), gone]) == {}


def test_enrolling_unenrolling_and_enrolling_again() -> None:
    def enroll(key: str, number: int) -> Pending:
        body = Enroll(enrollment_id=EnrollmentId(key), course_id=COURSE, program_id=ProgramId("sample"))
        return acting(body, number)

    def version(_: str) -> str:
        return "v1"

    leave = acting(Unenroll(enrollment_id=EnrollmentId("one")), 1)
    state = overlay.enrollments([], [enroll("one", 0)], version)["sql"]
    assert (state.enrollment.state, state.enrollment.version, state.pending) == ("active", "v1", True)
    state = overlay.enrollments([], [enroll("one", 0), leave], version)["sql"]
    assert state.enrollment.state == "unenrolled"
    state = overlay.enrollments([], [enroll("one", 0), leave, enroll("two", 2)], version)["sql"]
    assert (state.enrollment.id, state.enrollment.state) == ("two", "active")


def test_evidence_stands_when_the_clock_is_set_back_and_not_over_sleep_or_restart() -> None:
    clock = HandClock()
    contact = ContactClock(clock)
    assert contact.evidence().contact_at is None
    contact.heard(START)
    clock.go(hours=2)
    clock.wall -= timedelta(days=3)
    evidence = contact.evidence()
    assert (evidence.contact_at, evidence.since_contact_ms) == (START, 7_200_000)
    assert evidence.zone == "Europe/Rome"
    clock.wall += timedelta(days=8)  # asleep: the wall went on, the monotonic clock did not
    assert contact.evidence().contact_at is None
    kept = contact.contact
    assert kept is not None
    fresh = HandClock()
    fresh.go(hours=1)
    again = ContactClock(fresh)
    again.recall(Contact(START, START, 1_000_000))
    assert again.evidence().since_contact_ms == 3_600_000
    restarted = HandClock(START + timedelta(days=1))
    restarted.ticks = 5000
    after = ContactClock(restarted)
    after.recall(kept)
    assert after.contact is None
