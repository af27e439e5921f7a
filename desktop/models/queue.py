"""The download queue: what is in it, and how far each entry is. Shared by the use cases and the download threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, case, func, select, update

from desktop.models import state
from desktop.models.files import assets, download_files, downloads
from desktop.models.views import DownloadView

QUEUED, RUNNING, PAUSED, READY, FAILED = "queued", "running", "paused", "ready", "failed"


@dataclass(frozen=True)
class Flow:
    """Bytes of a blob that have arrived so far, and how many arrive in a second."""

    bytes_done: int
    speed: float


def queue_views(connection: Connection, flowing: Mapping[str, Flow]) -> tuple[DownloadView, ...]:
    """Every entry in its order. ``flowing``: the blobs that arrive right now."""
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
    arriving: dict[str, list[Flow]] = {}
    if flowing:
        rows = connection.execute(
            select(download_files.c.download_id, download_files.c.sha256)
            .join(assets, assets.c.sha256 == download_files.c.sha256)
            .where(download_files.c.sha256.in_(list(flowing)), assets.c.state != "ready")
        )
        for row in rows:
            arriving.setdefault(row.download_id, []).append(flowing[row.sha256])
    titles = state.course_titles(connection)
    views = []
    for row in connection.execute(select(downloads).order_by(downloads.c.position)):
        count = files.get(row.id)
        flows = arriving.get(row.id, []) if row.state == RUNNING else []
        total = int(count.total) if count else 0
        done = min(total, (int(count.done) if count else 0) + sum(flow.bytes_done for flow in flows))
        speed = sum(flow.speed for flow in flows)
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
                seconds_left=(total - done) / speed if speed > 0 else None,
                problem=row.problem,
                way_out=row.way_out,
            )
        )
    return tuple(views)


def settle_finished(connection: Connection) -> bool:
    """Entries all of whose files are here become ready. Returns whether there was one."""
    missing = (
        select(download_files.c.download_id)
        .join(assets, assets.c.sha256 == download_files.c.sha256)
        .where(assets.c.state != "ready")
    )
    statement = update(downloads).where(
        downloads.c.state.in_((QUEUED, RUNNING, FAILED)), downloads.c.id.not_in(missing)
    )
    return bool(connection.execute(statement.values(state=READY, problem="", way_out="")).rowcount)


def put_back_running(connection: Connection) -> None:
    """At start: whatever was running waits again. What arrived of it is kept."""
    connection.execute(update(downloads).where(downloads.c.state == RUNNING).values(state=QUEUED))
