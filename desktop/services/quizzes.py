"""Quizzes: drafts at every change, practice judged here and now, graded ones sent and judged by the server."""

from __future__ import annotations

from datetime import datetime

from msgspec import structs
from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from desktop.errors import Problem, mark
from desktop.models import state
from desktop.models.learning import grades
from desktop.models.outbox import REFUSED, enqueue, pending
from desktop.models.store import Store
from desktop.models.views import AttemptView, QuizView
from desktop.models.work import drafts, outbox, practice_results
from desktop.services.course_state import course_of_item, item_versions, not_found, not_here
from desktop.services.courses import place_of
from desktop.services.readings import clean_html, picture_files, read_blob
from protocol.actions import SUBMIT_ATTEMPT, SubmitAttempt
from protocol.grading import NotGradableError, grade
from protocol.ids import AttemptId, new_uuid7
from protocol.learning import Attempt
from protocol.manifest import GRADED_QUIZ, CourseManifest, Item
from protocol.quizzes import Answer, Quiz, QuizResult, without_keys
from protocol.wire import WireError, decode


class Quizzes:
    """Practice and graded quizzes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def view(self, item_id: str) -> QuizView:
        """A quiz to take, without its keys; ``quiz`` is None until it is on this computer. While the one of a new
        version is not here, that of an earlier one is.

        Raises:
            Problem: ``not_found``, ``not_enrolled``.
        """
        with self._store.read() as connection:
            place = place_of(self._store, connection, item_id)
            versions = self._versions(connection, item_id)
            read = ((item, self._document(item)) for item, _ in versions)
            item, document = next(((item, found) for item, found in read if found), (versions[0][0], None))
            assert item.quiz is not None
            draft = connection.execute(select(drafts).where(drafts.c.item_id == item_id)).first()
            attempts = _attempt_views(connection, item_id)
            best = connection.execute(select(grades.c.percent).where(grades.c.item_id == item_id)).scalar()
            percents = [attempt.result.percent for attempt in attempts if attempt.result]
            used = sum(not attempt.refused for attempt in attempts)
            limit = item.quiz.max_attempts
            return QuizView(
                place=place,
                quiz=_shown(document) if document else None,
                graded=item.kind == GRADED_QUIZ,
                draft=draft.answers if draft else (),
                draft_started_at=draft.started_at if draft else None,
                attempts=attempts,
                best_percent=max([*percents, best], default=None) if best is not None else max(percents, default=None),
                attempts_left=max(0, limit - used) if limit else None,
                pictures=picture_files(
                    self._store, item.quiz.pictures, state.ready_blobs(connection, item.quiz.pictures)
                ),
                document=item.quiz.asset,
            )

    def save_draft(self, item_id: str, answers: tuple[Answer, ...], started_at: datetime) -> None:
        """Keep what was answered so far; on the disk when this returns."""
        values = {"answers": answers, "started_at": started_at, "saved_at": self._store.clock.now()}
        with self._store.write(set(), durable=True) as connection:
            statement = upsert(drafts).values(item_id=item_id, **values)
            connection.execute(statement.on_conflict_do_update(index_elements=["item_id"], set_=values))

    def submit(
        self, item_id: str, answers: tuple[Answer, ...], started_at: datetime, document: str = ""
    ) -> AttemptView:
        """Hand in. Practice is judged at once; of a graded quiz the result is None until the server has judged it.

        ``document``: as in ``QuizView``, of the quiz that was on the screen. A version of the course that came
        meanwhile is not the one that was answered. Without it: that of the learner's version.

        Raises:
            Problem: ``not_here``, ``attempts_exhausted``, ``quiz_unknown`` (it needs a newer version), ``not_found``.
        """
        with self._store.write({"attempts", "progress", "outbox"}, durable=True) as connection:
            item, manifest = self._as_taken(connection, item_id, document)
            assert item.quiz is not None
            quiz = self._document(item)
            if quiz is None:
                raise not_here()
            attempts = _attempt_views(connection, item_id)
            if item.quiz.max_attempts and sum(not found.refused for found in attempts) >= item.quiz.max_attempts:
                raise _exhausted()
            attempt_id = AttemptId(new_uuid7())
            if item.kind != GRADED_QUIZ:
                result = _judge(quiz, answers)
                values = {"attempt_id": attempt_id, "item_id": item_id, "result": result}
                connection.execute(insert(practice_results).values(**values))
            body = SubmitAttempt(
                attempt_id=attempt_id,
                item_id=item.id,
                course_id=manifest.course_id,
                quiz=item.quiz.asset,
                answers=answers,
                started_at=started_at,
            )
            course_id = course_of_item(connection, item_id)
            subject = f"attempt:{item_id}"
            enqueue(connection, self._store, SUBMIT_ATTEMPT, subject, body, course_id=course_id, item_id=item_id)
            connection.execute(delete(drafts).where(drafts.c.item_id == item_id))
            return next(found for found in _attempt_views(connection, item_id) if found.id == attempt_id)

    def _as_taken(self, connection: Connection, item_id: str, document: str) -> tuple[Item, CourseManifest]:
        """The item in the version in which ``document`` is its quiz, else in the learner's."""
        found = self._versions(connection, item_id)
        return next((pair for pair in found if pair[0].quiz and pair[0].quiz.asset == document), found[0])

    def _versions(self, connection: Connection, item_id: str) -> list[tuple[Item, CourseManifest]]:
        """The quiz as the learner's version has it, then as others have it.

        Raises:
            Problem: ``not_found``: in the learner's version it is no quiz.
        """
        found = list(item_versions(self._store, connection, item_id))
        if not found or found[0][0].quiz is None:
            raise not_found()
        return [(item, manifest) for item, manifest in found if item.quiz is not None]

    def _document(self, item: Item) -> Quiz | None:
        data = read_blob(self._store, item.quiz.asset) if item.quiz else None
        if data is None:
            return None
        try:
            return decode(data, Quiz)
        except WireError as error:
            raise Problem(
                "quiz_unknown",
                mark("This quiz needs a newer version of Haversack."),
                mark("Update Haversack and open it again."),
                detail=str(error),
            ) from error


