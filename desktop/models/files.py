"""Tables of blobs on this computer, the download queue, and how far each feed was read."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, false

from desktop.models.columns import METADATA, Moment

assets = Table(
    "assets",
    METADATA,
    Column("sha256", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("course_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("ready_at", Moment),
    Column("problem", Text, nullable=False, server_default=""),
    Column("mtime_ns", BigInteger),
    Index("ix_assets_state", "state"),
)
"""``state``: missing, ready (verified and named by its hash), failed. ``course_id``: one of those that have it, which
is asked for its address. ``size`` -1 when nobody said it (pictures of the catalog). ``mtime_ns``: of the file when it
was verified; another one later says that somebody wrote to it. Null when nobody noted it."""

downloads = Table(
    "downloads",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("course_id", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("problem", Text, nullable=False, server_default=""),
    Column("way_out", Text, nullable=False, server_default=""),
    Index("ix_downloads_state", "state", "position"),
)
"""``scope``: ``week:<number>``, ``item:<id>`` or ``course``. ``state``: queued, running, paused, ready, failed."""

download_files = Table(
    "download_files",
    METADATA,
    Column("download_id", Text, ForeignKey("downloads.id", ondelete="CASCADE"), primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Index("ix_download_files_blob", "sha256"),
)

download_rules = Table(
    "download_rules",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("paused", Boolean, nullable=False),
    Column("on_metered", Boolean, nullable=False),
    Column("speed_limit", BigInteger, nullable=False),
    Column("from_minute", Integer, nullable=False),
    Column("until_minute", Integer, nullable=False),
    Column("floor", BigInteger, nullable=False),
    Column("keep_weeks", Integer, nullable=False, server_default="0"),
    Column("remove_finished", Boolean, nullable=False, server_default=false()),
)
"""How the learner wants downloads to behave; see ``views.DownloadRules``. One row, or none for the defaults."""

feeds = Table(
    "feeds",
    METADATA,
    Column("feed", Text, primary_key=True),
    Column("cursor", Text, nullable=False),
    Column("read_at", Moment, nullable=False),
)
"""``cursor`` was committed together with the rows it stands for."""

unknown_changes = Table(
    "unknown_changes",
    METADATA,
    Column("feed", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("revision", BigInteger, nullable=False),
    Column("body", LargeBinary),
)
"""Changes of kinds that only a newer version understands; it reads them from here after its first start."""

contacts = Table(
    "contacts",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("server_at", Moment, nullable=False),
    Column("wall_at", Moment, nullable=False),
    Column("monotonic_ms", BigInteger, nullable=False),
)
"""The last answer of the server: its time and both of our clocks at that moment. One row."""

server_facts = Table(
    "server_facts",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("server_id", Text, nullable=False),
    Column("life", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("mark", Text, nullable=False, server_default=""),
    Column("key_id", Text, nullable=False),
    Column("key_public", LargeBinary, nullable=False),
)
"""What the server said of itself at the last check-in (``protocol.deliveries``), and its last mark. One row or none."""
