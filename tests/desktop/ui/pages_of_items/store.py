"""A learner's store for page tests: holds views, remembers what was asked of it. Called in the store's lane."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from desktop.errors import Problem
from desktop.models.views import (
    AttemptView,
    DownloadsView,
    ItemPlace,
    LectureView,
    NoteView,
    OutboxEntry,
    OutlineView,
    QuizView,
    ReadingView,
)
from desktop.services.course_state import not_found
from protocol.grading import grade
from protocol.quizzes import Answer
from tests.desktop.ui.pages_of_items.course_views import (
    LESSON,
    NOW,
    QUIZ,
    note,
    place,
)


class Answering:
    """A subject of the store: looks up and writes in the store's dictionaries."""

    def __init__(self, store: FakeStore) -> None:
        self.store = store


class Courses(Answering):
    def outline(self, course_id: str) -> OutlineView:
        self.store.called("outline", course_id)
        return OutlineView(course_id, "e1", "SQL: asking tables questions", "Open School", ready=True)

    def place(self, item_id: str) -> ItemPlace:
        self.store.called("place", item_id)
        if item_id not in self.store.places:
            raise not_found()
        return self.store.places[item_id]


class Lectures(Answering):
    def view(self, item_id: str) -> LectureView:
        self.store.called("lecture", item_id)
        return self.store.lectures_by_id[item_id]

    def opened(self, item_id: str) -> None:
        self.store.called("opened", item_id)

    def watched(self, item_id: str, intervals: Any) -> None:
        self.store.called("watched", item_id, tuple(intervals))

    def set_position(self, item_id: str, ms: int) -> None:
        self.store.called("set_position", item_id, ms)

    def complete(self, item_id: str) -> None:
        self.store.called("complete", item_id)
        before = self.store.places[item_id]
        self.store.places[item_id] = replace(before, item=replace(before.item, state="done"))


class Readings(Answering):
    def view(self, item_id: str) -> ReadingView:
        return replace(self.store.readings_by_id[item_id], place=self.store.places[item_id])


class Notes(Answering):
    def save(
        self,
        item_id: str,
        text: str,
        at_ms: int | None = None,
        label: str = "",
        quote: str = "",
        note_id: str | None = None,
    ) -> NoteView:
        self.store.called("save_note", item_id, text, at_ms, label, quote, note_id)
        saved = note(note_id or f"n{len(self.store.calls)}", at_ms, text, label=label, quote=quote, item_id=item_id)
        self.store.notes_by_id[saved.id] = saved
        self.store.drafts.pop(item_id, None)
        return saved

    def delete(self, note_id: str) -> None:
        self.store.called("delete_note", note_id)
        del self.store.notes_by_id[note_id]

    def of_item(self, item_id: str) -> tuple[NoteView, ...]:
        found = (entry for entry in self.store.notes_by_id.values() if entry.item_id == item_id)
        return tuple(sorted(found, key=lambda entry: entry.at_ms or 0))

    def all(self, query: str = "") -> tuple[NoteView, ...]:
        return tuple(entry for entry in self.store.notes_by_id.values() if query.casefold() in entry.text.casefold())

    def save_draft(
        self,
        item_id: str,
        text: str,
        at_ms: int | None,
        label: str = "",
        quote: str = "",
        note_id: str | None = None,
    ) -> None:
        self.store.called("save_note_draft", item_id, text)
        self.store.drafts[item_id] = note(note_id or "", at_ms, text, label=label, quote=quote, item_id=item_id)

    def draft(self, item_id: str) -> NoteView | None:
        return self.store.drafts.get(item_id)

    def discard_draft(self, item_id: str) -> None:
        self.store.called("discard_draft", item_id)
        self.store.drafts.pop(item_id, None)


class Quizzes(Answering):
    def view(self, item_id: str) -> QuizView:
        return self.store.quizzes_by_id[item_id]

    def save_draft(self, item_id: str, answers: tuple[Answer, ...], started_at: datetime) -> None:
        self.store.called("save_quiz_draft", item_id, answers)
        self.store.quizzes_by_id[item_id] = replace(
            self.store.quizzes_by_id[item_id], draft=answers, draft_started_at=started_at
        )

    def submit(self, item_id: str, answers: tuple[Answer, ...], started_at: datetime) -> AttemptView:
        self.store.called("submit", item_id, answers)
        if self.store.submit_problem is not None:
            raise self.store.submit_problem
        view = self.store.quizzes_by_id[item_id]
        result = None if view.graded else grade(QUIZ, answers)
        attempt = AttemptView(f"a{len(view.attempts)}", NOW, result, view.graded, answers)
        self.store.quizzes_by_id[item_id] = replace(
            view,
            draft=(),
            draft_started_at=None,
            attempts=(attempt, *view.attempts),
            best_percent=result.percent if result else view.best_percent,
            attempts_left=None if view.attempts_left is None else view.attempts_left - 1,
        )
        return attempt


class Outbox(Answering):
    def entries(self) -> tuple[OutboxEntry, ...]:
        return self.store.entries

    def undo(self, action_id: str) -> None:
        self.store.called("undo", action_id)
        self.store.entries = tuple(entry for entry in self.store.entries if entry.id != action_id)

    def retry(self, action_id: str) -> None:
        self.store.called("retry", action_id)


class Downloads(Answering):
    def view(self) -> DownloadsView:
        return self.store.downloads_view

    def pause(self, download_id: str) -> None:
        self.store.called("pause", download_id)

    def resume(self, download_id: str) -> None:
        self.store.called("resume", download_id)

    def cancel(self, download_id: str) -> None:
        self.store.called("cancel", download_id)

    def queue_item(self, item_id: str) -> None:
        self.store.called("queue_item", item_id)

    def remove_course(self, course_id: str) -> None:
        self.store.called("remove_course", course_id)


@dataclass
class FakeStore:
    """What ``Services`` offers to the pages of items."""

    places: dict[str, ItemPlace] = field(
        default_factory=lambda: {found.item_id: place(found.item_id.removeprefix("sql/")) for found in LESSON}
    )
    lectures_by_id: dict[str, LectureView] = field(default_factory=dict)
    readings_by_id: dict[str, ReadingView] = field(default_factory=dict)
    quizzes_by_id: dict[str, QuizView] = field(default_factory=dict)
    notes_by_id: dict[str, NoteView] = field(default_factory=dict)
    drafts: dict[str, NoteView] = field(default_factory=dict)
    entries: tuple[OutboxEntry, ...] = ()
    downloads_view: DownloadsView = field(default_factory=lambda: DownloadsView((), (), 0, 8_000_000_000))
    submit_problem: Problem | None = None
    calls: list[tuple[Any, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.courses = Courses(self)
        self.lectures = Lectures(self)
        self.readings = Readings(self)
        self.notes = Notes(self)
        self.quizzes = Quizzes(self)
        self.outbox = Outbox(self)
        self.downloads = Downloads(self)

    def called(self, *call: Any) -> None:
        """Remember a call."""
        self.calls.append(call)

    def calls_of(self, name: str) -> list[tuple[Any, ...]]:
        """The arguments of the calls of a name."""
        return [call[1:] for call in self.calls if call[0] == name]
