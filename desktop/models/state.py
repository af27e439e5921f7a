"""Reads of the learner's state: the server's rows with the overlay on them, in as few queries as can be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from msgspec import structs
from sqlalchemy import Column, Connection, Select, Table, case, func, select

from desktop.models import overlay
from desktop.models.catalog import catalog_entries
from desktop.models.courses import item_assets, items, manifests
from desktop.models.files import assets, download_files, downloads
from desktop.models.learning import (
    attempts,
    deadlines,
    enrollments,
    grades,
    notes,
    positions,
    progress,
    saved_courses,
)
from desktop.models.outbox import PENDING, REFUSED, Pending
from desktop.models.work import outbox, practice_results
from protocol.actions import ENROLL, ResetDeadlines, SubmitAttempt
from protocol.catalog import CatalogEntry
from protocol.ids import Sha256, VersionId
from protocol.learning import Attempt, Deadline, Enrollment, Grade, Note, Position, Progress
from protocol.quizzes import QuizResult

T = TypeVar("T")


def _server_columns(table: Table, *without: str) -> list[Column[Any]]:
    return [column for column in table.columns if column.name not in {"revision", *without}]


def _of(query: Select[Any], table: Table, course_id: str, item_id: str = "") -> Select[Any]:
    if course_id:
        query = query.where(table.c.course_id == course_id)
    if item_id:
        query = query.where(table.c.item_id == item_id)
    return query


def _structs(connection: Connection, query: Select[Any], kind: type[T]) -> list[T]:
    """Rows as wire types: the columns have the fields' names."""
    result = connection.execute(query)
    names = list(result.keys())
    return [kind(**dict(zip(names, row, strict=True))) for row in result]


def enrolled(connection: Connection, actions: tuple[Pending, ...]) -> dict[str, overlay.EnrollmentState]:
    """The enrollment that counts, by course, on the version that can be shown: until a new one has arrived that is
    the one before it."""
    rows = _structs(connection, select(*_server_columns(enrollments)), Enrollment)
    found = overlay.enrollments(rows, actions, lambda course_id: newest_version(connection, course_id))
    here = connection.execute(select(manifests.c.version, manifests.c.course_id).order_by(manifests.c.fetched_at))
    newest: dict[str, str] = {}
    versions: set[str] = set()
    for row in here:
        newest[row.course_id] = row.version
        versions.add(row.version)
    return {
        course_id: _on_version(state, newest[course_id])
        if course_id in newest and state.enrollment.version not in versions
        else state
        for course_id, state in found.items()
    }


def _on_version(state: overlay.EnrollmentState, version: str) -> overlay.EnrollmentState:
    return replace(state, enrollment=structs.replace(state.enrollment, version=VersionId(Sha256(version))))


def newest_version(connection: Connection, course_id: str) -> str | None:
    """The newest version of a course that any catalog names."""
    entry = entry_of(connection, course_id)
    return entry.version if entry else None


def entry_of(connection: Connection, course_id: str, program_id: str = "") -> CatalogEntry | None:
    """A course's tile, of one program if that is named."""
    query = select(catalog_entries.c.entry).where(catalog_entries.c.course_id == course_id)
    if program_id:
        query = query.where(catalog_entries.c.program_id == program_id)
    entry: CatalogEntry | None = connection.execute(query.limit(1)).scalar()
    return entry


@dataclass(frozen=True)
class Refusal:
    """Why the server did not enroll the learner."""

    made_at: datetime
    text: str


def refused_enrollments(connection: Connection) -> dict[str, Refusal]:
    """The newest refusal of an enrollment, by course."""
    rows = connection.execute(
        select(outbox.c.course_id, outbox.c.made_at, outbox.c.error_text, outbox.c.error_way_out)
        .where(outbox.c.state == REFUSED, outbox.c.kind == ENROLL)
        .order_by(outbox.c.sequence)
    )
    return {row.course_id: Refusal(row.made_at, f"{row.error_text} {row.error_way_out}".strip()) for row in rows}


