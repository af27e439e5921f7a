"""The keys with which programs sign course packs.

Self-contained: imports nothing of ours, because what it imports changes and this does not.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_pack_keys"
down_revision = "0005_trips"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table more. Keys that an older version could not read wait in ``unknown_changes`` and are read at the start."""
    op.create_table(
        "pack_keys",
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("program_id", "id"),
    )
