"""Opening, watching, stopping, finishing."""

from __future__ import annotations

from datetime import datetime

from protocol import learning as wire
from protocol.actions import CompleteItem, OpenItem, SetPosition, Watch
from protocol.conflicts import later_position, merge_progress
from protocol.learning import ENROLLMENT, POSITION, PROGRESS
from protocol.manifest import GRADED_QUIZ, Item
from protocol.watching import Interval, is_complete
from server.catalog.manifests import items_of
from server.feeds.writing import FeedWriter
from server.learning.acting import Acting, item_in_course, latest_enrollment
from server.learning.models import Enrollment, Position, Progress
from server.learning.wire import enrollment_to_wire, position_to_wire, progress_to_wire
from server.refusals import bad_request

MOST_INTERVALS = 5_000
LONGEST_MS = 7 * 24 * 3600 * 1000


def open_item(acting: Acting, body: OpenItem) -> None:
    """The first opening counts."""
    enrollment, item = _enrolled_item(acting, body.course_id, body.item_id)
    _merge(acting, enrollment, item)


def complete_item(acting: Acting, body: CompleteItem) -> None:
    """By hand or by reading on; the first time counts. A graded quiz is done by passing it and not otherwise."""
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
    inside = tuple((max(0, start), min(end, length)) for start, end in body.intervals)
    _merge(acting, enrollment, item, watched=inside, length_ms=length)


def set_position(acting: Acting, body: SetPosition) -> None:
    """The latest by corrected time wins, whichever arrives last."""
    if not 0 <= body.position_ms <= LONGEST_MS:
        raise bad_request("a position must lie within the medium")
    _, item = _enrolled_item(acting, body.course_id, body.item_id)
    row = Position.objects.filter(user=acting.user, item_id=item.id).first()
    new = wire.Position(item_id=item.id, course_id=body.course_id, position_ms=body.position_ms, at=acting.happened_at)
    if later_position(position_to_wire(row) if row else None, new) is not new:
        return
    row = row or Position(user=acting.user, item_id=item.id)
    row.course_id, row.position_ms, row.at = new.course_id, new.position_ms, new.at
    row.save()
    acting.feed.put(POSITION, item.id, new)


def finish_item(acting: Acting, enrollment: Enrollment, item: Item) -> None:
    """Mark an item as done, and the course with its last required item."""
    _merge(acting, enrollment, item, done=True)


def _merge(
    acting: Acting,
    enrollment: Enrollment,
    item: Item,
    *,
    watched: tuple[Interval, ...] = (),
    length_ms: int = 0,
    done: bool = False,
) -> None:
    row = Progress.objects.filter(user=acting.user, item_id=item.id).first() or Progress(
        user=acting.user, item_id=item.id, course_id=enrollment.course_id
    )
    known = progress_to_wire(row)
    at = acting.happened_at
    found = merge_progress(known, opened_at=at, completed_at=at if done else None, watched=watched)
    if len(found.watched) > MOST_INTERVALS:
        raise bad_request("too many intervals")
    if length_ms and found.completed_at is None and is_complete(found.watched, length_ms):
        found = merge_progress(found, completed_at=at)
    if found == known:
        return
    row.opened_at, row.completed_at = found.opened_at, found.completed_at
    row.watched = [list(interval) for interval in found.watched]
    row.save()
    acting.feed.put(PROGRESS, row.item_id, found)
    if known.completed_at is None and found.completed_at is not None:
        finish_enrollment(acting.feed, enrollment, at)


def finish_enrollment(feed: FeedWriter, enrollment: Enrollment, at: datetime) -> None:
    """Complete the enrollment when all required items of its version are done."""
    if enrollment.state != Enrollment.ACTIVE:
        return
    required = {item.id for item in items_of(enrollment.version_id).values() if item.required}
    mine = Progress.objects.filter(user=enrollment.user_id, item_id__in=required)
    if required and mine.exclude(completed_at=None).count() == len(required):
        enrollment.state, enrollment.completed_at = Enrollment.COMPLETED, at
        enrollment.save(update_fields=["state", "completed_at"])
        feed.put(ENROLLMENT, enrollment.public_id, enrollment_to_wire(enrollment))


def _enrolled_item(acting: Acting, course_id: str, item_id: str) -> tuple[Enrollment, Item]:
    enrollment = latest_enrollment(acting, course_id)
    return enrollment, item_in_course(enrollment, item_id)
