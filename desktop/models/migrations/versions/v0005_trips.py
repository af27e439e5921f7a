"""What is packed for a trip, two rules more, and what the rules did of themselves.

Self-contained: imports nothing of ours, because what it imports changes and this does not.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005_trips"
down_revision = "0004_drafts_by_note"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Three tables, and two columns for the rules that are off until they are chosen."""
    op.create_table(
        "trips",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("report", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "trip_weeks",
        sa.Column("trip_id", sa.Text(), nullable=False),
        sa.Column("course_id", sa.Text(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["trip_id"], ["trips.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("trip_id", "course_id", "week"),
    )
    op.create_table(
        "automatic_weeks",
        sa.Column("course_id", sa.Text(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("queued_at", sa.BigInteger(), nullable=True),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("course_id", "week"),
    )
    op.add_column("download_rules", sa.Column("keep_weeks", sa.Integer(), server_default="0", nullable=False))
    op.add_column(
        "download_rules", sa.Column("remove_finished", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
