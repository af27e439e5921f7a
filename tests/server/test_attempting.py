"""Quizzes: judged by the server, from keys that never leave it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from protocol.actions import SUBMIT_ATTEMPT, ActionResult, SubmitAttempt
from protocol.feeds import AddressAnswer, AddressRequest
from protocol.ids import AttemptId, CourseId, ItemId, Sha256, new_uuid7
from protocol.learning import Attempt, Enrollment, Grade, Progress
from protocol.manifest import CourseManifest
from protocol.quizzes import Answer, Quiz
from protocol.wire import decode
from server.authoring.loading import load_program
from server.catalog.blobs import blob_path
from server.catalog.models import Blob, Course, KeyedQuiz
from tests.server.api import Api, body_of
from tests.server.program_folder import COURSE_ID, EXAM, LECTURE, PRACTICE, write_program

pytestmark = pytest.mark.postgres

RIGHT = (Answer(question_id="q1", choices=("a", "b")), Answer(question_id="q2", text=" SECRET-word "))
HALF = (Answer(question_id="q1", choices=("a",)), Answer(question_id="q2", text="secret-word"))
WRONG = (Answer(question_id="q1", choices=("a",)),)


def manifest(api: Api) -> CourseManifest:
    (enrollment,) = api.bodies("enrollment", Enrollment).values()
    return decode(body_of(api.send("GET", f"/v1/manifests/{enrollment.version}")), CourseManifest)


def quiz_of(api: Api, item: str) -> Sha256:
    reference = next(one.quiz for one in manifest(api).items() if one.id == item)
    assert reference
    return reference.asset


def submit(api: Api, item: str, answers: tuple[Answer, ...], quiz: str = "", attempt: str = "") -> ActionResult:
    body = SubmitAttempt(
        attempt_id=AttemptId(attempt or new_uuid7()),
        item_id=ItemId(item),
        course_id=CourseId(COURSE_ID),
        quiz=Sha256(quiz or quiz_of(api, item)),
        answers=answers,
        started_at=datetime.now(UTC),
    )
    return api.do(SUBMIT_ATTEMPT, body)


def attempts(api: Api) -> list[Attempt]:
    return list(api.bodies("attempt", Attempt).values())


def test_a_practice_quiz_is_judged_and_done(learner: Api) -> None:
    answers = (Answer(question_id="q1", choices=("b",)), Answer(question_id="q2", text="1,55"))
    assert submit(learner, PRACTICE, answers).outcome == "applied"
    (attempt,) = attempts(learner)
    assert attempt.result
    assert (attempt.result.percent, attempt.result.passed) == (50.0, True)
    assert attempt.result.questions[0].right_choices == ("a",)
    assert "Look again" in attempt.result.questions[0].feedback
    assert learner.bodies("progress", Progress)[PRACTICE].completed_at
    assert learner.bodies("grade", Grade) == {}


def test_the_best_attempt_at_a_graded_quiz_counts(learner: Api) -> None:
    submit(learner, EXAM, WRONG)
    grade = learner.bodies("grade", Grade)[EXAM]
    assert (grade.percent, grade.passed, grade.attempts) == (0.0, False, 1)
    assert EXAM not in learner.bodies("progress", Progress)
    submit(learner, EXAM, RIGHT)
    grade = learner.bodies("grade", Grade)[EXAM]
    assert (grade.percent, grade.passed, grade.attempts) == (100.0, True, 2)
    assert learner.bodies("progress", Progress)[EXAM].completed_at


def test_the_attempts_are_counted(learner: Api) -> None:
    submit(learner, EXAM, RIGHT)
    submit(learner, EXAM, HALF)
    refused = submit(learner, EXAM, RIGHT)
    assert refused.error
    assert refused.error.code == "attempts_exhausted"
    assert "2" in refused.error.text
    assert learner.bodies("grade", Grade)[EXAM].percent == 100.0
    assert len(attempts(learner)) == 2


def test_solutions_are_shown_only_when_no_try_is_left(learner: Api) -> None:
    submit(learner, EXAM, WRONG, attempt="one")
    shown = {attempt.id: attempt for attempt in attempts(learner)}[AttemptId("one")].result
    assert shown
    assert all(not question.right_choices and not question.right_text for question in shown.questions)
    submit(learner, EXAM, WRONG, attempt="two")
    shown = {attempt.id: attempt for attempt in attempts(learner)}[AttemptId("two")].result
    assert shown
    assert shown.questions[1].right_text == "secret-word"


def test_the_keys_of_graded_quizzes_are_in_nothing_a_learner_can_fetch(learner: Api, media_folder: Path) -> None:
    blobs = [path.read_bytes() for path in media_folder.rglob("*") if path.is_file()]
    assert len(blobs) == Blob.objects.count()
    assert not any(b"secret-word" in blob or b"secret-feedback" in blob for blob in blobs)
    version = Course.objects.get().version_id
    paths = [
        "feeds/learner",
        "feeds/program:evening-school",
        f"courses/{COURSE_ID}/description",
        f"manifests/{version}",
    ]
    for path in [*paths, "me", "server"]:
        body = body_of(learner.send("GET", f"/v1/{path}"))
        assert b"secret" not in body, path
        assert b'"key"' not in body, path
    wanted = AddressRequest(blobs=(quiz_of(learner, EXAM),))
    (address,) = learner.post("/v1/courses/basics/addresses", wanted, AddressAnswer).addresses
    public = decode(body_of(Api().send("GET", address.url)), Quiz)
    assert all(question.key is None for question in public.questions)
    assert "key" not in json.loads(body_of(Api().send("GET", address.url)))["questions"][0]
    practice = AddressRequest(blobs=(quiz_of(learner, PRACTICE),))
    (address,) = learner.post("/v1/courses/basics/addresses", practice, AddressAnswer).addresses
    assert all(question.key for question in decode(body_of(Api().send("GET", address.url)), Quiz).questions)


def test_the_version_that_was_answered_is_the_one_that_is_judged(learner: Api, tmp_path: Path) -> None:
    old = quiz_of(learner, EXAM)
    folder = write_program(tmp_path / "program")
    exam = folder / "courses/basics/quizzes/exam.toml"
    exam.write_text(exam.read_text().replace("What is the word?", "Another question?").replace("secret-word", "other"))
    load_program(folder)
    submit(learner, EXAM, RIGHT, quiz=old)
    assert learner.bodies("grade", Grade)[EXAM].percent == 100.0


def test_a_corrected_key_counts_from_then_on_without_a_new_version(learner: Api, tmp_path: Path) -> None:
    before = quiz_of(learner, EXAM)
    folder = write_program(tmp_path / "program")
    exam = folder / "courses/basics/quizzes/exam.toml"
    exam.write_text(exam.read_text().replace('["secret-word"]', '["secret-word", "synonym"]'))
    load_program(folder)
    assert quiz_of(learner, EXAM) == before
    submit(learner, EXAM, (RIGHT[0], Answer(question_id="q2", text="synonym")))
    assert learner.bodies("grade", Grade)[EXAM].percent == 100.0


def test_a_document_with_keys_is_no_answer_sheet_for_an_exam(learner: Api, tmp_path: Path) -> None:
    """A quiz that was for practice and is graded now: who kept its keys from then can't be graded by them."""
    folder = write_program(tmp_path / "program")
    course = folder / "courses/basics/course.toml"
    graded = course.read_text()
    exam = graded[graded.index('id = "exam"') : graded.index('id = "plan"')]
    practice = 'id = "exam"\nkind = "practice_quiz"\ntitle = "T"\nquiz = "quizzes/exam.toml"\n\n'
    practice += "[[weeks.modules.lessons.items]]\n"
    course.write_text(graded.replace(exam, practice).replace("weight = 40", "weight = 100"))
    load_program(folder)
    shown = KeyedQuiz.objects.filter(item_id=EXAM).values_list("public_sha256", flat=True)
    (with_keys,) = (public for public in shown if b"secret-word" in blob_path(public).read_bytes())
    load_program(write_program(tmp_path / "graded again"))
    assert submit(learner, EXAM, RIGHT, quiz=with_keys).outcome == "applied"
    (attempt,) = attempts(learner)
    assert attempt.result
    assert attempt.result.passed, "kept as what it was: practice"
    assert learner.bodies("grade", Grade) == {}
    assert EXAM not in learner.bodies("progress", Progress)


def test_what_can_not_be_attempted(learner: Api) -> None:
    for item, quiz, expected in ((EXAM, "0" * 64, "not_found"), (LECTURE, "0" * 64, "bad_request")):
        error = submit(learner, item, RIGHT, quiz=quiz).error
        assert error
        assert error.code == expected
    assert attempts(learner) == []


def test_an_attempt_is_appended_once(learner: Api) -> None:
    submit(learner, EXAM, RIGHT, attempt="same")
    submit(learner, EXAM, WRONG, attempt="same")
    (attempt,) = attempts(learner)
    assert attempt.answers == RIGHT or attempt.answers[0] == RIGHT[0]
    assert learner.bodies("grade", Grade)[EXAM].attempts == 1
