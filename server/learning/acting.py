"""What every effect of an action gets, and finding the learner's course and item."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from protocol.actions import Action
from protocol.manifest import Item
from server.accounts.models import User
from server.catalog.manifests import items_of
from server.catalog.models import CourseVersion
from server.feeds.writing import FeedWriter
from server.learning.models import Enrollment
from server.refusals import bad_request, not_enrolled, not_found

_CLIENT_ID = re.compile(r"[A-Za-z0-9_:.-]{1,64}")


@dataclass(frozen=True)
class Acting:
    """One action being judged. ``happened_at`` is its corrected moment; ``now`` the server's."""

    user: User
    feed: FeedWriter
    action: Action
    happened_at: datetime
    now: datetime


def check_client_id(value: str) -> str:
    """An id that a client made.

    Raises:
        RefusedError: bad_request.
    """
    if not _CLIENT_ID.fullmatch(value):
        raise bad_request("an id must be 1 to 64 letters, digits or hyphens")
    return value


def latest_enrollment(acting: Acting, course_id: str) -> Enrollment:
    """The enrollment that is held, else the last one given up: what was done before still counts.

    Raises:
        RefusedError: not_enrolled, when there never was one.
    """
    rows = Enrollment.objects.filter(user=acting.user, course_id=course_id).order_by("-enrolled_at", "-pk")
    found = sorted(rows, key=lambda row: row.state == Enrollment.UNENROLLED)
    if not found:
        raise not_enrolled()
    return found[0]


def item_in_course(enrollment: Enrollment, item_id: str) -> Item:
    """The item as the enrollment's version has it, else as any other version does.

    Raises:
        RefusedError: not_found.
    """
    found = next(_in_versions(enrollment, item_id), None)
    if found is None:
        raise not_found()
    return found


def item_as_taken(enrollment: Enrollment, item_id: str, quiz: str) -> Item:
    """The item as that version of the course has it in which the quiz document ``quiz`` is its quiz; else as
    ``item_in_course``.

    Raises:
        RefusedError: not_found.
    """
    for item in _in_versions(enrollment, item_id):
        if item.quiz is not None and item.quiz.asset == quiz:
            return item
    return item_in_course(enrollment, item_id)


def _in_versions(enrollment: Enrollment, item_id: str) -> Iterator[Item]:
    """The item in each version that has it: the enrollment's first, then the newest."""
    if item := items_of(enrollment.version_id).get(item_id):
        yield item
    others = CourseVersion.objects.filter(course_id=enrollment.course_id).exclude(pk=enrollment.version_id)
    for version in others.order_by("-created_at").values_list("pk", flat=True):
        if item := items_of(version).get(item_id):
            yield item
