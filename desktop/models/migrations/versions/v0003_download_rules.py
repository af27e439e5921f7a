"""How downloads should behave, and when each file was last written.

Self-contained: imports nothing of ours, because what it imports changes and this does not.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_download_rules"
down_revision = "0002_faults_and_titles"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A column and a table more."""
    op.add_column("assets", sa.Column("mtime_ns", sa.BigInteger(), nullable=True))
    op.create_table(
        "download_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("on_metered", sa.Boolean(), nullable=False),
        sa.Column("speed_limit", sa.BigInteger(), nullable=False),
        sa.Column("from_minute", sa.Integer(), nullable=False),
        sa.Column("until_minute", sa.Integer(), nullable=False),
        sa.Column("floor", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
