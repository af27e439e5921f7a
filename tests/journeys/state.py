"""What the learner's store holds, to be compared between starts, installations and the server."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from desktop.app import Haversack
from tests.journeys.driver import Driver

if TYPE_CHECKING:
    from desktop.services.services import Services

T = TypeVar("T")


def ask(program: Haversack, question: Callable[[Services], T]) -> T:
    """Ask the learner's store, as a page would."""
    answers: list[T] = []
    program.desk.ask(program, question, answers.append)
    Driver(program.window).wait(lambda: bool(answers), "the store to answer")
    return answers[0]


def learner_state(program: Haversack, course_id: str) -> dict[str, Any]:
    """What the learner made and has in a course, as JSON can hold it."""

    def read(services: Services) -> dict[str, Any]:
        outline = services.courses.outline(course_id)
        modules = [module for week in outline.weeks for module in week.modules]
        items = [row for module in modules for lesson in module.lessons for row in lesson.items]
        attempts = {
            row.item_id: [
                [attempt.id, None if attempt.result is None else attempt.result.percent]
                for attempt in services.quizzes.view(row.item_id).attempts
            ]
            for row in items
            if row.kind.endswith("_quiz")
        }
        notes = sorted((note.id, note.item_id, note.at_ms, note.text) for note in services.notes.all())
        lectures = {row.item_id: services.lectures.view(row.item_id) for row in items if row.kind == "video"}
        step = outline.next_step
        return {
            "percent": outline.percent,
            "states": {row.item_id: row.state for row in items},
            "attempts": attempts,
            "notes": [list(note) for note in notes],
            "positions": {item_id: view.resume_ms for item_id, view in lectures.items() if view.resume_ms},
            "next": [step.item_id, step.resume_ms] if step else None,
        }

    return ask(program, read)


def media_here(program: Haversack, item_id: str) -> bool:
    """Whether a lecture's file is on this computer."""
    return ask(program, lambda services: services.lectures.view(item_id).media is not None)


def waiting(program: Haversack) -> list[list[str]]:
    """Ids of the actions that are not sent yet, each with the kind that its entry shows; the oldest entry first."""

    def read(services: Services) -> list[list[str]]:
        found = [entry for entry in services.outbox.entries() if entry.state in ("waiting", "sending")]
        oldest_first = sorted(found, key=lambda entry: entry.made_at)
        return [[action, entry.kind] for entry in oldest_first for action in entry.actions]

    return ask(program, read)
