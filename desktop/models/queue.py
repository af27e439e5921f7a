"""The download queue: what is in it, and how far each entry is. Shared by the use cases and the download threads."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from sqlalchemy import Connection, case, func, select, update

from desktop.models import state
from desktop.models.files import assets, download_files, downloads
from desktop.models.views import DownloadView

QUEUED, RUNNING, PAUSED, READY, FAILED = "queued", "running", "paused", "ready", "failed"


Pace = Callable[[str, int], tuple[float, float | None]]
"""Of an entry's id and how many bytes it misses: bytes a second, and seconds until all is here if that can be said."""


def _no_pace(download_id: str, missing: int) -> tuple[float, float | None]:  # noqa: ARG001
    return 0.0, None


def queue_views(
    connection: Connection, flowing: Mapping[str, int], pace: Pace = _no_pace, hold: str = ""
) -> tuple[DownloadView, ...]:
    """Every entry in its order. ``flowing``: bytes that are here of blobs that arrive right now; ``hold``: why the
    queue rests."""
    here = case((assets.c.state == "ready", 1), else_=0)
    files = {
        row.download_id: row
        for row in connection.execute(
            select(
                download_files.c.download_id,
                func.count().label("files"),
                func.sum(here).label("files_done"),
                func.sum(assets.c.size).label("total"),
                func.sum(here * assets.c.size).label("done"),
            )
            .join(assets, assets.c.sha256 == download_files.c.sha256)
            .group_by(download_files.c.download_id)
        )
    }
    arriving: dict[str, int] = {}
    if flowing:
        rows = connection.execute(
            select(download_files.c.download_id, download_files.c.sha256)
            .join(assets, assets.c.sha256 == download_files.c.sha256)
            .where(download_files.c.sha256.in_(list(flowing)), assets.c.state != "ready")
        )
        for row in rows:
            arriving[row.download_id] = arriving.get(row.download_id, 0) + flowing[row.sha256]
    titles = state.course_titles(connection)
    views = []
    place = 0
    for row in connection.execute(select(downloads).order_by(downloads.c.position)):
        count = files.get(row.id)
        total = int(count.total) if count else 0
        done = min(total, (int(count.done) if count else 0) + arriving.get(row.id, 0))
        live = row.state in (QUEUED, RUNNING)
        place += live
        speed, seconds_left = pace(row.id, total - done) if row.state == RUNNING else (0.0, None)
        views.append(
            DownloadView(
                id=row.id,
                course_id=row.course_id,
                course_title=titles.get(row.course_id, ""),
                title=row.title,
                state=row.state,
                bytes_total=total,
                bytes_done=done,
                files_total=int(count.files) if count else 0,
                files_done=int(count.files_done) if count else 0,
                speed=speed,
                seconds_left=seconds_left,
                problem=row.problem,
                way_out=row.way_out,
                hold=hold if live else "",
                scope=row.scope,
                place=place if live else 0,
            )
        )
    return tuple(views)


def waiting_ids(connection: Connection) -> list[str]:
    """The ids of what is not here yet, in order."""
    waiting = select(downloads.c.id).where(downloads.c.state != READY).order_by(downloads.c.position)
    return list(connection.execute(waiting).scalars())


def put_in_order(connection: Connection, order: Sequence[str]) -> None:
    """Another order of what is not here yet."""
    for position, entry in enumerate(order):
        connection.execute(update(downloads).where(downloads.c.id == entry).values(position=position))
    # What is here comes after what is not: a new entry goes behind the last of those that wait.
    rest = update(downloads).where(downloads.c.state == READY, downloads.c.position < len(order))
    connection.execute(rest.values(position=len(order)))


def settle_finished(connection: Connection) -> bool:
    """Entries all of whose files are here become ready. Returns whether there was one."""
    missing = (
        select(download_files.c.download_id)
        .join(assets, assets.c.sha256 == download_files.c.sha256)
        .where(assets.c.state != "ready")
    )
    statement = update(downloads).where(
        downloads.c.state.in_((QUEUED, RUNNING, PAUSED, FAILED)), downloads.c.id.not_in(missing)
    )
    return bool(connection.execute(statement.values(state=READY, problem="", way_out="")).rowcount)


def forget_lost(connection: Connection, lost: Collection[str]) -> None:
    """Files that were ready are gone, or are not what they were: they are missing now, and entries that had brought
    them bring them again."""
    values = {"state": "missing", "ready_at": None, "mtime_ns": None}
    connection.execute(update(assets).where(assets.c.sha256.in_(list(lost))).values(**values))
    mine = select(download_files.c.download_id).where(download_files.c.sha256.in_(list(lost)))
    connection.execute(
        update(downloads).where(downloads.c.state == READY, downloads.c.id.in_(mine)).values(state=QUEUED)
    )


def put_back_running(connection: Connection) -> None:
    """At start: whatever was running waits again. What arrived of it is kept."""
    connection.execute(update(downloads).where(downloads.c.state == RUNNING).values(state=QUEUED))
