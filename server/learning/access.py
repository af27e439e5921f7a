"""Who is enrolled in what, and which blobs that opens."""

from __future__ import annotations

from protocol import errors
from protocol.feeds import AddressAnswer
from protocol.ids import Sha256
from server.accounts.models import User
from server.catalog.addresses import sign_address
from server.catalog.models import Blob, Course, CourseBlob
from server.learning.models import Enrollment
from server.programs.joining import require_membership
from server.refusals import RefusedError, not_enrolled

MOST_AT_ONCE = 500


def is_enrolled(user: User, course_id: str) -> bool:
    """Whether the learner has an enrollment in the course that was not given up."""
    return Enrollment.objects.filter(user=user, course_id=course_id).exclude(state=Enrollment.UNENROLLED).exists()


def addresses_for(user: User, course: Course, wanted: tuple[Sha256, ...]) -> AddressAnswer:
    """Addresses of those blobs that belong to the course.

    Raises:
        RefusedError: not_a_member, contract_ended; not_enrolled when more than the catalog's picture is wanted;
            too_large.
    """
    if len(wanted) > MOST_AT_ONCE:
        raise RefusedError(errors.TOO_LARGE, f"At most {MOST_AT_ONCE} addresses at once.", "Ask for fewer.")
    require_membership(user, course.program_id)
    if is_enrolled(user, course.pk):
        known = set(CourseBlob.objects.filter(course=course, blob_id__in=wanted).values_list("blob_id", flat=True))
        if course.picture_id:
            known.add(course.picture_id)
    elif set(wanted) <= {course.picture_id}:
        known = set(Blob.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    else:
        raise not_enrolled()
    return AddressAnswer(
        addresses=tuple(sign_address(sha256, user.pk) for sha256 in dict.fromkeys(wanted) if sha256 in known)
    )