def saved(connection: Connection, actions: tuple[Pending, ...]) -> dict[str, datetime]:
    """Courses kept for later."""
    rows = connection.execute(select(saved_courses.c.course_id, saved_courses.c.saved_at))
    return overlay.saved_courses({row.course_id: row.saved_at for row in rows}, actions)


def progress_of(
    connection: Connection,
    actions: tuple[Pending, ...],
    course_id: str = "",
    *,
    item_id: str = "",
    watched: bool = True,
) -> dict[str, Progress]:
    """Progress by item. Lists that do not show what was watched leave it out: it is the long part."""
    columns = _server_columns(progress) if watched else _server_columns(progress, "watched")
    rows = _structs(connection, _of(select(*columns), progress, course_id, item_id), Progress)
    found: dict[str, Progress] = {row.item_id: row for row in rows}
    if not any(isinstance(action.body, SubmitAttempt) for action in actions):
        return overlay.progress(found, actions)
    practised = set(connection.execute(select(practice_results.c.item_id)).scalars())
    return overlay.progress(found, actions, practised)


def positions_of(
    connection: Connection, actions: tuple[Pending, ...], course_id: str = "", item_id: str = ""
) -> dict[str, Position]:
    """Where the learner stopped, by item."""
    rows = _structs(connection, _of(select(*_server_columns(positions)), positions, course_id, item_id), Position)
    return overlay.positions({row.item_id: row for row in rows}, actions)


def notes_of(
    connection: Connection, actions: tuple[Pending, ...], course_id: str = "", item_id: str = ""
) -> dict[str, tuple[Note, bool]]:
    """Notes by id, and whether they wait to be sent."""
    rows = _structs(connection, _of(select(*_server_columns(notes)), notes, course_id, item_id), Note)
    return overlay.notes({row.id: row for row in rows}, actions)


def attempts_of(
    connection: Connection, actions: tuple[Pending, ...], course_id: str = "", item_id: str = ""
) -> dict[str, tuple[Attempt, bool]]:
    """Attempts by id, and whether they wait to be sent."""
    found = _structs(connection, _of(select(*_server_columns(attempts)), attempts, course_id, item_id), Attempt)
    return overlay.attempts(found, actions, practice_of(connection, item_id))


def practice_of(connection: Connection, item_id: str = "") -> dict[str, QuizResult]:
    """What this computer judged, by attempt."""
    query = select(practice_results.c.attempt_id, practice_results.c.result)
    if item_id:
        query = query.where(practice_results.c.item_id == item_id)
    return {row.attempt_id: row.result for row in connection.execute(query)}


def grades_of(connection: Connection, course_id: str = "") -> dict[str, Grade]:
    """Grades by item."""
    rows = _structs(connection, _of(select(*_server_columns(grades)), grades, course_id), Grade)
    return {row.item_id: row for row in rows}


def deadlines_of(
    connection: Connection,
    actions: tuple[Pending, ...],
    enrolled_in: dict[str, overlay.EnrollmentState],
    done: set[str],
    course_id: str = "",
) -> dict[str, Deadline]:
    """Due times by item."""
    rows = _structs(connection, _of(select(*_server_columns(deadlines)), deadlines, course_id), Deadline)
    found: dict[str, Deadline] = {row.item_id: row for row in rows}
    resets = {action.body.enrollment_id for action in actions if isinstance(action.body, ResetDeadlines)}
    courses: dict[str, tuple[Enrollment, dict[str, int]]] = {}
    for state in enrolled_in.values():
        enrollment = state.enrollment
        if enrollment.id in resets:
            days = connection.execute(
                select(items.c.item_id, items.c.due_day)
                .where(items.c.version == enrollment.version)
                .where(items.c.due_day.is_not(None))
            )
            courses[enrollment.id] = (enrollment, {row.item_id: row.due_day for row in days})
    return overlay.deadlines(found, actions, courses, done)


