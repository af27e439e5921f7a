"""A new version of a course reaches those who are in it, with everything they did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from protocol.actions import (
    COMPLETE_ITEM,
    ENROLL,
    RESET_DEADLINES,
    SAVE_COURSE,
    SAVE_NOTE,
    SUBMIT_ATTEMPT,
    UNENROLL,
    CompleteItem,
    ResetDeadlines,
    SaveCourse,
    SaveNote,
    SubmitAttempt,
    Unenroll,
)
from protocol.ids import AttemptId, CourseId, EnrollmentId, ItemId, NoteId, Sha256
from protocol.learning import Attempt, Deadline, Enrollment, Grade, Note, Progress
from server.authoring.loading import load_program
from server.catalog.models import Course
from server.learning import models
from server.learning.moving import move_learners
from tests.server.api import Api
from tests.server.conftest import Learner, enroll_body
from tests.server.program_folder import COURSE_ID, EXAM, LECTURE, PLAN, PRACTICE, READING, write_program
from tests.server.test_attempting import RIGHT, WRONG, quiz_of, submit

Load = Callable[..., str]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Loads a version that differs by replacements; returns its hash."""
    made: list[Path] = []

    def make(*changes: tuple[str, str]) -> str:
        made.append(write_program(tmp_path / f"version-{len(made)}"))
        for before, after in changes:
            files = [made[-1] / "courses/basics" / name for name in ("course.toml", "quizzes/exam.toml")]
            (file,) = [file for file in files if before in file.read_text()]
            file.write_text(file.read_text().replace(before, after))
        load_program(made[-1])
        return Course.objects.get().version_id or ""

    return make


def enrollment(api: Api) -> Enrollment:
    (found,) = api.bodies("enrollment", Enrollment).values()
    return found


def done(api: Api, item: str) -> None:
    body = CompleteItem(item_id=ItemId(item), course_id=CourseId(COURSE_ID))
    assert api.do(COMPLETE_ITEM, body).outcome == "applied"


PRACTICE_ITEM = """[[weeks.modules.lessons.items]]
id = "check"
kind = "practice_quiz"
title = "Check yourself"
quiz = "quizzes/check.toml"
"""


def test_who_is_in_a_course_goes_on_in_the_new_version(learner: Api, load: Load) -> None:
    done(learner, READING)
    before = learner.bodies("deadline", Deadline)
    cursor = learner.page().cursor
    version = load(("due_day = 7", "due_day = 9"))
    assert enrollment(learner).version == version
    after = learner.bodies("deadline", Deadline)
    assert after[EXAM].due_at.astimezone(UTC) - before[EXAM].due_at in (timedelta(days=2), timedelta(days=2, hours=1))
    assert after[EXAM].zone == before[EXAM].zone == "Europe/Berlin"
    assert after[PLAN] == before[PLAN]
    told = {(change.kind, change.id) for change in learner.page(after=cursor).changes}
    assert told == {("enrollment", enrollment(learner).id), ("deadline", EXAM)}
    assert learner.bodies("progress", Progress)[READING].completed_at


def test_moving_again_changes_nothing(learner: Api, load: Load) -> None:
    load(("due_day = 7", "due_day = 9"))
    cursor = learner.page().cursor
    assert move_learners(Course.objects.get()) == 0
    assert learner.page(after=cursor).changes == ()


def test_who_completed_a_course_stays_on_what_was_completed(learner: Api, load: Load) -> None:
    for item in (LECTURE, READING, PRACTICE, PLAN):
        done(learner, item)
    submit(learner, EXAM, RIGHT)
    completed = enrollment(learner)
    assert completed.state == "completed"
    load(("due_day = 7", "due_day = 9"))
    assert enrollment(learner) == completed


def test_what_is_gone_is_not_due_and_not_in_the_way_of_being_done(learner: Api, load: Load) -> None:
    for item in (LECTURE, READING, PLAN):
        done(learner, item)
    submit(learner, EXAM, RIGHT)
    assert enrollment(learner).state == "active"
    load((PRACTICE_ITEM, ""))
    assert enrollment(learner).state == "completed"


def test_a_note_on_something_that_is_gone_keeps_its_title_and_can_be_edited(learner: Api, load: Load) -> None:
    def note(text: str) -> SaveNote:
        return SaveNote(
            note_id=NoteId("n1"), course_id=CourseId(COURSE_ID), item_id=ItemId(PRACTICE), text=text, base_revision=0
        )

    learner.do(SAVE_NOTE, note("first"))
    load((PRACTICE_ITEM, ""))
    assert learner.do(SAVE_NOTE, note("second")).outcome == "applied"
    (kept,) = learner.bodies("note", Note).values()
    assert (kept.text, kept.item_title) == ("second", "Check yourself")


