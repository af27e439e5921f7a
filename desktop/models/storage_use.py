"""What files take, by course and week, and which of them can be removed. Reads of one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, delete, or_, select, update

from desktop.models.courses import item_assets, items, manifests
from desktop.models.files import assets, download_files, downloads
from desktop.models.storage_views import OTHER, PICTURES, SUBTITLES, VIDEO

WeekKey = tuple[str, int]
"""A course and the number of a week."""
WHOLE = 0
"""Stands for a week's number where files belong to the course as a whole."""
AT_ONCE = 500


@dataclass
class Held:
    """Ready files: sizes and kinds by hash; which weeks of which courses need them; those that are bulky."""

    sizes: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    weeks: dict[str, set[WeekKey]] = field(default_factory=lambda: defaultdict(set))
    bulky: set[str] = field(default_factory=set)

    def courses(self, sha256: str) -> set[str]:
        """Who has it."""
        return {course for course, _ in self.weeks.get(sha256, ())}

    def removable(self, chosen: set[WeekKey]) -> set[str]:
        """Bulky files that nothing but these weeks needs; those of a course as a whole go with all of its weeks."""
        return {sha256 for sha256 in self.bulky if self.weeks[sha256] and self.weeks[sha256] <= chosen}

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


def read_held(connection: Connection) -> Held:
    """Everything that is ready. A file is bulky when every item that has it says so."""
    held = Held()
    ready = select(assets.c.sha256, assets.c.size, assets.c.media_type).where(assets.c.state == "ready")
    for file in connection.execute(ready.where(assets.c.size > 0)):
        held.sizes[file.sha256], held.kinds[file.sha256] = file.size, kind_of(file.media_type)
    links = (
        select(item_assets.c.sha256, item_assets.c.bulky, manifests.c.course_id, items.c.week)
        .join(manifests, manifests.c.version == item_assets.c.version)
        .outerjoin(items, (items.c.version == item_assets.c.version) & (items.c.item_id == item_assets.c.item_id))
        .distinct()
    )
    small: set[str] = set()
    for row in connection.execute(links):
        if row.sha256 in held.sizes:
            held.weeks[row.sha256].add((row.course_id, row.week or WHOLE))
            (held.bulky if row.bulky else small).add(row.sha256)
    held.bulky -= small
    return held


def forget_files(connection: Connection, hashes: set[str], courses: set[str], chosen: set[WeekKey]) -> None:
    """Rows of files that are to be removed say so, and no entry of the queue brings them again.

    ``courses``: those that go as a whole, whose entries go too; of others the entries of ``chosen`` weeks and their
    items go, and an entry of the whole course goes on without the files."""
    gone: list[ColumnElement[bool]] = [downloads.c.course_id.in_(courses)]
    for course_id, week in sorted(chosen):
        mine = select("item:" + items.c.item_id).where(items.c.course_id == course_id, items.c.week == week)
        scope = or_(downloads.c.scope == f"week:{week}", downloads.c.scope.in_(mine))
        gone.append((downloads.c.course_id == course_id) & scope)
    connection.execute(delete(downloads).where(or_(*gone)))
    ordered = sorted(hashes)
    for begin in range(0, len(ordered), AT_ONCE):
        some = ordered[begin : begin + AT_ONCE]
        connection.execute(delete(download_files).where(download_files.c.sha256.in_(some)))
        values = {"state": "missing", "ready_at": None, "mtime_ns": None}
        connection.execute(update(assets).where(assets.c.sha256.in_(some)).values(**values))
