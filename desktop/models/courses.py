"""Tables of course versions: the manifest as it came, and what lists need of it in rows."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, LargeBinary, Table, Text

from desktop.models.columns import METADATA, Moment

manifests = Table(
    "manifests",
    METADATA,
    Column("version", Text, primary_key=True),
    Column("course_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("partner", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("fetched_at", Moment, nullable=False),
)

items = Table(
    "items",
    METADATA,
    Column("version", Text, primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("course_id", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("week", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("required", Boolean, nullable=False),
    Column("weight", Float, nullable=False),
    Column("due_day", Integer),
    Index("ix_items_item", "item_id"),
    Index("ix_items_order", "version", "position"),
)

item_assets = Table(
    "item_assets",
    METADATA,
    Column("version", Text, primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("bulky", Boolean, nullable=False),
    Index("ix_item_assets_blob", "sha256"),
)
"""The blobs an item needs to work offline. ``bulky``: picture and sound of a lecture, fetched only when asked for;
everything else comes by itself after an enrollment. Item id ``''`` holds the resources of the course."""
