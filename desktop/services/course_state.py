"""A course as the learner has it: manifest, progress, grades, deadlines and files, read once and asked often."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from desktop.errors import Problem, mark
from desktop.models import state
from desktop.models.courses import item_assets, items, manifests
from desktop.models.files import assets
from desktop.models.learning import enrollments
from desktop.models.outbox import pending
from desktop.models.overlay import EnrollmentState
from desktop.models.store import Store
from desktop.models.views import ItemRow, NextStep
from protocol.learning import Deadline, Grade, Position, Progress
from protocol.manifest import ITEM_KINDS, CourseManifest, Item, assets_of


@dataclass(frozen=True)
class CourseState:
    """What is known of a course at one moment. ``manifest`` is None while it has not arrived."""

    course_id: str
    enrollment: EnrollmentState
    manifest: CourseManifest | None
    progress: dict[str, Progress]
    positions: dict[str, Position]
    grades: dict[str, Grade]
    deadlines: dict[str, Deadline]
    pending_grades: set[str]
    offline: dict[tuple[str, str], str]
    queued: set[str]
    now: datetime

    def done(self, item_id: str) -> bool:
        """Whether nothing is left to do."""
        return is_done(item_id, self.progress, self.grades)

    def row(self, item: Item) -> ItemRow:
        """An item's row."""
        grade, due = self.grades.get(item.id), self.deadlines.get(item.id)
        done, waits = self.done(item.id), item.id in self.pending_grades
        return ItemRow(
            item_id=item.id,
            course_id=self.course_id,
            kind=item.kind,
            title=item.title,
            minutes=item.minutes,
            state="done" if done else "started" if self._started(item.id) else "new",
            required=item.required,
            weight=item.weight,
            grade_percent=grade.percent if grade else None,
            passed=grade.passed if grade else None,
            grade_pending=waits,
            due_at=due.due_at if due else None,
            overdue=due is not None and due.due_at < self.now and not done and not waits,
            offline=self._offline(item),
            known=item.kind in ITEM_KINDS,
        )

    def _started(self, item_id: str) -> bool:
        return item_id in self.progress or item_id in self.positions or item_id in self.grades

    def _offline(self, item: Item) -> str:
        # An item without files (a kind that needs none) is never in the way of being offline.
        here = self.offline.get((self.enrollment.enrollment.version, item.id), "ready")
        if here == "ready" or not self.manifest:
            return here
        wanted = {asset.sha256 for asset in assets_of(item, self.manifest)}
        return "queued" if wanted & self.queued else here


def is_done(item_id: str, progress: dict[str, Progress], grades: dict[str, Grade]) -> bool:
    """Completed, or a graded item that was passed."""
    known = progress.get(item_id)
    if known is not None and known.completed_at is not None:
        return True
    grade = grades.get(item_id)
    return grade is not None and grade.passed


def read_course(store: Store, connection: Connection, course_id: str) -> CourseState:
    """Everything of one course.

    Raises:
        Problem: ``not_enrolled``.
    """
    actions = pending(connection)
    enrolled_in = state.enrolled(connection, actions)
    enrollment = enrolled_in.get(course_id)
    if enrollment is None:
        raise not_enrolled()
    here = tuple(action for action in actions if getattr(action.body, "course_id", course_id) == course_id)
    progress = state.progress_of(connection, here, course_id, watched=False)
    grades = state.grades_of(connection, course_id)
    done = {item_id for item_id in progress.keys() | grades.keys() if is_done(item_id, progress, grades)}
    version = enrollment.enrollment.version
    return CourseState(
        course_id=course_id,
        enrollment=enrollment,
        manifest=store.manifest(connection, version),
        progress=progress,
        positions=state.positions_of(connection, here, course_id),
        grades=grades,
        deadlines=state.deadlines_of(connection, here, {course_id: enrollment}, done, course_id),
        pending_grades=state.pending_grades(connection, here, course_id),
        offline=state.offline_of(connection, [version]),
        queued=state.queued_blobs(connection),
        now=store.clock.now(),
    )


@dataclass(frozen=True)
class Step:
    """What the choice of the next step needs to know of an item, in the order of study."""

    item_id: str
    kind: str
    title: str
    minutes: int
    required: bool
    done: bool
    week: int


