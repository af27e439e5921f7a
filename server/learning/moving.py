"""A new version of a course reaches those who are in it. What they did goes along: it belongs to items, not versions.

Whoever has completed the course stays on the version that was completed.
"""

from __future__ import annotations

from django.utils import timezone

from protocol.learning import ENROLLMENT
from server.catalog.models import Course
from server.feeds.writing import FeedWriter, learner_feed_name, open_feed
from server.learning.due import set_deadlines
from server.learning.models import Enrollment
from server.learning.studying import finish_enrollment
from server.learning.wire import enrollment_to_wire


def move_learners(course: Course) -> int:
    """Move active enrollments to the course's version, one learner and one short transaction at a time; what is left
    when it is interrupted is moved by the next call. Returns how many were moved."""
    stale = Enrollment.objects.filter(course=course, state=Enrollment.ACTIVE).exclude(version=course.version_id)
    moved = 0
    for user_id, key in list(stale.values_list("user_id", "pk")):
        with open_feed(learner_feed_name(user_id)) as feed:
            # Read again under the lock: it may have been given up or moved in the meantime
            row = stale.filter(pk=key).first()
            if row is not None:
                _move(feed, row, course.version_id or "")
                moved += 1
    return moved


def _move(feed: FeedWriter, row: Enrollment, version: str) -> None:
    row.version_id = version
    row.save(update_fields=["version"])
    feed.put(ENROLLMENT, row.public_id, enrollment_to_wire(row))
    set_deadlines(feed, row)
    finish_enrollment(feed, row, timezone.now())  # what was left to do may be gone
