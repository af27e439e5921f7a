"""Work that is carried by file: when an action was saved to one, and the keys of the receipts that come back; and what
the server said of itself, by which a restored one is noticed.

Self-contained: imports nothing of ours, because what it imports changes and this does not.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008_carried_work"
down_revision = "0007_pack_keys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A column and two tables."""
    op.add_column("outbox", sa.Column("filed_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "work_files",
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("actions", sa.Integer(), nullable=False),
        sa.Column("receipt_key", sa.LargeBinary(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("reference"),
    )
    op.create_table(
        "server_facts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("server_id", sa.Text(), nullable=False),
        sa.Column("life", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), server_default="", nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("key_public", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
