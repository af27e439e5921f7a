"""What a store may hold of one course: items, a quiz, a reading, notes, downloads, as pages are given them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from desktop.models.views import (
    DownloadsView,
    DownloadView,
    ItemPlace,
    ItemRow,
    LectureView,
    NoteView,
    OutboxEntry,
    QuizView,
    ReadingView,
    TrackView,
)
from protocol.quizzes import Key, Option, Question, Quiz, without_keys

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
        ),
        OutboxEntry("2", "submit_attempt", "Check yourself: joins", "", made, "sending"),
        OutboxEntry(
            "3",
            "enroll",
            "Study well offline",
            "",
            NOW - timedelta(days=1),
            "refused",
            reason="All places of this course are taken.",
            way_out="Ask your program for another place.",
        ),
        OutboxEntry("4", "watch", "Welcome to the course", "2 min", NOW - timedelta(days=1), "sent", sent_at=NOW),
    )


def downloads() -> DownloadsView:
    """One of every state, and two courses."""
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
        (("sql", "SQL: asking tables questions", 14_000_000), ("study", "Study well offline", 6_000_000)),
        20_000_000,
        8_000_000_000,
    )
