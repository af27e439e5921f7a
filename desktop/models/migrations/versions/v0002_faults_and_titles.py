"""Notes keep the title of their item, actions count the server's own faults.

Self-contained: imports nothing of ours.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_faults_and_titles"
down_revision = "0001_spine"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two columns with a default: nothing has to be computed."""
    op.add_column("notes", sa.Column("item_title", sa.Text(), server_default="", nullable=False))
    op.add_column("outbox", sa.Column("faults", sa.Integer(), server_default="0", nullable=False))
