"""What a server was too old to know waits for a newer one, by itself.

Self-contained: imports nothing of ours.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009_ahead_of_the_server"
down_revision = "0008_carried_work"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was refused for this reason, and is not seen to yet, waits from now on."""
    op.add_column("outbox", sa.Column("refused_by", sa.Text(), server_default="", nullable=False))
    op.execute("UPDATE outbox SET state = 'ahead' WHERE state = 'refused' AND error_code = 'unknown_action'")
