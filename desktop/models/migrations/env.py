"""Run by alembic, in process, with the connection that ``desktop.models.opening`` hands over."""

from __future__ import annotations

from alembic import context

from desktop.models import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.METADATA,
    render_as_batch=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
