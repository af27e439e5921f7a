"""Tables of what programs offer. Written by the pull and by fetched descriptions only."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text

from desktop.models.columns import METADATA, Moment, WireJson, revision
from protocol.catalog import CatalogEntry

catalog_entries = Table(
    "catalog_entries",
    METADATA,
    Column("program_id", Text, primary_key=True),
    Column("course_id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("picture", Text),
    Column("entry", WireJson(CatalogEntry), nullable=False),
    revision(),
    Index("ix_catalog_entries_course", "course_id"),
)

catalog_groups = Table(
    "catalog_groups",
    METADATA,
    Column("program_id", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("course_ids", WireJson(tuple[str, ...]), nullable=False),
    Column("position", Integer, nullable=False),
    revision(),
)

pack_keys = Table(
    "pack_keys",
    METADATA,
    Column("program_id", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("public_key", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    revision(),
)
"""Keys with which programs sign course packs; see ``protocol.catalog.PackKey``."""

descriptions = Table(
    "descriptions",
    METADATA,
    Column("course_id", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("version", Text, nullable=False),
    Column("fetched_at", Moment, nullable=False),
)
"""``body`` is a ``protocol.catalog.CourseDescription``; ``version`` the catalog entry's when it was fetched."""