def next_step(
    steps: Iterable[Step], progress: dict[str, Progress], positions: dict[str, Position], waiting: set[str]
) -> NextStep | None:
    """What to do next.

    Go on with what was touched last. If nothing is left to do about that: with the lecture that was stopped last in
    the same week; else with the first thing left after it; else with the first left.

    ``waiting``: items that were handed in and not judged; nothing is left to do about them for now.
    """
    ordered = list(steps)
    left = [step for step in ordered if not step.done and step.item_id not in waiting]
    if not left:
        return None
    chosen = next((step for step in left if step.required), left[0])
    last = max(range(len(ordered)), key=lambda index: _touched(ordered[index].item_id, progress, positions))
    if _touched(ordered[last].item_id, progress, positions):
        later = {step.item_id: step for step in ordered[last:]}
        following = [step for step in left if step.item_id in later]
        stopped = [step for step in left if step.week == ordered[last].week and _stopped(step.item_id, positions)]
        if following and following[0].item_id == ordered[last].item_id:
            chosen = following[0]
        elif stopped:
            chosen = max(stopped, key=lambda step: _touched(step.item_id, progress, positions))
        else:
            chosen = next((step for step in following if step.required), chosen)
    position = positions.get(chosen.item_id)
    return NextStep(
        item_id=chosen.item_id,
        kind=chosen.kind,
        title=chosen.title,
        minutes=chosen.minutes,
        resume_ms=position.position_ms if position else 0,
        started=position is not None or chosen.item_id in progress,
    )


def _stopped(item_id: str, positions: dict[str, Position]) -> bool:
    """Whether the learner is in the middle of it."""
    position = positions.get(item_id)
    return position is not None and position.position_ms > 0


def _touched(item_id: str, progress: dict[str, Progress], positions: dict[str, Position]) -> float:
    """When the learner was last here, in seconds since 1970; 0 for never."""
    known, position = progress.get(item_id), positions.get(item_id)
    moments = (known and known.opened_at, known and known.completed_at, position and position.at)
    return max((moment.timestamp() for moment in moments if moment), default=0.0)


def percent_done(steps: Iterable[Step]) -> int:
    """Required items that are done, of all required ones; 100 only when none is left."""
    required = [step.done for step in steps if step.required]
    return 100 * sum(required) // len(required) if required else 0


def version_sizes(connection: Connection, version: str) -> dict[int, tuple[int, int]]:
    """Bytes of each week and how many of them are here, every blob of a week once."""
    rows = connection.execute(
        select(items.c.week, item_assets.c.sha256, item_assets.c.size, assets.c.state)
        .join(items, (items.c.version == item_assets.c.version) & (items.c.item_id == item_assets.c.item_id))
        .outerjoin(assets, assets.c.sha256 == item_assets.c.sha256)
        .where(item_assets.c.version == version)
        .distinct()
    )
    sizes: dict[int, tuple[int, int]] = {}
    for row in rows:
        total, here = sizes.get(row.week, (0, 0))
        sizes[row.week] = (total + row.size, here + (row.size if row.state == "ready" else 0))
    return sizes


def course_of_item(connection: Connection, item_id: str) -> str:
    """The course that has an item.

    Raises:
        Problem: ``not_found``.
    """
    found = connection.execute(select(items.c.course_id).where(items.c.item_id == item_id).limit(1)).scalar()
    if found is None:
        raise not_found()
    return str(found)


def item_of(store: Store, connection: Connection, item_id: str) -> tuple[Item, CourseManifest]:
    """An item and its course, as the learner's enrollment has them, else as the newest version known here.

    Raises:
        Problem: ``not_found``.
    """
    found = next(item_versions(store, connection, item_id), None)
    if found is None:
        raise not_found()
    return found


def item_versions(store: Store, connection: Connection, item_id: str) -> Iterator[tuple[Item, CourseManifest]]:
    """An item as ``item_of`` gives it, then as the other versions that are here have it, newest first. What a new
    version replaces can be used until that has arrived."""
    rows = connection.execute(
        select(items.c.version, enrollments.c.state)
        .join(manifests, manifests.c.version == items.c.version)
        .outerjoin(enrollments, enrollments.c.version == items.c.version)
        .where(items.c.item_id == item_id)
        .order_by(enrollments.c.state.is_(None), manifests.c.fetched_at.desc())
    ).all()
    for row in rows:
        manifest = store.manifest(connection, row.version)
        for item in manifest.items() if manifest else ():
            if item.id == item_id and manifest:
                yield item, manifest


def not_enrolled() -> Problem:
    """The course is not the learner's."""
    return Problem(
        "not_enrolled", mark("You are not enrolled in this course."), mark("Enroll from its page in the catalog.")
    )


def not_found() -> Problem:
    """What was asked for is not in the store."""
    return Problem("not_found", mark("This is not part of your courses any more."), mark("Go back to your courses."))


def not_here() -> Problem:
    """A file that is needed has not arrived."""
    return Problem(
        "not_here",
        mark("This has not arrived on this computer yet."),
        mark("Connect to the network for a moment; Haversack fetches it by itself."),
    )
