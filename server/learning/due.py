"""Due times: computed from the start of the session, the course's days and the zone in which they were asked for."""

from __future__ import annotations

from protocol.conflicts import due_moment
from protocol.learning import DEADLINE
from server.catalog.manifests import items_of
from server.feeds.writing import FeedWriter
from server.learning.models import Deadline, Enrollment, Progress
from server.learning.moments import zone_named
from server.learning.wire import deadline_to_wire


def set_deadlines(feed: FeedWriter, enrollment: Enrollment) -> None:
    """Make the due times what the enrollment and its version say, but for what is done: that keeps its date. Those
    that are right already are not told again."""
    mine = {"user_id": enrollment.user_id, "course_id": enrollment.course_id}
    done = set(Progress.objects.filter(**mine).exclude(completed_at=None).values_list("item_id", flat=True))
    known = {row.item_id: row for row in Deadline.objects.filter(**mine).exclude(item_id__in=done)}
    zone = zone_named(enrollment.zone)
    for item in items_of(enrollment.version_id).values():
        if item.due_day is None or item.id in done:
            continue
        item_is_new = item.id not in known
        row = Deadline(item_id=item.id, **mine) if item_is_new else known.pop(item.id)
        due_at = due_moment(enrollment.session_starts_at, item.due_day, zone)
        if item_is_new or (row.due_at, row.zone) != (due_at, zone.key):
            row.due_at, row.zone = due_at, zone.key
            row.save()
            feed.put(DEADLINE, item.id, deadline_to_wire(row))
    for gone in known.values():
        feed.delete(DEADLINE, gone.item_id)
        gone.delete()
