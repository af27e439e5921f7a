"""Opening, watching, stopping, finishing."""

from __future__ import annotations

from protocol.actions import CompleteItem, OpenItem, SetPosition, Watch
from protocol.learning import ENROLLMENT, POSITION, PROGRESS
from protocol.manifest import GRADED_QUIZ, Item
from protocol.watching import is_complete, union
from server.catalog.manifests import items_of
from server.learning.acting import Acting, item_in_course, latest_enrollment
from server.learning.models import Enrollment, Position, Progress
from server.learning.wire import enrollment_to_wire, position_to_wire, progress_to_wire
from server.refusals import bad_request

MOST_INTERVALS = 5_000
LONGEST_MS = 7 * 24 * 3600 * 1000


def open_item(acting: Acting, body: OpenItem) -> None:
    """The first opening counts."""
    _, item = _enrolled_item(acting, body.course_id, body.item_id)
    row = progress_row(acting, body.course_id, item)
    if row.opened_at is None or acting.happened_at < row.opened_at:
        row.opened_at = acting.happened_at
        _keep(acting, row)


def complete_item(acting: Acting, body: CompleteItem) -> None:
    """By hand or by reading on. A graded quiz is done by passing it and not otherwise."""
    enrollment, item = _enrolled_item(acting, body.course_id, body.item_id)
    if item.kind == GRADED_QUIZ:
        raise bad_request("a graded quiz is completed by passing it")
    finish_item(acting, enrollment, item)


def watch(acting: Acting, body: Watch) -> None:
    """The union of what all devices watched; done at ``COMPLETE_SHARE``."""
    enrollment, item = _enrolled_item(acting, body.course_id, body.item_id)
    if item.video is None:
        raise bad_request("only a video can be watched")
    length = item.video.duration_ms
    row = progress_row(acting, body.course_id, item)
    inside = [(max(0, start), min(end, length)) for start, end in body.intervals]
    watched = union([(start, end) for start, end in row.watched], inside)
    if len(watched) > MOST_INTERVALS:
        raise bad_request("too many intervals")
    changed = [list(interval) for interval in watched] != row.watched or row.opened_at is None
    row.watched = [list(interval) for interval in watched]
    row.opened_at = row.opened_at or acting.happened_at
    if row.completed_at is None and is_complete(watched, length):
        row.completed_at = acting.happened_at
        changed = True
    if changed:
        _keep(acting, row)
        if row.completed_at is not None:
            finish_enrollment(acting, enrollment)


def set_position(acting: Acting, body: SetPosition) -> None:
    """The latest by corrected time wins, whichever arrives last."""
    if not 0 <= body.position_ms <= LONGEST_MS:
        raise bad_request("a position must lie within the medium")
    _, item = _enrolled_item(acting, body.course_id, body.item_id)
    row = Position.objects.filter(user=acting.user, item_id=item.id).first()
    if row is None:
        row = Position(user=acting.user, item_id=item.id)
    elif row.at > acting.happened_at:
        return
    row.course_id, row.position_ms, row.at = body.course_id, body.position_ms, acting.happened_at
    row.save()
    acting.feed.put(POSITION, item.id, position_to_wire(row))


def progress_row(acting: Acting, course_id: str, item: Item) -> Progress:
    """The learner's row of an item, not saved when new."""
    found = Progress.objects.filter(user=acting.user, item_id=item.id).first()
    return found or Progress(user=acting.user, item_id=item.id, course_id=course_id)


def finish_item(acting: Acting, enrollment: Enrollment, item: Item) -> None:
    """Mark an item as done, once, and the course with its last required item."""
    row = progress_row(acting, enrollment.course_id, item)
    if row.completed_at is None:
        row.completed_at = acting.happened_at
        row.opened_at = row.opened_at or acting.happened_at
        _keep(acting, row)
        finish_enrollment(acting, enrollment)


def finish_enrollment(acting: Acting, enrollment: Enrollment) -> None:
    """Complete the enrollment when all required items of its version are done."""
    if enrollment.state != Enrollment.ACTIVE:
        return
    required = {item.id for item in items_of(enrollment.version_id).values() if item.required}
    done = Progress.objects.filter(user=acting.user, item_id__in=required).exclude(completed_at=None).count()
    if required and done == len(required):
        enrollment.state, enrollment.completed_at = Enrollment.COMPLETED, acting.happened_at
        enrollment.save(update_fields=["state", "completed_at"])
        acting.feed.put(ENROLLMENT, enrollment.public_id, enrollment_to_wire(enrollment))


def _enrolled_item(acting: Acting, course_id: str, item_id: str) -> tuple[Enrollment, Item]:
    enrollment = latest_enrollment(acting, course_id)
    return enrollment, item_in_course(enrollment, item_id)


def _keep(acting: Acting, row: Progress) -> None:
    row.save()
    acting.feed.put(PROGRESS, row.item_id, progress_to_wire(row))
