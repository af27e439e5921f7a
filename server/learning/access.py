"""Who is enrolled in what, and which blobs that opens."""

from __future__ import annotations

from protocol import errors
from protocol.feeds import AddressAnswer
from protocol.ids import Sha256
from protocol.packs import FULL, LARGEST, MOST, write_pack
from server.accounts.models import User
from server.catalog.addresses import sign_address
from server.catalog.blobs import read_small
from server.catalog.models import Course, CourseBlob
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
    sizes = _open_to(user, course, wanted)
    left_out: list[Sha256] = []
    packed: list[tuple[Sha256, bytes]] = []
    room = FULL
    for sha256 in dict.fromkeys(wanted):
        size = sizes.get(sha256, LARGEST + 1)
        if size > LARGEST:  # not of this course, or too large: its own address says which
            left_out.append(sha256)
            continue
        if size > room and packed:
            break
        try:
            packed.append((sha256, read_small(sha256)))
        except OSError:  # its file is gone
            left_out.append(sha256)
        else:
            room -= size
    return write_pack(packed, left_out)


def _open_to(user: User, course: Course, wanted: tuple[Sha256, ...]) -> dict[str, int]:
    """Those of ``wanted`` that the course has and this learner may have, with their sizes.

    Raises:
        RefusedError: not_a_member, contract_ended; not_enrolled when more than the catalog's picture is wanted.
    """
    require_membership(user, course.program_id)
    picture = {course.picture.pk: course.picture.size} if course.picture is not None else {}
    if is_enrolled(user, course.pk):
        mine = CourseBlob.objects.filter(course=course, blob_id__in=wanted).order_by()
        return dict(mine.values_list("blob_id", "blob__size")) | picture
    if picture.keys() >= set(wanted):
        return picture
    raise not_enrolled()
