"""Packing for a trip: which weeks, what they take, how far they are, and the trip itself, which outlives a restart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from desktop.errors import Problem, mark
from desktop.models import state
from desktop.models.files import downloads
from desktop.models.queue import FAILED, PAUSED, READY
from desktop.models.rules import read_rules
from desktop.models.store import Store
from desktop.models.trip_views import (
    PackedWeek,
    Report,
    TripCourse,
    TripPlan,
    TripView,
    TripWeek,
    Week,
    end_of,
)
from desktop.models.trips import trip_weeks, trips
from desktop.services.downloads import WEEK, Downloads
from desktop.services.study import StudyCourse, StudyWeek, read_study, studied
from desktop.services.week_files import files_of
from protocol.ids import new_uuid7
from protocol.wire import WireError, decode, encode

MISSING, STOPPED, PACKING = "missing", "stopped", "packing"
_LATER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class _Packed:
    """Weeks of a trip, bytes of all their files and of those that are here, and when the newest of these came."""

    weeks: tuple[PackedWeek, ...]
    bytes_total: int
    bytes_done: int
    newest: datetime | None


class Trips:
    """The trip of a learner; there is one at a time."""

    def __init__(self, store: Store, queue: Downloads) -> None:
        self._store = store
        self._queue = queue

    def choices(self) -> tuple[TripCourse, ...]:
        """Every course that is studied, with its weeks."""
        with self._store.read() as connection:
            study = read_study(connection)
            wanted = {(course.version, week.number) for course in study for week in course.weeks}
            total: dict[tuple[str, int], int] = defaultdict(int)
            missing: dict[tuple[str, int], int] = defaultdict(int)
            for row in files_of(connection, wanted):
                total[row.version, row.week] += row.size
                missing[row.version, row.week] += 0 if row.state == READY else row.size
            found = []
            for course in study:
                titles = self._week_titles(connection, course.version)
                weeks = tuple(
                    TripWeek(
                        number=week.number,
                        title=titles.get(week.number, ""),
                        state=week.state,
                        bytes_total=total[course.version, week.number],
                        bytes_missing=missing[course.version, week.number],
                        due_at=week.due_at,
                    )
                    for week in course.weeks
                )
                found.append(TripCourse(course.course_id, course.title, course.ready, weeks))
        return tuple(found)

    def plan(self, weeks: Collection[Week]) -> TripPlan:
        """What these weeks would take, in the order of study. Those that are not known here any more are left out."""
        with self._store.read() as connection:
            return self._plan(connection, weeks)

    def pack(self, weeks: Collection[Week], days: int) -> None:
        """Begin a trip of so many days: put the weeks in front of the queue, in the order of study. It takes the place
        of the one before, whose files stay.

        Raises:
            Problem: ``nothing_chosen``, ``no_room`` (nothing was queued), and as ``Downloads.plan_week``.
        """
        now = self._store.clock.now()
        with self._store.write({"downloads", "courses", "trips"}, durable=True) as connection:
            plan = self._plan(connection, weeks)
            if not plan.weeks:
                raise Problem("nothing_chosen", mark("No week is chosen."), mark("Choose what you want to take along."))
            if not plan.fits:
                raise Problem(
                    "no_room",
                    mark("There is not enough room on this disk."),
                    mark("Leave something out, or make room."),
                )
            known = select(downloads.c.course_id, downloads.c.scope).where(downloads.c.state != READY)
            before = {(row.course_id, row.scope) for row in connection.execute(known)}
            connection.execute(delete(trips))
            trip_id = new_uuid7()
            connection.execute(insert(trips).values(id=trip_id, made_at=now, ends_at=end_of(now, days)))
            rows, entries = [], []
            for position, (course_id, number) in enumerate(plan.weeks):
                entries.append(self._queue.enqueue(connection, course_id, WEEK, str(number)))
                values = {"trip_id": trip_id, "course_id": course_id, "week": number, "position": position}
                rows.append(values | {"own": (course_id, f"{WEEK}:{number}") not in before})
            connection.execute(insert(trip_weeks), rows)
            _put_first(connection, entries)

    def current(self) -> TripView | None:
        """What is packed, None when nothing is."""
        with self._store.read() as connection:
            trip = connection.execute(select(trips)).first()
            if trip is None:
                return None
            rows = list(connection.execute(select(trip_weeks).order_by(trip_weeks.c.position)))
            packed = self._packed(connection, rows)
        report = _report(trip.report)
        return TripView(
            id=trip.id,
            made_at=trip.made_at,
            ends_at=trip.ends_at,
            over=trip.ends_at <= self._store.clock.now(),
            state=_state([week.state for week in packed.weeks]),
            weeks=packed.weeks,
            bytes_total=packed.bytes_total,
            bytes_done=packed.bytes_done,
            report=report,
            outdated=report is not None and packed.newest is not None and packed.newest > report.at,
        )

    def fetch_again(self) -> None:
        """Queue whatever of the trip is missing: damaged since, taken out of the queue, stopped, or new in the course.
        Weeks that are not part of a course any more are left out."""
        with self._store.write({"downloads", "courses", "trips"}) as connection:
            rows = list(connection.execute(select(trip_weeks).order_by(trip_weeks.c.position)))
            weeks = self._packed(connection, rows).weeks
            entries = [
                self._queue.enqueue(connection, week.course_id, WEEK, str(week.number))
                for week in weeks
                if week.state not in (READY, PACKING)
            ]
            _put_first(connection, entries)

    def cancel(self) -> None:
        """Forget the trip, and take out of the queue what came into it by it and is not here. Files stay."""
        with self._store.read() as connection:
            rows = [row for row in connection.execute(select(trip_weeks)) if row.own]
            weeks = self._packed(connection, rows).weeks
        self.end()
        for week in weeks:
            if week.download_id and week.state != READY:
                self._queue.cancel(week.download_id)

    def end(self) -> None:
        """The trip is over: nothing is kept for it any more. Files and queue stay."""
        with self._store.write({"trips"}, durable=True) as connection:
            connection.execute(delete(trips))

    def keep_report(self, trip_id: str, report: Report) -> None:
        """Remember how a check of this trip ended. Of another trip than there is by now: nothing happens."""
        with self._store.write({"trips"}) as connection:
            connection.execute(update(trips).where(trips.c.id == trip_id).values(report=encode(report)))

    # --- inside --------------------------------------------------------------------------------------------------

    def _week_titles(self, connection: Connection, version: str) -> dict[int, str]:
        manifest = self._store.manifest(connection, version)
        return {week.number: week.title for week in manifest.weeks} if manifest else {}

    def _plan(self, connection: Connection, weeks: Collection[Week]) -> TripPlan:
        study = {course.course_id: course for course in read_study(connection)}
        ordered = in_study_order(study.values(), weeks)
        files: dict[Week, dict[str, tuple[int, int]]] = defaultdict(dict)
        by_version = {(study[course_id].version, number): (course_id, number) for course_id, number in ordered}
        for row in files_of(connection, by_version):
            missing = 0 if row.state == READY else row.size
            files[by_version[row.version, row.week]][row.sha256] = (row.size, missing)
        every = {sha256: sizes for week in ordered for sha256, sizes in files[week].items()}
        missing = sum(sizes[1] for sizes in every.values())
        free = self._store.bytes_free(read_rules(connection).floor)
        return TripPlan(
            weeks=tuple(ordered),
            files=len(every),
            bytes_missing=missing,
            bytes_total=sum(sizes[0] for sizes in every.values()),
            bytes_free=free,
            leave_out=_leave_out(ordered, files, free) if missing > free else (),
        )

    def _packed(self, connection: Connection, rows: Sequence[Any]) -> _Packed:
        """The weeks of a trip as they are now."""
        enrolled = studied(connection)
        versions: dict[str, str] = {
            row.course_id: enrolled[row.course_id].enrollment.version for row in rows if row.course_id in enrolled
        }
        titles = state.course_titles(connection)
        wanted = {(versions[row.course_id], row.week) for row in rows if row.course_id in versions}
        files: dict[tuple[str, int], list[Any]] = defaultdict(list)
        every: dict[str, Any] = {}
        for found in files_of(connection, wanted):
            files[found.version, found.week].append(found)
            every[found.sha256] = found
        entries = {(row.course_id, row.scope): row for row in connection.execute(select(downloads))}
        weeks = []
        for row in rows:
            if row.course_id not in versions:
                continue  # given up meanwhile
            version = versions[row.course_id]
            mine = files[version, row.week]
            entry = entries.get((row.course_id, f"{WEEK}:{row.week}"))
            here = all(found.state == READY for found in mine)
            weeks.append(
                PackedWeek(
                    course_id=row.course_id,
                    course_title=titles.get(row.course_id, ""),
                    number=row.week,
                    title=self._week_titles(connection, version).get(row.week, ""),
                    state=READY if here else _week_state(entry),
                    bytes_total=sum(found.size for found in mine),
                    bytes_done=sum(found.size for found in mine if found.state == READY),
                    download_id=entry.id if entry else "",
                    problem=entry.problem if entry and not here else "",
                    way_out=entry.way_out if entry and not here else "",
                )
            )
        ready = [found for found in every.values() if found.state == READY]
        return _Packed(
            weeks=tuple(weeks),
            bytes_total=sum(found.size for found in every.values()),
            bytes_done=sum(found.size for found in ready),
            newest=max((found.ready_at for found in ready if found.ready_at is not None), default=None),
        )


def in_study_order(study: Iterable[StudyCourse], weeks: Collection[Week]) -> list[Week]:
    """Courses in which something is due first come first; within one the weeks follow each other. Weeks that are not
    known are left out."""
    chosen: list[tuple[datetime, str, list[StudyWeek], str]] = []
    for course in study:
        mine = [week for week in course.weeks if (course.course_id, week.number) in weeks]
        due = min((week.due_at for week in mine if week.due_at is not None), default=_LATER)
        chosen.append((due, course.title.casefold(), mine, course.course_id))
    chosen.sort(key=lambda entry: (entry[0], entry[1], entry[3]))
    return [(course_id, week.number) for _, _, mine, course_id in chosen for week in mine]


def _leave_out(ordered: list[Week], files: dict[Week, dict[str, tuple[int, int]]], free: int) -> tuple[Week, ...]:
    """What does not fit when room is given in the order of study. Of a course no week comes after one left out."""
    taken: set[str] = set()
    out: list[Week] = []
    without: set[str] = set()
    for week in ordered:
        needs = sum(missing for sha256, (_, missing) in files[week].items() if sha256 not in taken)
        if needs and (week[0] in without or needs > free):
            without.add(week[0])
            out.append(week)
        else:
            taken |= files[week].keys()
            free -= needs
    return tuple(reversed(out))


def _week_state(entry: Any) -> str:
    """Of a week of which files are missing."""
    if entry is None or entry.state == READY:
        return MISSING  # taken out of the queue; or it was ready, and the course has new files since
    return {PAUSED: PAUSED, FAILED: FAILED}.get(entry.state, PACKING)


def _state(weeks: Collection[str]) -> str:
    if all(found == READY for found in weeks):
        return READY
    if PACKING in weeks:
        return PACKING
    return STOPPED if {FAILED, MISSING} & set(weeks) else PAUSED


def _report(body: bytes | None) -> Report | None:
    try:
        return decode(body, Report) if body else None
    except WireError:
        return None  # of another version: the next check writes one that can be read


def _put_first(connection: Connection, entries: list[str]) -> None:
    """Before everything else that is not here, in this order."""
    rest = select(downloads.c.id).where(downloads.c.id.not_in(entries)).order_by(downloads.c.state == READY)
    order = [*entries, *connection.execute(rest.order_by(downloads.c.position)).scalars()]
    for position, entry in enumerate(order):
        connection.execute(update(downloads).where(downloads.c.id == entry).values(position=position))
