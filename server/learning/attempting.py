"""Attempts at quizzes: always judged here, from the keys of the very document that was answered."""

from __future__ import annotations

from hashlib import sha256

import msgspec

from protocol import errors
from protocol.actions import SubmitAttempt
from protocol.grading import NotGradableError, grade
from protocol.learning import ATTEMPT, GRADE
from protocol.manifest import GRADED_QUIZ, PRACTICE_QUIZ, Item
from protocol.quizzes import Quiz, QuizResult
from protocol.wire import decode
from server.catalog.models import KeyedQuiz
from server.learning.acting import Acting, check_client_id, item_as_taken, item_in_course, latest_enrollment
from server.learning.models import Attempt, Grade
from server.learning.moments import storable
from server.learning.studying import finish_item
from server.learning.wire import attempt_to_wire, grade_to_wire
from server.refusals import RefusedError, bad_request, not_found


def submit_attempt(acting: Acting, body: SubmitAttempt) -> None:
    """Append an attempt with its result; of a graded quiz the best one counts.

    An attempt stays with the version in which it was taken: by that version's quiz, kind and limit it is judged, even
    when the course has moved on while the learner was offline.
    """
    enrollment = latest_enrollment(acting, body.course_id)
    item = item_as_taken(enrollment, body.item_id, body.quiz)
    if item.quiz is None or item.kind not in (PRACTICE_QUIZ, GRADED_QUIZ):
        raise bad_request("only a quiz can be attempted")
    if body.started_at.tzinfo is None:
        raise bad_request("the start of an attempt needs a zone")
    public_id = check_client_id(body.attempt_id)
    before = list(Attempt.objects.filter(user=acting.user, item_id=item.id, graded=True))
    if Attempt.objects.filter(user=acting.user, public_id=public_id).exists():
        return
    graded = item.kind == GRADED_QUIZ
    if graded and item.quiz.max_attempts and len(before) >= item.quiz.max_attempts:
        raise RefusedError(
            errors.ATTEMPTS_EXHAUSTED,
            f"All {item.quiz.max_attempts} attempts at this quiz were used.",
            "The best of them counts. Ask your instructor if something went wrong.",
            status=403,
        )
    result = _judge(body, graded=graded)
    last = graded and item.quiz.max_attempts == len(before) + 1
    shown = _without_solutions(result) if graded and result and not last else result
    row = Attempt.objects.create(
        user=acting.user,
        public_id=public_id,
        course_id=body.course_id,
        item_id=item.id,
        quiz=body.quiz,
        answers=msgspec.to_builtins(body.answers),
        started_at=min(storable(body.started_at), acting.happened_at),
        submitted_at=acting.happened_at,
        graded=graded,
        percent=result.percent if result else None,
        passed=bool(result and result.passed),
        result=None if shown is None else msgspec.to_builtins(shown),
    )
    acting.feed.put(ATTEMPT, row.public_id, attempt_to_wire(row))
    if graded:
        _keep_best(acting, item, [*before, row])
    if row.passed if graded else item_in_course(enrollment, item.id).kind != GRADED_QUIZ:
        finish_item(acting, enrollment, item)


def _judge(body: SubmitAttempt, *, graded: bool) -> QuizResult | None:
    keyed = KeyedQuiz.objects.filter(course_id=body.course_id, item_id=body.item_id, public_sha256=body.quiz).first()
    if keyed is None:
        raise not_found()
    if graded and sha256(bytes(keyed.document)).hexdigest() == body.quiz:
        raise not_found()  # from when it was for practice: that document holds its keys
    try:
        return grade(decode(bytes(keyed.document), Quiz), body.answers)
    except NotGradableError:
        return None


def _without_solutions(result: QuizResult) -> QuizResult:
    """While another try is left, the right answers would give it away; the author's feedback stays."""
    questions = tuple(
        msgspec.structs.replace(question, right_choices=(), right_text="") for question in result.questions
    )
    return msgspec.structs.replace(result, questions=questions)


def _keep_best(acting: Acting, item: Item, attempts: list[Attempt]) -> None:
    percents = [attempt.percent for attempt in attempts if attempt.percent is not None]
    if not percents:
        return
    row, _ = Grade.objects.update_or_create(
        user=acting.user,
        item_id=item.id,
        defaults={
            "course_id": attempts[-1].course_id,
            "percent": max(percents),
            "passed": any(attempt.passed for attempt in attempts),
            "attempts": len(attempts),
            "graded_at": acting.now,
        },
    )
    acting.feed.put(GRADE, item.id, grade_to_wire(row))
