"""What is done of itself, once the learner chose it: the weeks to come are downloaded, finished ones removed.

Each week is queued once and removed once (``automatic_weeks``): whoever cancels such a download, or downloads a removed
week again, is not worked against. Downloads go through the queue, which keeps to the other rules: hours, metered
networks, room on the disk.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from desktop.models.courses import items
from desktop.models.files import assets, download_files, downloads
from desktop.models.queue import READY
from desktop.models.rules import read_rules
from desktop.models.shared_files import drop_files
from desktop.models.storage_use import Chosen, forget_files, read_held
from desktop.models.store import Store
from desktop.models.trip_views import AutomaticDone, RemovedWeek, Week
from desktop.models.trips import automatic_weeks, trip_weeks, trips
from desktop.services.downloads import COURSE, ITEM, WEEK, Downloads
from desktop.services.study import StudyCourse, StudyWeek, read_study
from desktop.services.week_files import files_of

log = logging.getLogger(__name__)

RESTS_FOR = timedelta(days=1)
"""A week that was just finished is looked at again: its files stay so long after the last of it was done."""


class Automatic:
    """The rules, applied. Called by whoever knows when: after a sync, after something was done."""

    def __init__(self, store: Store, queue: Downloads) -> None:
        self._store = store
        self._queue = queue

    def apply(self) -> AutomaticDone:
        """Do what is due by the rules; nothing while they are off. Thread-safe.

        Raises:
            Problem: the store; what was done until then stays done.
        """
        with self._store.read() as connection:
            rules = read_rules(connection)
        if not rules.keep_weeks and not rules.remove_finished:
            return AutomaticDone()
        removed = self._remove_finished() if rules.remove_finished else ()
        return AutomaticDone(self._keep(rules.keep_weeks) if rules.keep_weeks else 0, removed)

    # --- the weeks to come ---------------------------------------------------------------------------------------

    def _keep(self, more: int) -> int:
        now = self._store.clock.now()
        with self._store.read() as connection:
            rules = read_rules(connection)
            study = {course.course_id: course for course in read_study(connection)}
            wanted = self._to_keep(connection, study, more, now)
            by_version = {(study[course_id].version, number): (course_id, number) for course_id, number in wanted}
            missing: dict[Week, int] = defaultdict(int)
            for row in files_of(connection, by_version):
                missing[by_version[row.version, row.week]] += 0 if row.state == READY else row.size
            room = self._store.bytes_free(rules.floor) - _coming(connection)
        queued = 0
        for week in wanted:
            if missing[week] > room:
                log.info("no room for a week to come: %d of %d bytes", room, missing[week])
                continue
            # One transaction for each: what the learner does meanwhile does not wait for all of them.
            with self._store.write({"downloads", "courses"} if missing[week] else set()) as connection:
                if missing[week]:
                    self._queue.enqueue(connection, week[0], WEEK, str(week[1]))
                    queued += 1
                _note(connection, week, queued_at=now)
            room -= missing[week]
        return queued

    def _to_keep(self, connection: Connection, study: dict[str, StudyCourse], more: int, now: datetime) -> list[Week]:
        """Of each course that is under way: the week the learner is in, and ``more``, but for those that were queued
        before."""
        before = _noted(connection, automatic_weeks.c.queued_at)
        found: list[Week] = []
        for course in study.values():
            at = course.current()
            if not course.active or not course.ready or course.starts_at > now or at is None:
                continue
            found += [(course.course_id, week.number) for week in course.weeks[at : at + 1 + more]]
        return [week for week in found if week not in before]

    # --- the weeks behind ----------------------------------------------------------------------------------------

    def _remove_finished(self) -> tuple[RemovedWeek, ...]:
        now = self._store.clock.now()
        with self._store.read() as connection:
            before = _noted(connection, automatic_weeks.c.removed_at)
            finished = [(course, week) for course in read_study(connection) for week in _finished(course, now)]
        found = []
        for course, week in finished:
            if (course.course_id, week.number) not in before:
                removed = self._remove(course, week, now)
                found += [removed] if removed is not None else []
        return tuple(found)

    def _remove(self, course: StudyCourse, week: StudyWeek, now: datetime) -> RemovedWeek | None:
        """Free the room of a week, unless it is wanted; None when there was nothing to free. A transaction of its own,
        in which it is looked at once more what the learner may have done just now."""
        kinds: set[str] = set()
        with self._store.write(kinds) as connection:
            on_a_trip = (course.course_id, week.number) in _on_a_trip(connection, now)
            if on_a_trip or _asked_for(connection, course.course_id, week):
                return None
            _note(connection, (course.course_id, week.number), removed_at=now)
            held = read_held(connection)
            chosen = Chosen(weeks=frozenset({(course.course_id, week.number)}))
            hashes = held.removable(chosen) - _wanted(connection)
            if not hashes:
                return None
            kinds |= {"assets", "courses", "downloads"}
            forget_files(connection, hashes, chosen)
            size = held.size(hashes)
            removed = self._removed(connection, course, week.number, size)
        drop_files(self._store, hashes)
        log.info("a finished week was removed: %d bytes", size)
        return removed

    def _removed(self, connection: Connection, course: StudyCourse, number: int, freed: int) -> RemovedWeek:
        manifest = self._store.manifest(connection, course.version)
        titles = {week.number: week.title for week in manifest.weeks} if manifest else {}
        return RemovedWeek(course.course_id, course.title, number, titles.get(number, ""), freed)


def _finished(course: StudyCourse, now: datetime) -> list[StudyWeek]:
    """Weeks in which nothing at all is left, and that have rested."""
    return [
        week
        for week in course.weeks
        if week.all_done and week.state == "done" and week.done_at is not None and week.done_at + RESTS_FOR <= now
    ]


def _asked_for(connection: Connection, course_id: str, week: StudyWeek) -> bool:
    """Whether the learner asked for the week, something in it, or the course, when it was finished already: to look
    something up."""
    scopes = (f"{WEEK}:{week.number}", f"{COURSE}:")
    within = select(f"{ITEM}:" + items.c.item_id).where(items.c.course_id == course_id, items.c.week == week.number)
    asked = downloads.c.scope.in_(scopes) | downloads.c.scope.in_(within)
    mine = select(downloads.c.id).where(downloads.c.course_id == course_id, asked)
    under_way = downloads.c.state != READY
    return connection.execute(mine.where(under_way | (downloads.c.made_at > week.done_at))).first() is not None


def _on_a_trip(connection: Connection, now: datetime) -> set[Week]:
    """Weeks that are packed for a trip that is not over."""
    rows = connection.execute(
        select(trip_weeks.c.course_id, trip_weeks.c.week)
        .join(trips, trips.c.id == trip_weeks.c.trip_id)
        .where(trips.c.ends_at > now)
    )
    return {(row.course_id, row.week) for row in rows}


def _wanted(connection: Connection) -> set[str]:
    """Files of what is being downloaded."""
    query = select(download_files.c.sha256).join(downloads, downloads.c.id == download_files.c.download_id)
    return set(connection.execute(query.where(downloads.c.state != READY)).scalars())


def _coming(connection: Connection) -> int:
    """Bytes that the queue will bring, every file once."""
    files = (
        select(assets.c.sha256, assets.c.size)
        .join(download_files, download_files.c.sha256 == assets.c.sha256)
        .join(downloads, downloads.c.id == download_files.c.download_id)
        .where(assets.c.state != READY, downloads.c.state != READY)
        .distinct()
        .subquery()
    )
    return int(connection.execute(select(func.sum(files.c.size))).scalar() or 0)


def _noted(connection: Connection, column: Any) -> set[Week]:
    rows = connection.execute(select(automatic_weeks.c.course_id, automatic_weeks.c.week).where(column.is_not(None)))
    return {(row.course_id, row.week) for row in rows}


def _note(connection: Connection, week: Week, **moment: datetime) -> None:
    statement = upsert(automatic_weeks).values(course_id=week[0], week=week[1], **moment)
    connection.execute(statement.on_conflict_do_update(index_elements=["course_id", "week"], set_=moment))