def test_attempts_are_judged_by_the_version_they_were_taken_in(learner: Api, load: Load) -> None:
    old = quiz_of(learner, EXAM)
    for answers in (WRONG, WRONG):
        assert submit(learner, EXAM, answers).outcome == "applied"
    load(("What is the word?", "Which word?"), ("secret-word", "other-word"))
    new = quiz_of(learner, EXAM)
    assert new != old
    refused = submit(learner, EXAM, RIGHT)
    assert refused.error
    assert refused.error.code == "attempts_exhausted"
    assert {attempt.quiz for attempt in learner.bodies("attempt", Attempt).values()} == {old}


def test_an_attempt_that_was_still_allowed_where_it_was_taken_counts(learner: Api, load: Load) -> None:
    old = quiz_of(learner, EXAM)
    submit(learner, EXAM, WRONG)
    load(("max_attempts = 2", "max_attempts = 1"), ("What is the word?", "Which word?"))
    taken = learner.action(
        SUBMIT_ATTEMPT,
        SubmitAttempt(
            attempt_id=AttemptId("taken-offline"),
            item_id=ItemId(EXAM),
            course_id=CourseId(COURSE_ID),
            quiz=Sha256(old),
            answers=RIGHT,
            started_at=datetime.now(UTC),
        ),
    )
    assert learner.act(taken)[0].outcome == "applied"
    assert learner.bodies("attempt", Attempt)["taken-offline"].quiz == old
    assert learner.bodies("grade", Grade)[EXAM].percent == 100.0


def test_enrolling_again_in_what_is_all_done_completes_it(learner: Api) -> None:
    for item in (LECTURE, READING, PRACTICE, PLAN):
        done(learner, item)
    exam = quiz_of(learner, EXAM)
    learner.do(UNENROLL, Unenroll(enrollment_id=enrollment(learner).id))
    assert submit(learner, EXAM, RIGHT, quiz=exam).outcome == "applied"
    learner.do(ENROLL, enroll_body("again"))
    assert learner.bodies("enrollment", Enrollment)["again"].state == "completed"


def test_a_second_devices_enrollment_is_the_first_ones(learner: Api, new_learner: Learner) -> None:
    """It enrolled offline too and goes on with its own id, which the server has never kept."""
    kept = enrollment(learner)
    other = learner.at_another_computer()
    own = EnrollmentId("made-offline")
    body = ResetDeadlines(enrollment_id=own, course_id=CourseId(COURSE_ID), zone="Asia/Tokyo")
    results = other.act(other.action(ENROLL, enroll_body(own)), other.action(RESET_DEADLINES, body))
    assert [result.outcome for result in results] == ["applied", "applied"]
    assert learner.bodies("deadline", Deadline)[EXAM].zone == "Asia/Tokyo"
    assert other.do(UNENROLL, Unenroll(enrollment_id=own, course_id=CourseId(COURSE_ID))).outcome == "applied"
    assert (enrollment(learner).id, enrollment(learner).state) == (kept.id, "unenrolled")
    stranger = new_learner("bo@example.org")
    assert stranger.do(RESET_DEADLINES, body).error, "a course does not stand in for an enrollment of nobody's"


def test_of_two_resets_the_later_one_counts_whichever_comes_first(learner: Api) -> None:
    now = datetime.now(UTC)
    body = ResetDeadlines(enrollment_id=enrollment(learner).id, zone="Europe/Berlin")
    learner.at_another_computer().do(RESET_DEADLINES, body, at=now)
    start = enrollment(learner).session_starts_at
    learner.at_another_computer().do(RESET_DEADLINES, body, at=now - timedelta(days=3))
    assert enrollment(learner).session_starts_at == start


@pytest.mark.parametrize("last", [True, False])
def test_of_two_decisions_to_keep_a_course_the_later_one_counts(member: Api, last: bool) -> None:
    now, course = datetime.now(UTC), CourseId(COURSE_ID)
    for minutes, saved in ((1, last), (5, not last)):
        body = SaveCourse(course_id=course, saved=saved)
        member.at_another_computer().do(SAVE_COURSE, body, at=now - timedelta(minutes=minutes))
    assert bool(member.bodies("saved_course", object)) is last


def test_whoever_was_left_behind_is_moved_at_night(
    learner: Api, load: Load, capsys: pytest.CaptureFixture[str]
) -> None:
    old = enrollment(learner).version
    version = load(("due_day = 7", "due_day = 9"))
    models.Enrollment.objects.update(version_id=old)
    call_command("move_learners")
    assert "1 learners moved" in capsys.readouterr().out
    models.Enrollment.objects.get(version_id=version)
    assert enrollment(learner).version == version
