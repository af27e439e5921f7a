"""A course the learner is enrolled in: its outline, and where an item stands in it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from desktop.models import state
from desktop.models.blobs import blob_path
from desktop.models.offline import together
from desktop.models.store import Store
from desktop.models.views import (
    ItemPlace,
    ItemRow,
    LessonView,
    ModuleView,
    OutlineView,
    ResourceView,
    WeekView,
)
from desktop.services.course_state import (
    CourseState,
    Step,
    course_of_item,
    next_step,
    not_found,
    percent_done,
    read_course,
    version_sizes,
)
from protocol.manifest import READING, VIDEO, CourseManifest, Week


class Courses:
    """Courses the learner is enrolled in."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def outline(self, course_id: str) -> OutlineView:
        """A course with every item's state. ``ready`` is False while its content has not arrived.

        Raises:
            Problem: ``not_enrolled``.
        """
        with self._store.read() as connection:
            course = read_course(self._store, connection, course_id)
            enrollment = course.enrollment.enrollment
            if course.manifest is None:
                entry = state.entry_of(connection, course_id)
                title, partner = (entry.title, entry.partner) if entry else ("", "")
                return OutlineView(course_id, enrollment.id, title, partner, ready=False)
            sizes = version_sizes(connection, enrollment.version)
            rows: dict[str, ItemRow] = {item.id: course.row(item) for item in course.manifest.items()}
            steps = [
                _step(rows[item.id], week.number)
                for week in course.manifest.weeks
                for module in week.modules
                for lesson in module.lessons
                for item in lesson.items
            ]
            return OutlineView(
                course_id=course_id,
                enrollment_id=enrollment.id,
                title=course.manifest.title,
                partner=course.manifest.partner,
                ready=True,
                percent=percent_done(steps),
                welcome_html=course.manifest.welcome_html,
                instructors=course.manifest.instructors,
                weeks=_weeks(course, course.manifest, rows, sizes),
                next_step=next_step(steps, course.progress, course.positions, course.pending_grades),
                overdue=sum(row.overdue for row in rows.values()),
                resources=self._resources(connection, course.manifest),
                version=enrollment.version,
            )

    def place(self, item_id: str) -> ItemPlace:
        """Where an item stands. Which page opens it: ``place.item.kind``.

        Raises:
            Problem: ``not_found``, ``not_enrolled``.
        """
        with self._store.read() as connection:
            return place_of(self._store, connection, item_id)

    def _resources(self, connection: Connection, manifest: CourseManifest) -> tuple[ResourceView, ...]:
        sizes = {asset.sha256: asset.size for asset in manifest.assets}
        ready = state.ready_blobs(connection, (resource.asset for resource in manifest.resources))
        return tuple(
            ResourceView(
                title=resource.title,
                url=resource.url,
                asset=resource.asset or "",
                size=sizes.get(resource.asset, 0) if resource.asset else 0,
                path=blob_path(self._store.assets, resource.asset) if resource.asset in ready else None,
            )
            for resource in manifest.resources
        )


def place_of(store: Store, connection: Connection, item_id: str) -> ItemPlace:
    """See ``Courses.place``; in the caller's snapshot."""
    course = read_course(store, connection, course_of_item(connection, item_id))
    if course.manifest is None:
        raise not_found()
    order = course.manifest.items()
    index = next((number for number, item in enumerate(order) if item.id == item_id), None)
    if index is None:
        raise not_found()
    for week in course.manifest.weeks:
        for module in week.modules:
            for lesson in module.lessons:
                if any(item.id == item_id for item in lesson.items):
                    return ItemPlace(
                        item=course.row(order[index]),
                        course_id=course.course_id,
                        course_title=course.manifest.title,
                        week_number=week.number,
                        lesson_title=lesson.title,
                        lesson_items=tuple(course.row(item) for item in lesson.items),
                        previous_item=course.row(order[index - 1]) if index else None,
                        next_item=course.row(order[index + 1]) if index + 1 < len(order) else None,
                    )
    raise not_found()


def _step(row: ItemRow, week: int) -> Step:
    return Step(row.item_id, row.kind, row.title, row.minutes, row.required, row.state == "done", week)


def _weeks(
    course: CourseState, manifest: CourseManifest, rows: dict[str, ItemRow], sizes: dict[int, tuple[int, int]]
) -> tuple[WeekView, ...]:
    found: list[WeekView] = []
    current_found = False
    for week in manifest.weeks:
        here = [rows[item.id] for module in week.modules for lesson in module.lessons for item in lesson.items]
        required = [row for row in here if row.required] or here
        done = all(row.state == "done" for row in required)
        current = not done and not current_found
        current_found = current_found or current
        found.append(_week(course, week, rows, "done" if done else "current" if current else "todo", sizes))
    return tuple(found)


def _week(
    course: CourseState, week: Week, rows: dict[str, ItemRow], week_state: str, sizes: dict[int, tuple[int, int]]
) -> WeekView:
    modules = tuple(
        ModuleView(
            module.title,
            module.summary,
            tuple(LessonView(lesson.title, tuple(rows[item.id] for item in lesson.items)) for lesson in module.lessons),
        )
        for module in week.modules
    )
    here = [row for module in modules for lesson in module.lessons for row in lesson.items]
    total, ready = sizes.get(week.number, (0, 0))
    return WeekView(
        number=week.number,
        title=week.title,
        state=week_state,
        starts_at=course.enrollment.enrollment.session_starts_at + timedelta(days=7 * (week.number - 1)),
        minutes=sum(row.minutes for row in here),
        videos_left_minutes=_minutes_left(here, VIDEO),
        readings_left_minutes=_minutes_left(here, READING),
        modules=modules,
        bytes_total=total,
        bytes_ready=ready,
        offline=together([row.offline for row in here]),
    )


def _minutes_left(rows: list[ItemRow], kind: str) -> int:
    return sum(row.minutes for row in rows if row.kind == kind and row.state != "done")