def _files_of_items(versions: list[str]) -> Select[Any]:
    """For each version and item: how many files it has, how many are here, how many large ones are not."""
    ready = case((assets.c.state == "ready", 1), else_=0)
    bulky_missing = case((item_assets.c.bulky & (func.coalesce(assets.c.state, "missing") != "ready"), 1), else_=0)
    return (
        select(
            item_assets.c.version,
            item_assets.c.item_id,
            func.count().label("files"),
            func.sum(ready).label("ready"),
            func.sum(bulky_missing).label("bulky_missing"),
        )
        .outerjoin(assets, assets.c.sha256 == item_assets.c.sha256)
        .where(item_assets.c.version.in_(versions), item_assets.c.item_id != "")
        .group_by(item_assets.c.version, item_assets.c.item_id)
    )


def offline_of(connection: Connection, versions: list[str]) -> dict[tuple[str, str], str]:
    """By version and item: none, part, ready. A lecture without its picture and sound is none: it cannot be played."""
    rows = connection.execute(_files_of_items(versions))
    return {(row.version, row.item_id): _offline(row.files, row.ready, row.bulky_missing) for row in rows}


def offline_courses(connection: Connection, versions: list[str]) -> dict[str, str]:
    """By version: ready when every item is, part when some are, else none."""
    of_items = _files_of_items(versions).subquery()
    whole = case((of_items.c.files == of_items.c.ready, 1), else_=0)
    rows = connection.execute(
        select(of_items.c.version, func.count().label("number"), func.sum(whole).label("whole")).group_by(
            of_items.c.version
        )
    )
    return {row.version: "ready" if row.whole == row.number else "part" if row.whole else "none" for row in rows}


def _offline(files: int, ready: int, bulky_missing: int) -> str:
    if ready == files:
        return "ready"
    return "none" if bulky_missing or not ready else "part"


def queued_blobs(connection: Connection) -> set[str]:
    """Blobs of downloads that wait or run."""
    rows = connection.execute(
        select(download_files.c.sha256)
        .join(downloads, downloads.c.id == download_files.c.download_id)
        .where(downloads.c.state.in_(("queued", "running")))
    )
    return {row.sha256 for row in rows}


def waiting_counts(connection: Connection) -> dict[str, int]:
    """How many actions are in each state that the learner should know of."""
    rows = connection.execute(
        select(outbox.c.state, func.count().label("number"))
        .where(outbox.c.state.in_((*PENDING, REFUSED)))
        .group_by(outbox.c.state)
    )
    return {row.state: row.number for row in rows}


def ready_blobs(connection: Connection, wanted: Iterable[str | None]) -> set[str]:
    """Those of ``wanted`` that are verified and on this computer."""
    hashes = [sha256 for sha256 in set(wanted) if sha256]
    if not hashes:
        return set()
    rows = connection.execute(select(assets.c.sha256).where(assets.c.sha256.in_(hashes), assets.c.state == "ready"))
    return set(rows.scalars())


def pending_grades(connection: Connection, actions: tuple[Pending, ...], course_id: str = "") -> set[str]:
    """Items with an attempt that nobody has judged yet. Practice was judged here, before it is sent."""
    judged = set(connection.execute(select(practice_results.c.attempt_id)).scalars())
    rows = connection.execute(
        _of(select(attempts.c.id, attempts.c.item_id), attempts, course_id).where(attempts.c.result.is_(None))
    )
    found = {row.item_id for row in rows if row.id not in judged}
    sent = [action.body for action in actions if isinstance(action.body, SubmitAttempt)]
    return found | {body.item_id for body in sent if body.attempt_id not in judged}


def course_titles(connection: Connection) -> dict[str, str]:
    """Titles by course, from manifests and catalogs."""
    titles = {row.course_id: row.title for row in connection.execute(select(manifests.c.course_id, manifests.c.title))}
    catalog = connection.execute(select(catalog_entries.c.course_id, catalog_entries.c.title))
    return titles | {row.course_id: row.title for row in catalog}


def item_titles(connection: Connection, item_ids: Iterable[str]) -> dict[str, str]:
    """Titles by item, as the newest version has them that is here."""
    query = select(items.c.item_id, items.c.title).join(manifests, manifests.c.version == items.c.version)
    query = query.where(items.c.item_id.in_(set(item_ids))).order_by(manifests.c.fetched_at)
    return {row.item_id: row.title for row in connection.execute(query)}
