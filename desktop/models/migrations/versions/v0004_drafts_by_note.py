"""A draft belongs to a note, not to an item: what is typed into one note of a lecture must not replace another.

Self-contained: imports nothing of ours, because what it imports changes and this does not.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004_drafts_by_note"
down_revision = "0003_download_rules"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """SQLite cannot change a primary key: the rows move into a new table."""
    op.create_table(
        "note_drafts_by_note",
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("note_id", sa.Text(), server_default="", nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), server_default="", nullable=False),
        sa.Column("quote", sa.Text(), server_default="", nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("item_id", "note_id"),
    )
    op.execute(
        "INSERT INTO note_drafts_by_note (item_id, note_id, at_ms, text, label, quote, saved_at)"
        " SELECT item_id, note_id, at_ms, text, label, quote, saved_at FROM note_drafts"
    )
    op.drop_table("note_drafts")
    op.rename_table("note_drafts_by_note", "note_drafts")
