"""Course packs as the screen and the command line show them. Frozen: they cross threads."""

from __future__ import annotations

from datetime import datetime

import msgspec

LOOKING, CHECKED, WAITING, IMPORTING = "looking", "checked", "waiting", "importing"
DONE, INCOMPLETE, STOPPED, REFUSED = "done", "incomplete", "stopped", "refused"

ENDED = frozenset({DONE, INCOMPLETE, STOPPED, REFUSED})
"""Nothing more happens by itself."""

CURRENT, NEWER, OLDER = "current", "newer", "older"
"""How the version of a pack stands to what the server said last; see ``desktop.sync.pack_reading.standing``."""


class PackFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a pack is, after its signature was found good.

    ``size``: bytes of the file; ``files``: of the course in it; ``bytes_new``: of those that are not here yet;
    ``bytes_free``: what may be used of the disk; ``weeks``: those in it (empty: all); ``videos``: none, smallest, all;
    ``standing``: see above; ``enrolled``: whether the learner is, or has asked to be.
    """

    organization: str
    program: str
    program_id: str
    course_id: str
    title: str
    version: str
    made_at: datetime
    size: int
    files: int
    bytes_new: int
    bytes_free: int
    weeks: tuple[int, ...] = ()
    videos: str = "smallest"
    standing: str = CURRENT
    enrolled: bool = False


class PackResult(msgspec.Struct, frozen=True, kw_only=True):
    """What an import brought. ``files_here`` were here before; ``left``: not taken, for the version in use has no use
    for them; ``damaged``: titles of what could not be taken because the file is damaged there."""

    files_new: int = 0
    bytes_new: int = 0
    files_here: int = 0
    left: int = 0
    damaged: tuple[str, ...] = ()


class ImportView(msgspec.Struct, frozen=True, kw_only=True):
    """A file that the learner wants to import. ``state``: one of the names above.

    ``name`` and ``folder``: of the file. ``facts`` are None until it was looked at, and when it was refused.
    ``bytes_done`` of ``bytes_total``: while it is imported. ``problem`` and ``way_out``: marked for translation.
    """

    id: str
    name: str
    folder: str
    state: str = LOOKING
    facts: PackFacts | None = None
    bytes_done: int = 0
    bytes_total: int = 0
    result: PackResult | None = None
    problem: str = ""
    way_out: str = ""
    code: str = ""