def _shown(quiz: Quiz) -> Quiz:
    bare = without_keys(quiz)
    questions = tuple(
        structs.replace(
            question,
            html=clean_html(question.html),
            options=tuple(structs.replace(option, html=clean_html(option.html)) for option in question.options),
        )
        for question in bare.questions
    )
    return structs.replace(bare, instructions_html=clean_html(bare.instructions_html), questions=questions)


def _judge(quiz: Quiz, answers: tuple[Answer, ...]) -> QuizResult:
    try:
        return grade(quiz, answers)
    except NotGradableError as error:
        raise Problem(
            "quiz_unknown",
            mark("This quiz has questions that need a newer version of Haversack."),
            mark("Update Haversack; your answers are kept."),
            detail=str(error),
        ) from error


def _exhausted() -> Problem:
    return Problem("attempts_exhausted", mark("All attempts at this quiz were used."), mark("The best of them counts."))


def _attempt_views(connection: Connection, item_id: str) -> tuple[AttemptView, ...]:
    """Newest first; refused ones among them, with the reason."""
    actions = pending(connection, (SUBMIT_ATTEMPT,), item_id=item_id)
    found = state.attempts_of(connection, actions, item_id=item_id)
    views = [_view(attempt, waits=waits) for attempt, waits in found.values()]
    rows = connection.execute(
        select(outbox.c.body, outbox.c.made_at, outbox.c.error_text, outbox.c.error_way_out)
        .where(outbox.c.item_id == item_id, outbox.c.state == REFUSED)
        .where(outbox.c.kind == SUBMIT_ATTEMPT)
    )
    judged = state.practice_of(connection, item_id)
    for row in rows:
        body = decode(bytes(row.body), SubmitAttempt)
        reason = f"{row.error_text} {row.error_way_out}".strip()
        views.append(
            AttemptView(
                body.attempt_id,
                row.made_at,
                judged.get(body.attempt_id),
                pending=False,
                answers=body.answers,
                refused=reason,
            )
        )
    return tuple(sorted(views, key=lambda view: (view.submitted_at, view.id), reverse=True))


def _view(attempt: Attempt, *, waits: bool) -> AttemptView:
    return AttemptView(attempt.id, attempt.submitted_at, attempt.result, waits, attempt.answers)
