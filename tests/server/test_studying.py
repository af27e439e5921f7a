"""Progress, positions and the correction of clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from protocol.actions import (
    COMPLETE_ITEM,
    ENROLL,
    OPEN_ITEM,
    SET_POSITION,
    WATCH,
    ClockEvidence,
    CompleteItem,
    OpenItem,
    SetPosition,
    Watch,
)
from protocol.ids import CourseId, ItemId
from protocol.learning import Enrollment, Position, Progress
from protocol.watching import union
from server.authoring.loading import load_program
from server.catalog.manifests import items_of
from server.catalog.models import Course
from server.learning import models
from server.learning.moments import corrected_moment
from tests.server.api import Api
from tests.server.conftest import Learner, enroll_body
from tests.server.program_folder import (
    COURSE_ID,
    EXAM,
    LECTURE,
    LECTURE_MS,
    PLAN,
    PRACTICE,
    READING,
    TOOL,
    write_program,
)

pytestmark = pytest.mark.postgres

COURSE = CourseId(COURSE_ID)
NOW = datetime(2027, 1, 10, 12, tzinfo=UTC)


def watch(*intervals: tuple[int, int]) -> Watch:
    return Watch(item_id=ItemId(LECTURE), course_id=COURSE, intervals=intervals)


def position(position_ms: int) -> SetPosition:
    return SetPosition(item_id=ItemId(LECTURE), course_id=COURSE, position_ms=position_ms)


def progress(api: Api, item: str = LECTURE) -> Progress:
    return api.bodies("progress", Progress)[item]


def test_what_was_watched_is_joined(learner: Api) -> None:
    learner.do(WATCH, watch((0, 400), (1000, 1200)))
    learner.do(WATCH, watch((300, 600)))
    assert progress(learner).watched == ((0, 600), (1000, 1200))
    assert progress(learner).opened_at
    assert progress(learner).completed_at is None


def test_nine_tenths_are_all(learner: Api) -> None:
    learner.do(WATCH, watch((0, LECTURE_MS // 2)))
    learner.do(WATCH, watch((LECTURE_MS // 2, LECTURE_MS * 9 // 10 - 1)))
    assert progress(learner).completed_at is None
    learner.do(WATCH, watch((LECTURE_MS * 9 // 10 - 1, LECTURE_MS * 9 // 10)))
    assert progress(learner).completed_at is not None


def test_watching_beyond_the_end_is_cut(learner: Api) -> None:
    learner.do(WATCH, watch((-500, 100), (LECTURE_MS - 10, 10**9), (900, 800)))
    assert progress(learner).watched == ((0, 100), (LECTURE_MS - 10, LECTURE_MS))


intervals = st.lists(st.tuples(st.integers(0, LECTURE_MS), st.integers(0, LECTURE_MS)), max_size=4)


@given(parts=st.lists(intervals, min_size=1, max_size=5), order=st.randoms(use_true_random=False))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_of_reports_does_not_matter(learner: Api, parts: list[list[tuple[int, int]]], order: object) -> None:
    models.Progress.objects.all().delete()
    shuffled = list(parts)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    actions = [learner.action(WATCH, watch(*part)) for part in shuffled]
    assert all(result.outcome == "applied" for result in learner.act(*actions))
    assert progress(learner).watched == union(*parts)


def test_only_a_video_is_watched_and_only_known_items_exist(learner: Api) -> None:
    reading = Watch(item_id=ItemId(READING), course_id=COURSE, intervals=((0, 1),))
    assert learner.do(WATCH, reading).error.code == "bad_request"  # type: ignore[union-attr]
    unknown = OpenItem(item_id=ItemId("basics/none"), course_id=COURSE)
    assert learner.do(OPEN_ITEM, unknown).error.code == "not_found"  # type: ignore[union-attr]


def test_the_first_opening_counts(learner: Api) -> None:
    body = OpenItem(item_id=ItemId(READING), course_id=COURSE)
    second = datetime.now(UTC) - timedelta(minutes=1)
    first = second - timedelta(hours=1)
    learner.do(OPEN_ITEM, body, at=second)
    learner.at_another_computer().do(OPEN_ITEM, body, at=first)
    learner.at_another_computer().do(OPEN_ITEM, body, at=second)
    assert progress(learner, READING).opened_at == first


def test_without_an_enrollment_nothing_is_studied(member: Api) -> None:
    assert member.do(WATCH, watch((0, 1))).error.code == "not_enrolled"  # type: ignore[union-attr]


def test_the_last_required_item_completes_the_course(learner: Api) -> None:
    for item in (LECTURE, READING, PRACTICE, PLAN):
        body = CompleteItem(item_id=ItemId(item), course_id=COURSE)
        assert learner.do(COMPLETE_ITEM, body).outcome == "applied"
    exam = CompleteItem(item_id=ItemId(EXAM), course_id=COURSE)
    assert learner.do(COMPLETE_ITEM, exam).error.code == "bad_request"  # type: ignore[union-attr]
    (enrollment,) = learner.bodies("enrollment", Enrollment).values()
    assert enrollment.state == "active"
    models.Progress.objects.create(
        user_id=learner.account, course_id=COURSE_ID, item_id=EXAM, completed_at=datetime.now(UTC)
    )
    again = CompleteItem(item_id=ItemId(TOOL), course_id=COURSE)
    assert learner.do(COMPLETE_ITEM, again).outcome == "applied"
    (enrollment,) = learner.bodies("enrollment", Enrollment).values()
    assert enrollment.state == "completed"
    assert enrollment.completed_at


def test_what_was_done_stays_with_its_items_when_the_course_changes(
    learner: Api, new_learner: Learner, tmp_path: Path
) -> None:
    """The folder is loaded again with a lecture that moved, another text for a reading, and a quiz that is gone."""
    learner.do(WATCH, watch((0, 400)))
    learner.do(OPEN_ITEM, OpenItem(item_id=ItemId(READING), course_id=COURSE))
    folder = write_program(tmp_path / "program")
    (folder / "courses/basics/readings/why.md").write_text("Since.\n")
    course = folder / "courses/basics/course.toml"
    text = course.read_text()
    first, rest = text.split('[[weeks]]\ntitle = "Second week"')
    head, lecture, reading, _quiz = first.split("[[weeks.modules.lessons.items]]")
    course.write_text(
        "[[weeks.modules.lessons.items]]".join([head, reading, lecture]) + '[[weeks]]\ntitle = "Two"' + rest
    )
    load_program(folder)
    assert {item.id for item in items_of(Course.objects.get().version_id or "").values()} == {
        LECTURE,
        READING,
        EXAM,
        PLAN,
        TOOL,
    }
    newer = new_learner("bo@example.org")
    newer.do(ENROLL, enroll_body())
    for api in (learner, newer):
        assert api.do(WATCH, watch((300, 600))).outcome == "applied"
    gone = OpenItem(item_id=ItemId(PRACTICE), course_id=COURSE)
    assert learner.do(OPEN_ITEM, gone).outcome == "applied", "the version that is studied here has it"
    assert progress(learner).watched == ((0, 600),)
    assert progress(learner, READING).opened_at
    assert progress(newer).watched == ((300, 600),)


def test_the_latest_position_wins_whatever_comes_last(learner: Api) -> None:
    now = datetime.now(UTC)
    learner.do(SET_POSITION, position(1500), at=now - timedelta(minutes=1))
    learner.at_another_computer().do(SET_POSITION, position(100), at=now - timedelta(minutes=5))
    (stored,) = learner.bodies("position", Position).values()
    assert stored.position_ms == 1500
    assert learner.do(SET_POSITION, position(-1)).error.code == "bad_request"  # type: ignore[union-attr]


def test_a_device_does_one_thing_after_another_whatever_its_clock_says(learner: Api) -> None:
    learner.do(SET_POSITION, position(1500))
    learner.do(SET_POSITION, position(100), at=datetime.now(UTC) - timedelta(days=365))
    (stored,) = learner.bodies("position", Position).values()
    assert stored.position_ms == 100, "its clock was set back, and it is where the learner went on"


def test_what_was_done_first_counts_whichever_device_comes_first(learner: Api) -> None:
    now = datetime.now(UTC)
    body = CompleteItem(item_id=ItemId(READING), course_id=COURSE)
    for minutes in (10, 30, 20):
        learner.at_another_computer().do(COMPLETE_ITEM, body, at=now - timedelta(minutes=minutes))
    found = progress(learner, READING)
    assert found.opened_at == found.completed_at == now - timedelta(minutes=30)


def test_a_clock_that_runs_a_year_ahead_does_not_win_for_ever(learner: Api, new_learner: Learner) -> None:
    wrong = datetime.now(UTC) + timedelta(days=365)
    learner.do(SET_POSITION, position(1), at=wrong)
    learner.do(SET_POSITION, position(2), at=datetime.now(UTC) + timedelta(seconds=1))
    (stored,) = learner.bodies("position", Position).values()
    assert stored.position_ms == 2


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        (ClockEvidence(made_at=NOW - timedelta(hours=1)), NOW - timedelta(hours=1)),
        (ClockEvidence(made_at=NOW + timedelta(days=365)), NOW),
        # the wall clock was turned back by a year; the monotonic distance knows better
        (
            ClockEvidence(
                made_at=NOW - timedelta(days=365), contact_at=NOW - timedelta(hours=2), since_contact_ms=3_600_000
            ),
            NOW - timedelta(hours=1),
        ),
        (
            ClockEvidence(made_at=NOW - timedelta(hours=3), contact_at=NOW - timedelta(hours=5)),
            NOW - timedelta(hours=3),
        ),
        (ClockEvidence(made_at=NOW, contact_at=NOW, since_contact_ms=10**15), NOW),
        (ClockEvidence(made_at=NOW, contact_at=NOW - timedelta(1), since_contact_ms=10**30), NOW),
        (ClockEvidence(made_at=NOW, contact_at=NOW - timedelta(1), since_contact_ms=-5), NOW),
    ],
)
def test_the_corrected_moment(clock: ClockEvidence, expected: datetime) -> None:
    assert corrected_moment(clock, NOW) == expected
