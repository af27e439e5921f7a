"""Manifests, addresses and blobs: exact bytes, ranges, signatures."""

from __future__ import annotations

import hashlib
import os
import re
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from pytest_django import Settings

from protocol.catalog import CourseDescription
from protocol.feeds import AddressAnswer, AddressRequest
from protocol.ids import Sha256
from protocol.learning import Enrollment
from protocol.manifest import CourseManifest, assets_of
from protocol.wire import decode
from server.catalog.blobs import blob_path, store_bytes
from server.catalog.models import Blob, Course, CourseBlob
from tests.server.api import Api, body_of, error_of
from tests.server.conftest import Clock
from tests.server.program_folder import COURSE_ID, LECTURE, READING

DATA = bytes(range(256)) * 5000  # more than one chunk


def addresses(api: Api, *blobs: str) -> AddressAnswer:
    wanted = AddressRequest(blobs=tuple(Sha256(blob) for blob in blobs))
    return api.post(f"/v1/courses/{COURSE_ID}/addresses", wanted, AddressAnswer)


def manifest(api: Api) -> CourseManifest:
    (enrollment,) = api.bodies("enrollment", Enrollment).values()
    response = api.send("GET", f"/v1/manifests/{enrollment.version}")
    assert hashlib.sha256(body_of(response)).hexdigest() == enrollment.version
    assert "immutable" in response["Cache-Control"]
    return decode(body_of(response), CourseManifest)


@pytest.fixture
def address(learner: Api) -> str:
    """The signed address of ``DATA``."""
    sha256 = store_bytes(DATA)
    blob = Blob.objects.create(sha256=sha256, size=len(DATA), media_type="video/webm")
    CourseBlob.objects.create(course_id=COURSE_ID, blob=blob)
    return addresses(learner, sha256).addresses[0].url


def test_everything_the_manifest_lists_can_be_fetched(learner: Api) -> None:
    course = manifest(learner)
    assert {item.id for item in course.items()} >= {LECTURE, READING}
    for item in course.items():
        assert assets_of(item, course), item.id
    answer = addresses(learner, *(asset.sha256 for asset in course.assets))
    assert len(answer.addresses) == len(course.assets)
    by_hash = {asset.sha256: asset for asset in course.assets}
    for address in answer.addresses:
        response = Api().send("GET", address.url)
        body = body_of(response)
        assert hashlib.sha256(body).hexdigest() == address.sha256
        assert len(body) == by_hash[address.sha256].size
        assert response["Content-Type"] == by_hash[address.sha256].media_type


def test_a_reading_names_its_pictures(learner: Api) -> None:
    course = manifest(learner)
    reading = next(item.reading for item in course.items() if item.id == READING)
    assert reading
    (picture,) = reading.pictures
    (address,) = addresses(learner, reading.asset).addresses
    text = body_of(Api().send("GET", address.url)).decode()
    assert f'src="asset:{picture}"' in text
    assert "$a_1 &lt; b$" in text


def test_the_description_is_for_members(member: Api) -> None:
    description = member.get(f"/v1/courses/{COURSE_ID}/description", CourseDescription)
    assert description.about_html == "<p>Everything <strong>important</strong>.</p>\n"
    assert [(week.videos, week.readings, week.quizzes, week.others) for week in description.syllabus] == [
        (1, 1, 1, 0),
        (0, 0, 1, 2),
    ]
    assert description.instructors[0].name == "The library's team"
    assert member.refused("GET", "/v1/courses/no-such/description") == (404, "not_found")


def test_a_member_who_is_not_enrolled_gets_the_catalogs_picture_only(member: Api) -> None:
    course = Course.objects.get()
    assert course.picture_id
    assert [one.sha256 for one in addresses(member, course.picture_id).addresses] == [course.picture_id]
    other = CourseBlob.objects.exclude(blob_id=course.picture_id).values_list("blob_id", flat=True)[0]
    wanted = AddressRequest(blobs=(Sha256(course.picture_id), Sha256(other)))
    path = f"/v1/courses/{COURSE_ID}/addresses"
    assert member.refused("POST", path, wanted) == (403, "not_enrolled")
    assert member.refused("GET", f"/v1/manifests/{course.version_id}") == (403, "not_enrolled")


def test_blobs_of_elsewhere_are_left_out(learner: Api) -> None:
    sha256 = store_bytes(b"of another course")
    Blob.objects.create(sha256=sha256, size=17, media_type="text/plain")
    assert addresses(learner, sha256, "0" * 64).addresses == ()


def test_at_most_500_addresses_at_once(learner: Api) -> None:
    wanted = AddressRequest(blobs=tuple(Sha256(f"{number:064x}") for number in range(501)))
    assert learner.refused("POST", f"/v1/courses/{COURSE_ID}/addresses", wanted) == (413, "too_large")


def test_the_whole_blob(address: str) -> None:
    response = Api().send("GET", address)
    assert body_of(response) == DATA
    sha256 = hashlib.sha256(DATA).hexdigest()
    assert response["ETag"] == f'"{sha256}"'
    assert response["Accept-Ranges"] == "bytes"
    assert "immutable" in response["Cache-Control"]
    assert response["Content-Length"] == str(len(DATA))
    head = Api().send("HEAD", address)
    assert (head.status_code, head["Content-Length"], body_of(head)) == (200, str(len(DATA)), b"")
    assert Api().send("GET", address, If_None_Match=f'"{sha256}"').status_code == 304


