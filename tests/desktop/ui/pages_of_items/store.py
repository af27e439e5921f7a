"""A learner's store for page tests: holds views, remembers what was asked of it. Called in the store's lane."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from desktop.errors import Problem
from desktop.models.storage_views import StorageView
from desktop.models.views import (
    AttemptView,
    DownloadsView,
    DownloadView,
    ItemPlace,
    ItemRow,
    LectureView,
    NoteView,
    OutboxEntry,
    OutlineView,
    QuizView,
    ReadingView,
    TrackView,
)
from desktop.services.course_state import not_found
from protocol.grading import grade
from protocol.quizzes import Answer, Key, Option, Question, Quiz, without_keys

NOW = datetime(2026, 3, 2, 12, 4, tzinfo=UTC)


def item(slug: str, kind: str, title: str, minutes: int = 5, **more: Any) -> ItemRow:
    """An item of the course ``sql``."""
    return ItemRow(item_id=f"sql/{slug}", course_id="sql", kind=kind, title=title, minutes=minutes, **more)


LESSON = (
    item("welcome", "video", "Welcome to the course", 2, state="done"),
    item("joins", "video", "Joining two tables", 7, state="started"),
    item("why", "reading", "Why a key joins tables", 5),
    item("check", "practice_quiz", "Check yourself: joins", 6),
    item("test", "graded_quiz", "Week test", 12, weight=25.0),
    item("plan", "assignment", "Plan your own database", 40),
    item("lab", "hologram", "A kind from the future", 10, known=False),
)


def place(slug: str) -> ItemPlace:
    """Where an item of the lesson stands."""
    number = next(n for n, found in enumerate(LESSON) if found.item_id == f"sql/{slug}")
    return ItemPlace(
        item=LESSON[number],
        course_id="sql",
        course_title="SQL: asking tables questions",
        week_number=2,
        lesson_title="Joins",
        lesson_items=LESSON,
        previous_item=LESSON[number - 1] if number else None,
        next_item=LESSON[number + 1] if number + 1 < len(LESSON) else None,
    )


QUIZ = Quiz(
    title="Check yourself",
    pass_percent=80.0,
    instructions_html="<p>Take your time. You can try again as often as you like.</p>",
    questions=(
        Question(
            id="q1",
            kind="single",
            html="<p>Which clause names the condition of a join?</p>",
            options=(
                Option(
                    id="a", html="<p><code>WHERE</code></p>", feedback="<p>It filters rows that are joined already.</p>"
                ),
                Option(id="b", html="<p><code>ON</code></p>"),
                Option(id="c", html="<p><code>GROUP BY</code>, which gathers rows that have the same value</p>"),
            ),
            key=Key(choices=("b",)),
            right_feedback="<p><code>ON</code> says which rows belong together.</p>",
            wrong_feedback="<p>Look at the second query of the lecture again.</p>",
        ),
        Question(
            id="q2",
            kind="several",
            html="<p>Which of these keep rows <b>without</b> a partner?</p>",
            points=2.0,
            options=(
                Option(id="a", html="<p>LEFT JOIN</p>"),
                Option(id="b", html="<p>INNER JOIN</p>"),
                Option(id="c", html="<p>FULL JOIN</p>"),
            ),
            key=Key(choices=("a", "c")),
        ),
        Question(
            id="q3",
            kind="numeric",
            html="<p>How many rows has the product of 3 and 4 rows?</p>",
            unit="rows",
            key=Key(number=12.0),
        ),
        Question(
            id="q4",
            kind="text",
            html="<p>What is a column that points elsewhere called?</p>",
            key=Key(texts=("foreign key",)),
        ),
    ),
)

READING = """
<h2>Keys</h2><p>A <b>key</b> is a column, or several, whose value names a row. <a href="https://example.org/keys">More
about keys</a>. Zürich's café has its own: $k_1 \\to r_1$.</p>
<table><thead><tr><th>id</th><th>name</th></tr></thead><tbody><tr><td>1</td><td>Ada</td></tr><tr><td>2</td><td>Grace</td>
</tr></tbody></table><p>Written as a query:</p><pre><code>SELECT name
FROM people
JOIN visits ON visits.person = people.id;</code></pre><p><img src="asset:missing" alt="two circles that overlap"></p>
""" + "".join(
    f"<p>Paragraph {n}: when two tables share a key, each row of the one finds the rows of the other that carry the "
    "same value, and the answer has a row for each such pair.</p>"
    for n in range(1, 12)
)

VTT = "WEBVTT\n\n" + "\n\n".join(
    f"00:{second // 60:02}:{second % 60:02}.000 --> 00:{(second + 5) // 60:02}:{(second + 5) % 60:02}.000\n{text}"
    for second, text in (
        (n * 5, f"{words} ({n})")
        for n, words in enumerate(
            (
                "Welcome back.",
                "Today two tables meet: the people of a café and their visits.",
                "When two tables share a key, we can join them and ask questions of both at once.",
                "The key says which row belongs to which.",
            )
            * 6
        )
    )
)


def note(note_id: str, at_ms: int | None, text: str, **more: Any) -> NoteView:
    """A note in the lecture about joins."""
    found = NoteView(
        id=note_id,
        course_id="sql",
        course_title="SQL: asking tables questions",
        item_id="sql/joins",
        item_title="Joining two tables",
        at_ms=at_ms,
        text=text,
        label="",
        quote="",
        created_at=NOW - timedelta(days=1),
        edited_at=NOW - timedelta(days=1),
    )
    return replace(found, **more)


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

    def discard_draft(self, item_id: str, note_id: str | None = None) -> None:
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

    def submit(
        self, item_id: str, answers: tuple[Answer, ...], started_at: datetime, document: str = ""
    ) -> AttemptView:
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

    def undo(self, *action_ids: str) -> None:
        self.store.called("undo", *action_ids)
        self.store.entries = tuple(entry for entry in self.store.entries if entry.actions != action_ids)

    def retry(self, action_id: str) -> None:
        self.store.called("retry", action_id)

    def set_aside(self, action_id: str) -> None:
        self.store.called("set_aside", action_id)

    def text(self, action_id: str) -> str:
        self.store.called("text", action_id)
        return "The key decides.\nAsk: what names a row?"

    def refused_note(self, action_id: str) -> NoteView:
        self.store.called("refused_note", action_id)
        return self.store.notes_by_id["refused"]

    def answers_as_draft(self, action_id: str) -> str:
        self.store.called("answers_as_draft", action_id)
        return "sql/check"


class Downloads(Answering):
    def view(self) -> DownloadsView:
        return self.store.downloads_view

    def pause(self, download_id: str) -> None:
        self.store.called("pause", download_id)

    def resume(self, download_id: str) -> None:
        self.store.called("resume", download_id)

    def cancel(self, download_id: str) -> None:
        self.store.called("cancel", download_id)

    def move(self, download_id: str, to: str) -> None:
        self.store.called("move", download_id, to)

    def clear_finished(self) -> None:
        self.store.called("clear_finished")

    def change_rules(self, changes: dict[str, int | bool]) -> None:
        self.store.called("change_rules", changes)
        view = self.store.downloads_view
        self.store.downloads_view = replace(view, rules=replace(view.rules, **changes))


class DownloadControls(Answering):
    def entries(self, course_id: str) -> tuple[DownloadView, ...]:
        return tuple(entry for entry in self.store.downloads_view.entries if entry.course_id == course_id)

    def fetch(self, course_id: str, scope: str) -> None:
        self.store.called("fetch", course_id, scope)

    def fetch_next(self, course_id: str, scope: str) -> None:
        self.store.called("fetch_next", course_id, scope)

    def put(self, download_id: str, number: int) -> None:
        self.store.called("put", download_id, number)

    def remove(self, course_id: str, scope: str) -> None:
        self.store.called("remove", course_id, scope)


class Storage(Answering):
    def view(self) -> StorageView:
        return self.store.storage_view


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
    downloads_view: DownloadsView = field(default_factory=lambda: DownloadsView(()))
    storage_view: StorageView = field(default_factory=lambda: StorageView((), (), 0, 0, 0, 0, 0, 0, 8_000_000_000, 0))
    submit_problem: Problem | None = None
    calls: list[tuple[Any, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.courses = Courses(self)
        self.lectures = Lectures(self)
        self.readings = Readings(self)
        self.notes = Notes(self)
        self.quizzes = Quizzes(self)
        self.storage = Storage(self)
        self.outbox = Outbox(self)
        self.downloads = Downloads(self)
        self.download_controls = DownloadControls(self)

    def called(self, *call: Any) -> None:
        """Remember a call."""
        self.calls.append(call)

    def calls_of(self, name: str) -> list[tuple[Any, ...]]:
        """The arguments of the calls of a name."""
        return [call[1:] for call in self.calls if call[0] == name]


def quiz_view(slug: str = "check", **more: Any) -> QuizView:
    """A quiz nobody has taken yet."""
    view = QuizView(
        place=place(slug),
        quiz=without_keys(QUIZ),
        graded=slug == "test",
        draft=(),
        draft_started_at=None,
        attempts=(),
        best_percent=None,
        attempts_left=None,
        pictures={},
    )
    return replace(view, **more)


def reading_view(slug: str = "why", **more: Any) -> ReadingView:
    """A reading that is here."""
    return replace(ReadingView(place(slug), READING, "ltr", {}), **more)


def lecture_view(media: Path | None, tracks: tuple[TrackView, ...] = (), **more: Any) -> LectureView:
    """The lecture about joins."""
    view = LectureView(
        place=place("joins"),
        duration_ms=120_000,
        resume_ms=0,
        media=media,
        media_asset="0" * 64,
        media_size=4_200_000,
        tracks=tracks,
    )
    return replace(view, **more)


def outbox_entries() -> tuple[OutboxEntry, ...]:
    """One of every state."""
    made = NOW - timedelta(minutes=9)
    return (
        OutboxEntry(
            "1",
            "save_note",
            "Joining two tables",
            "The key decides. Ask: what names a row?",
            made,
            "waiting",
            can_undo=True,
            course_title="SQL: asking tables questions",
            has_text=True,
            actions=("1",),
        ),
        OutboxEntry("2", "submit_attempt", "Check yourself: joins", "4", made, "sending", actions=("2",)),
        OutboxEntry(
            "3",
            "enroll",
            "Study well offline",
            "",
            NOW - timedelta(days=1),
            "refused",
            reason="All places of this course are taken.",
            way_out="Ask your program for another place.",
            actions=("3",),
        ),
        OutboxEntry(
            "4",
            "watch",
            "Welcome to the course",
            "3:12",
            NOW - timedelta(days=1),
            "sent",
            sent_at=NOW,
            stopped_at="4:20",
            actions=("4", "5", "6"),
        ),
    )


def downloads() -> DownloadsView:
    """One of every state."""
    return DownloadsView(
        (
            DownloadView(
                "d1",
                "sql",
                "SQL: asking tables questions",
                "Week 2",
                "running",
                9_000_000,
                3_600_000,
                12,
                5,
                420_000.0,
                13.0,
            ),
            DownloadView("d2", "sql", "SQL: asking tables questions", "Week 3", "queued", 7_000_000, 0, 9, 0),
            DownloadView("d3", "study", "Study well offline", "Week 1", "paused", 5_000_000, 2_000_000, 7, 3),
            DownloadView(
                "d4",
                "study",
                "Study well offline",
                "Week 2",
                "failed",
                5_000_000,
                1_000_000,
                7,
                1,
                problem="The disk is full.",
                way_out="Remove a course you have finished.",
            ),
        ),
    )
