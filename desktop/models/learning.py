"""Tables of the server's state of one learner. Only the pull writes them: see ``desktop.models.overlay``."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, Table, Text

from desktop.models.columns import METADATA, Moment, WireJson, revision
from protocol.quizzes import Answer, QuizResult

enrollments = Table(
    "enrollments",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("course_id", Text, nullable=False),
    Column("program_id", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("enrolled_at", Moment, nullable=False),
    Column("session_starts_at", Moment, nullable=False),
    Column("unenroll_until", Moment, nullable=False),
    Column("completed_at", Moment),
    revision(),
    Index("ix_enrollments_course", "course_id"),
)

saved_courses = Table(
    "saved_courses",
    METADATA,
    Column("course_id", Text, primary_key=True),
    Column("saved_at", Moment, nullable=False),
    revision(),
)

progress = Table(
    "progress",
    METADATA,
    Column("item_id", Text, primary_key=True),
    Column("course_id", Text, nullable=False),
    Column("opened_at", Moment),
    Column("completed_at", Moment),
    Column("watched", WireJson(tuple[tuple[int, int], ...]), nullable=False),
    revision(),
    Index("ix_progress_course", "course_id"),
)

positions = Table(
    "positions",
    METADATA,
    Column("item_id", Text, primary_key=True),
    Column("course_id", Text, nullable=False),
    Column("position_ms", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
    revision(),
    Index("ix_positions_course", "course_id"),
)

notes = Table(
    "notes",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("course_id", Text, nullable=False),
    Column("item_id", Text, nullable=False),
    Column("at_ms", BigInteger),
    Column("text", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("quote", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("edited_at", Moment, nullable=False),
    Column("conflict_of", Text),
    Column("item_title", Text, nullable=False, server_default=""),
    revision(),
    Index("ix_notes_course", "course_id"),
    Index("ix_notes_item", "item_id"),
)

attempts = Table(
    "attempts",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("item_id", Text, nullable=False),
    Column("course_id", Text, nullable=False),
    Column("quiz", Text, nullable=False),
    Column("answers", WireJson(tuple[Answer, ...]), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("submitted_at", Moment, nullable=False),
    Column("result", WireJson(QuizResult)),
    revision(),
    Index("ix_attempts_item", "item_id"),
)

grades = Table(
    "grades",
    METADATA,
    Column("item_id", Text, primary_key=True),
    Column("course_id", Text, nullable=False),
    Column("percent", Float, nullable=False),
    Column("passed", Boolean, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("graded_at", Moment, nullable=False),
    revision(),
    Index("ix_grades_course", "course_id"),
)

deadlines = Table(
    "deadlines",
    METADATA,
    Column("item_id", Text, primary_key=True),
    Column("course_id", Text, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("zone", Text, nullable=False),
    revision(),
    Index("ix_deadlines_course", "course_id"),
)