@pytest.mark.parametrize(
    ("header", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-", 0, len(DATA)),
        ("bytes=100-199", 100, 200),
        (f"bytes={len(DATA) - 5}-", len(DATA) - 5, len(DATA)),
        ("bytes=-7", len(DATA) - 7, len(DATA)),
        ("bytes=-99999999999", 0, len(DATA)),
        ("bytes=10-99999999999", 10, len(DATA)),
    ],
)
def test_a_range(address: str, header: str, start: int, end: int) -> None:
    response = Api().send("GET", address, Range=header)
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {start}-{end - 1}/{len(DATA)}"
    assert body_of(response) == DATA[start:end]
    assert response["Content-Length"] == str(end - start)


@pytest.mark.parametrize("header", [f"bytes={len(DATA)}-", f"bytes={len(DATA)}-{len(DATA) + 5}", "bytes=-0"])
def test_a_range_behind_the_end(address: str, header: str) -> None:
    response = Api().send("GET", address, Range=header)
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(DATA)}"


@pytest.mark.parametrize("header", ["bytes=5-2", "bytes=0-1,5-9", "lines=1-2", "bytes=", "bytes=-", "bytes=a-b"])
def test_what_is_no_single_range_gets_the_whole(address: str, header: str) -> None:
    response = Api().send("GET", address, Range=header)
    assert (response.status_code, body_of(response)) == (200, DATA)


def test_if_range(address: str) -> None:
    mine = f'"{hashlib.sha256(DATA).hexdigest()}"'
    assert Api().send("GET", address, Range="bytes=5-", If_Range=mine).status_code == 206
    whole = Api().send("GET", address, Range="bytes=5-", If_Range='"another"')
    assert (whole.status_code, body_of(whole)) == (200, DATA)


def test_an_address_is_for_this_blob_this_account_and_this_time(address: str, learner: Api, clock: Clock) -> None:
    assert learner.account in address
    other = addresses(learner, manifest(learner).assets[0].sha256).addresses[0].url
    forged = [
        address.replace(learner.account, learner.account[:-1] + "x"),
        re.sub(r"expires=(\d)", r"expires=9\1", address),
        address.partition("?")[0],
        address.partition("?")[0] + "?" + other.partition("?")[2],
        address[:-1],
        address + "x",
        address.replace("expires=", "expires=x"),
    ]
    for url in forged:
        response = Api().send("GET", url)
        assert response.status_code == 403, url
        assert error_of(response).code == "address_expired"
    assert Api().send("GET", address).status_code == 200
    clock.forward(hours=2, seconds=1)
    assert Api().refused("GET", address) == (403, "address_expired")


def test_the_web_server_can_be_told_to_send(address: str, settings: Settings) -> None:
    settings.BLOB_ACCEL_PREFIX = "/_blobs/"
    response = Api().send("GET", address)
    sha256 = hashlib.sha256(DATA).hexdigest()
    assert response["X-Accel-Redirect"] == f"/_blobs/{sha256[:2]}/{sha256}"
    assert body_of(response) == b""
    assert response["ETag"] == f'"{sha256}"'


def test_a_file_that_was_lost_is_not_found(address: str) -> None:
    blob_path(hashlib.sha256(DATA).hexdigest()).unlink()
    assert Api().refused("GET", address) == (404, "not_found")


def test_a_browser_runs_nothing_from_a_blob(address: str) -> None:
    response = Api().send("GET", address)
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_blob_is_written_once_and_a_broken_one_again(media_folder: Path) -> None:
    sha256 = store_bytes(b"content")
    path = blob_path(sha256)
    assert path.is_relative_to(django_settings.MEDIA_FOLDER)
    before = path.stat().st_ino
    store_bytes(b"content")
    assert path.stat().st_ino == before
    path.write_bytes(b"cont")  # the power went while it was written by something else
    store_bytes(b"content")
    assert path.read_bytes() == b"content"
    assert [entry.name for entry in path.parent.iterdir()] == [sha256]


def test_files_of_a_load_that_failed_are_removed_when_they_are_old(learner: Api, media_folder: Path) -> None:
    kept = {path for path in media_folder.rglob("*") if path.is_file()}
    orphan, young, part = (blob_path(store_bytes(name)) for name in (b"orphan", b"young", b"part"))
    part = part.rename(part.with_name(".part-x"))
    for path in (*kept, orphan, part):
        os.utime(path, (0, 0))
    said = StringIO()
    call_command("prune_blobs", stdout=said)
    assert said.getvalue() == "2 files removed.\n"
    assert {path for path in media_folder.rglob("*") if path.is_file()} == kept | {young}
    os.utime(young, (0, 0))
    store_bytes(b"young")  # wanted again, by a load that has not written its rows yet
    call_command("prune_blobs", stdout=said)
    assert young.is_file()


def test_a_logo_is_for_anybody(learner: Api) -> None:
    response = Api().send("GET", "/v1/programs/evening-school/logo")
    assert response["Content-Type"] == "image/svg+xml"
    assert Api().refused("GET", "/v1/programs/elsewhere/logo") == (404, "not_found")
