"""Descriptions, manifests, addresses of blobs, logos."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from protocol import DIGEST_HEADER
from protocol.feeds import AddressRequest
from protocol.packs import MEDIA_TYPE, PackRequest
from server.accounts.models import User
from server.api.answers import JSON, answer
from server.api.blob_answers import send_blob
from server.api.requests import body_of, session_of_request
from server.catalog.addresses import check_address
from server.catalog.models import Blob, Course, CourseVersion
from server.catalog.wire import description_to_wire
from server.learning.access import addresses_for, is_enrolled, pack_for
from server.programs.joining import require_membership
from server.programs.models import Program
from server.refusals import not_enrolled, not_found

FOR_EVER = "private, max-age=31536000, immutable"


def _course(user: User, course_id: str) -> Course:
    course = Course.objects.filter(pk=course_id).exclude(version=None).first()
    if course is None:
        raise not_found()
    require_membership(user, course.program_id)
    return course


def show_description(request: HttpRequest, course_id: str) -> HttpResponse:
    """``GET /v1/courses/{course_id}/description``. Not offered any more: only for those who are in it."""
    user = session_of_request(request).user
    course = _course(user, course_id)
    if not course.offered and not is_enrolled(user, course.pk):
        raise not_found()
    return answer(description_to_wire(course))


def show_manifest(request: HttpRequest, version: str) -> HttpResponse:
    """``GET /v1/manifests/{version}``: the very bytes whose SHA-256 is the version."""
    user = session_of_request(request).user
    row = CourseVersion.objects.select_related("course").filter(pk=version).first()
    if row is None:
        raise not_found()
    require_membership(user, row.course.program_id)
    if not is_enrolled(user, row.course_id):
        raise not_enrolled()
    response = HttpResponse(bytes(row.manifest), content_type=JSON)
    response["Cache-Control"] = FOR_EVER
    response["ETag"] = f'"{version}"'
    return response


def sign_addresses(request: HttpRequest, course_id: str) -> HttpResponse:
    """``POST /v1/courses/{course_id}/addresses``."""
    user = session_of_request(request).user
    wanted = body_of(request, AddressRequest)
    return answer(addresses_for(user, _course(user, course_id), wanted.blobs))


def send_pack(request: HttpRequest, course_id: str) -> HttpResponse:
    """``POST /v1/courses/{course_id}/packs``: see ``protocol.packs``."""
    user = session_of_request(request).user
    wanted = body_of(request, PackRequest)
    return HttpResponse(pack_for(user, _course(user, course_id), wanted.blobs), content_type=MEDIA_TYPE)


def show_logo(request: HttpRequest, program_id: str) -> HttpResponseBase:
    """``GET /v1/programs/{program_id}/logo``. Nobody knows its hash before: the answer has to say whose it is."""
    program = Program.objects.select_related("logo").filter(pk=program_id).first()
    if program is None or program.logo is None:
        raise not_found()
    response = send_blob(request, program.logo, ourselves=True)
    response[DIGEST_HEADER] = program.logo.sha256
    response["Cache-Control"] = "public, max-age=86400"
    return response


def show_blob(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """``GET /v1/blobs/{sha256}?expires=…&signature=…``."""
    check_address(sha256, request.GET.get("expires", ""), request.GET.get("signature", ""))
    blob = Blob.objects.filter(pk=sha256).first()
    if blob is None:
        raise not_found()
    response = send_blob(request, blob)
    response["Cache-Control"] = FOR_EVER
    return response
