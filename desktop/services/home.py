"""The program home: a card for each course, from a fixed number of queries however many courses there are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from desktop.models import state
from desktop.models.blobs import blob_path
from desktop.models.catalog import catalog_entries
from desktop.models.courses import items, manifests
from desktop.models.memberships import read_learner
from desktop.models.outbox import pending
from desktop.models.overlay import EnrollmentState
from desktop.models.store import Store
from desktop.models.views import CourseCard, HomeView, ProgramView
from desktop.services.course_state import Step, is_done, next_step, percent_done
from protocol.catalog import CatalogEntry
from protocol.learning import Deadline, Grade, Position, Progress

THIS_WEEK = timedelta(days=7)
CARD_STATES = {"active": "active", "completed": "completed", "unenrolled": "inactive"}


@dataclass(frozen=True)
class _Known:
    """What all cards are made of."""

    entries: dict[str, CatalogEntry]
    titles: dict[str, Any]
    steps: dict[str, list[Any]]
    progress: dict[str, Progress]
    positions: dict[str, Position]
    grades: dict[str, Grade]
    deadlines: dict[str, list[Deadline]]
    handed_in: set[str]
    offline: dict[str, str]
    pictures: set[str]
    refused: dict[str, state.Refusal]
    now: datetime


class Home:
    """The program home."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def view(self, program_id: str | None = None) -> HomeView:
        """The cards of a program; without ``program_id`` of the first active one."""
        with self._store.read() as connection:
            learner = read_learner(connection, self._store.assets)
            program = _choose(learner.programs, program_id)
            if program is None:
                return HomeView(learner, None)
            return HomeView(learner, program, self._cards(connection, program.id))

    def _cards(self, connection: Connection, program_id: str) -> tuple[CourseCard, ...]:
        actions = pending(connection)
        enrolled = {
            course_id: found
            for course_id, found in state.enrolled(connection, actions).items()
            if found.enrollment.program_id == program_id
        }
        saved = state.saved(connection, actions)
        refused = state.refused_enrollments(connection)
        wanted = enrolled.keys() | saved.keys() | refused.keys()
        entries = _entries(connection, program_id, wanted)
        versions: list[str] = [found.enrollment.version for found in enrolled.values()]
        progress = state.progress_of(connection, actions, watched=False)
        grades = state.grades_of(connection)
        done = {item_id for item_id in progress.keys() | grades.keys() if is_done(item_id, progress, grades)}
        due: dict[str, list[Deadline]] = defaultdict(list)
        for deadline in state.deadlines_of(connection, actions, enrolled, done).values():
            if deadline.item_id not in done:
                due[deadline.course_id].append(deadline)
        known = _Known(
            entries=entries,
            titles=_titles(connection, versions),
            steps=_steps(connection, versions),
            progress=progress,
            positions=state.positions_of(connection, actions),
            grades=grades,
            deadlines=due,
            handed_in=state.pending_grades(connection, actions),
            offline=state.offline_courses(connection, versions),
            pictures=state.ready_blobs(connection, (entry.picture for entry in entries.values())),
            refused=refused,
            now=self._store.clock.now(),
        )
        cards = [self._enrolled_card(found, known) for found in enrolled.values()]
        for course_id in wanted - enrolled.keys():
            entry = entries.get(course_id)
            if entry is not None:
                cards.append(self._card(entry, "saved" if course_id in saved else "active", known))
        return tuple(sorted(cards, key=lambda card: (card.state, card.title, card.course_id)))

    def _enrolled_card(self, found: EnrollmentState, known: _Known) -> CourseCard:
        enrollment = found.enrollment
        entry = known.entries.get(enrollment.course_id)
        title = known.titles.get(enrollment.version)
        steps = [
            Step(
                row.item_id,
                row.kind,
                row.title,
                row.minutes,
                row.required,
                is_done(row.item_id, known.progress, known.grades),
                row.week,
            )
            for row in known.steps.get(enrollment.version, [])
        ]
        due = [
            deadline
            for deadline in known.deadlines.get(enrollment.course_id, [])
            if deadline.item_id not in known.handed_in
        ]
        refusal = known.refused.get(enrollment.course_id)
        again_refused = refusal is not None and refusal.made_at > enrollment.enrolled_at
        starts = enrollment.session_starts_at
        return CourseCard(
            course_id=enrollment.course_id,
            title=title.title if title else entry.title if entry else "",
            partner=title.partner if title else entry.partner if entry else "",
            kind=entry.kind if entry else "course",
            state=CARD_STATES.get(enrollment.state, "active"),
            enrollment_id=enrollment.id,
            picture=self._picture(entry, known),
            percent=percent_done(steps),
            overdue=any(deadline.due_at < known.now for deadline in due),
            due_this_week=sum(known.now <= deadline.due_at < known.now + THIS_WEEK for deadline in due),
            next_step=next_step(steps, known.progress, known.positions, known.handed_in),
            offline=known.offline.get(enrollment.version, "none"),
            pending=found.pending,
            refused=refusal.text if refusal and again_refused else "",
            ready=title is not None,
            unenroll_until=enrollment.unenroll_until,
            opens_at=starts if starts > known.now else None,
        )

    def _card(self, entry: CatalogEntry, card_state: str, known: _Known) -> CourseCard:
        refusal = known.refused.get(entry.course_id)
        return CourseCard(
            course_id=entry.course_id,
            title=entry.title,
            partner=entry.partner,
            kind=entry.kind,
            state=card_state,
            picture=self._picture(entry, known),
            refused=refusal.text if refusal else "",
            ready=False,
            opens_at=entry.starts_at if entry.starts_at and entry.starts_at > known.now else None,
        )

    def _picture(self, entry: CatalogEntry | None, known: _Known) -> Path | None:
        if entry is None or entry.picture not in known.pictures or entry.picture is None:
            return None
        return blob_path(self._store.assets, entry.picture)


def _choose(programs: tuple[ProgramView, ...], program_id: str | None) -> ProgramView | None:
    if program_id is not None:
        return next((program for program in programs if program.id == program_id), None)
    active = [program for program in programs if program.state == "active"]
    return next(iter(active or programs), None)


def _entries(connection: Connection, program_id: str, wanted: set[str]) -> dict[str, CatalogEntry]:
    rows = connection.execute(
        select(catalog_entries.c.course_id, catalog_entries.c.entry)
        .where(catalog_entries.c.program_id == program_id)
        .where(catalog_entries.c.course_id.in_(wanted))
    )
    return {row.course_id: row.entry for row in rows}


def _titles(connection: Connection, versions: list[str]) -> dict[str, Any]:
    query = select(manifests.c.version, manifests.c.title, manifests.c.partner)
    return {row.version: row for row in connection.execute(query.where(manifests.c.version.in_(versions)))}


def _steps(connection: Connection, versions: list[str]) -> dict[str, list[Any]]:
    rows = connection.execute(
        select(
            items.c.version,
            items.c.item_id,
            items.c.kind,
            items.c.title,
            items.c.minutes,
            items.c.required,
            items.c.week,
        )
        .where(items.c.version.in_(versions))
        .order_by(items.c.version, items.c.position)
    )
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.version].append(row)
    return found
