"""Tables of what is packed for a trip, and of what the automatic rules did."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, LargeBinary, Table, Text

from desktop.models.columns import METADATA, Moment

trips = Table(
    "trips",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("made_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("report", LargeBinary),
)
"""At most one row. ``ends_at``: until then nothing of it is removed by a rule. ``report``: how the last check of it
ended, ``trip_views.Report`` as JSON; null before the first, and whenever this version cannot read it."""

trip_weeks = Table(
    "trip_weeks",
    METADATA,
    Column("trip_id", Text, ForeignKey("trips.id", ondelete="CASCADE"), primary_key=True),
    Column("course_id", Text, primary_key=True),
    Column("week", Integer, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("own", Boolean, nullable=False),
)
"""What is taken along, in the order of study. ``own``: it was not in the queue before, so cancelling the trip takes it
out again."""

automatic_weeks = Table(
    "automatic_weeks",
    METADATA,
    Column("course_id", Text, primary_key=True),
    Column("week", Integer, primary_key=True),
    Column("queued_at", Moment),
    Column("removed_at", Moment),
)
"""What the rules did of themselves: each is done once, so that they never work against what the learner does by hand
afterwards."""
