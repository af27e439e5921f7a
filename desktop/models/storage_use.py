"""What files take, by course and week, and which of them can be removed. Reads of one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, or_, select, update

from desktop.models.courses import item_assets, items, manifests
from desktop.models.files import assets, download_files, downloads
from desktop.models.queue import settle_finished
from desktop.models.storage_views import OTHER, PICTURES, SUBTITLES, VIDEO
from desktop.models.trip_views import Week

AT_ONCE = 500


class Use(NamedTuple):
    """Who needs a file. ``week`` 0 and no ``item``: the course as a whole."""

    course: str
    week: int
    item: str


@dataclass(frozen=True)
class Chosen:
    """What is to be removed: whole courses, weeks, items (courses and ids)."""

    courses: frozenset[str] = frozenset()
    weeks: frozenset[Week] = frozenset()
    items: frozenset[tuple[str, str]] = frozenset()

    def __contains__(self, use: Use) -> bool:
        return (
            use.course in self.courses or (use.course, use.week) in self.weeks or (use.course, use.item) in self.items
        )


@dataclass
class Held:
    """Files: sizes and kinds by hash; who needs them; those that are bulky."""

    sizes: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    uses: dict[str, set[Use]] = field(default_factory=dict)
    bulky: set[str] = field(default_factory=set)

    def courses(self, sha256: str) -> set[str]:
        """Who has it."""
        return {use.course for use in self.uses.get(sha256, ())}

    def removable(self, chosen: Chosen) -> set[str]:
        """Bulky files that nothing but what is chosen needs."""
        return {sha256 for sha256 in self.bulky if all(use in chosen for use in self.uses[sha256])}

    def size(self, hashes: Iterable[str]) -> int:
        """Their bytes."""
        return sum(self.sizes[sha256] for sha256 in hashes)


def kind_of(media_type: str) -> str:
    """What a file is to the learner. Parameters of the media type, such as the charset, say nothing about that."""
    media_type = media_type.partition(";")[0].strip().lower()
    if media_type.startswith(("video/", "audio/")):
        return VIDEO
    if media_type in ("text/vtt", "application/x-subrip"):
        return SUBTITLES
    return PICTURES if media_type.startswith("image/") else OTHER


def read_held(connection: Connection, *, coming: bool = False) -> Held:
    """Everything that is ready; ``coming``: and what is not here. A file is bulky when everybody who has it says so. Of
    several versions of a course the last that has a file says where in it."""
    held = Held()
    known = select(assets.c.sha256, assets.c.size, assets.c.media_type).where(assets.c.size > 0)
    for file in connection.execute(known if coming else known.where(assets.c.state == "ready")):
        held.sizes[file.sha256], held.kinds[file.sha256] = file.size, kind_of(file.media_type)
    links = (
        select(item_assets.c.sha256, item_assets.c.bulky, manifests.c.version, manifests.c.course_id)
        .add_columns(items.c.week, items.c.item_id)
        .join(manifests, manifests.c.version == item_assets.c.version)
        .outerjoin(items, (items.c.version == item_assets.c.version) & (items.c.item_id == item_assets.c.item_id))
        .order_by(manifests.c.fetched_at, manifests.c.version)
    )
    last: dict[tuple[str, str], tuple[str, set[Use]]] = {}
    small: set[str] = set()
    for row in connection.execute(links):
        if row.sha256 not in held.sizes:
            continue
        version, uses = last.get((row.sha256, row.course_id), ("", set()))
        if version != row.version:
            last[row.sha256, row.course_id] = row.version, (uses := set())
        uses.add(Use(row.course_id, row.week or 0, row.item_id or ""))
        (held.bulky if row.bulky else small).add(row.sha256)
    held.bulky -= small
    for (sha256, _), (_, uses) in last.items():
        held.uses.setdefault(sha256, set()).update(uses)
    return held


def forget_files(connection: Connection, hashes: Collection[str], chosen: Chosen) -> None:
    """Rows of files that are to be removed say so, and no entry of the queue brings them again.

    Entries of what is chosen go, and those of the items of its weeks; one of something larger goes on without the
    files."""
    gone: list[ColumnElement[bool]] = [downloads.c.course_id.in_(chosen.courses)]
    for course_id, week in sorted(chosen.weeks):
        mine = select("item:" + items.c.item_id).where(items.c.course_id == course_id, items.c.week == week)
        scope = or_(downloads.c.scope == f"week:{week}", downloads.c.scope.in_(mine))
        gone.append((downloads.c.course_id == course_id) & scope)
    for course_id, item_id in sorted(chosen.items):
        gone.append((downloads.c.course_id == course_id) & (downloads.c.scope == f"item:{item_id}"))
    connection.execute(delete(downloads).where(or_(*gone)))
    ordered = sorted(hashes)
    for begin in range(0, len(ordered), AT_ONCE):
        some = ordered[begin : begin + AT_ONCE]
        connection.execute(delete(download_files).where(download_files.c.sha256.in_(some)))
        values = {"state": "missing", "ready_at": None, "mtime_ns": None, "problem": ""}
        connection.execute(update(assets).where(assets.c.sha256.in_(some)).values(**values))
    settle_finished(connection)
