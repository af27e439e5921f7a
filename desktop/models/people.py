"""Tables of who is signed in and where they belong. Written from the session and the pull only."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, Text

from desktop.models.columns import METADATA, Moment

learner = Table(
    "learner",
    METADATA,
    Column("account_id", Text, primary_key=True),
    Column("email", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("server", Text, nullable=False),
)

programs = Table(
    "programs",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("organization", Text, nullable=False),
    Column("accent", Text, nullable=False, server_default=""),
    Column("logo_url", Text, nullable=False, server_default=""),
    Column("logo", Text),
    Column("welcome", Text, nullable=False, server_default=""),
    Column("support_email", Text, nullable=False, server_default=""),
    Column("admin_email", Text, nullable=False, server_default=""),
    Column("state", Text, nullable=False),
    Column("joined_at", Moment),
    Column("ends_at", Moment),
    Column("position", Integer, nullable=False, server_default="0"),
)
"""``logo``: the blob that ``logo_url`` had when it was fetched."""
