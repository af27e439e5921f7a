"""Who is enrolled in what, and which blobs that opens."""

from __future__ import annotations

from protocol import errors
from protocol.feeds import AddressAnswer
from protocol.ids import Sha256
from protocol.packs import FULL, LARGEST, MOST, write_pack
from server.accounts.models import User
from server.catalog.addresses import sign_address
from server.catalog.blobs import blob_path
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
    known = _open_to(user, course, wanted)
    return AddressAnswer(
        addresses=tuple(sign_address(sha256, user.pk) for sha256 in dict.fromkeys(wanted) if sha256 in known)
    )


def pack_for(user: User, course: Course, wanted: tuple[Sha256, ...]) -> bytes:
    """Small ones of those blobs that belong to the course, as many as one pack holds, in the order asked for.

    Raises:
        RefusedError: as ``addresses_for``.
    """
    if len(wanted) > MOST:
        raise RefusedError(errors.TOO_LARGE, f"At most {MOST} files in a pack.", "Ask for fewer.")
    known = _open_to(user, course, wanted)
    sizes = dict(Blob.objects.filter(pk__in=known, size__lte=LARGEST).values_list("pk", "size"))
    left_out: list[Sha256] = []
    packed: list[tuple[Sha256, bytes]] = []
    room = FULL
    for sha256 in dict.fromkeys(wanted):
        try:
            if sizes[sha256] > room and packed:
                break
            packed.append((sha256, blob_path(sha256).read_bytes()))
            room -= sizes[sha256]
        except (KeyError, OSError):  # not of this course, too large, or its file is gone: its own address says which
            left_out.append(sha256)
    return write_pack(packed, left_out)


def _open_to(user: User, course: Course, wanted: tuple[Sha256, ...]) -> set[str]:
    """Those of ``wanted`` that the course has and this learner may have.

    Raises:
        RefusedError: not_a_member, contract_ended; not_enrolled when more than the catalog's picture is wanted.
    """
    require_membership(user, course.program_id)
    if is_enrolled(user, course.pk):
        known = set(CourseBlob.objects.filter(course=course, blob_id__in=wanted).values_list("blob_id", flat=True))
        return known | ({course.picture_id} if course.picture_id else set())
    if set(wanted) <= {course.picture_id}:
        return set(Blob.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    raise not_enrolled()
