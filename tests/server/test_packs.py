"""Packs: what is in them, what is left out, and for whom."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator

import pytest

from protocol.ids import Sha256
from protocol.packs import FULL, LARGEST, MAGIC, MOST, PackIndex, PackRequest, read_pack, write_pack
from protocol.wire import WireError
from server.catalog.blobs import blob_path, store_bytes
from server.catalog.models import Blob, Course, CourseBlob
from tests.server.api import Api, body_of, error_of
from tests.server.program_folder import COURSE_ID


def blob_of(data: bytes, *, course: bool = True) -> Sha256:
    """Stored, of the course or of none."""
    sha256 = Sha256(store_bytes(data))
    Blob.objects.create(sha256=sha256, size=len(data), media_type="text/vtt")
    if course:
        CourseBlob.objects.create(course_id=COURSE_ID, blob_id=sha256)
    return sha256


def pack(api: Api, *blobs: str) -> tuple[PackIndex, dict[str, bytes]]:
    """Ask for one and read it."""
    response = api.send("POST", f"/v1/courses/{COURSE_ID}/packs", PackRequest(blobs=tuple(map(Sha256, blobs))))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/vnd.haversack.pack"
    index, parts = read_pack([body_of(response)])
    return index, {sha256: bytes(data) for sha256, data in parts}


def test_small_blobs_come_in_the_order_they_were_asked_for(learner: Api) -> None:
    wanted = [blob_of(f"WEBVTT {number}".encode() * 100) for number in range(30)]
    wanted.reverse()
    index, found = pack(learner, *wanted)
    assert [blob.sha256 for blob in index.blobs] == wanted == list(found)
    assert index.left_out == ()
    for sha256, data in found.items():
        assert hashlib.sha256(data).hexdigest() == sha256


def test_what_does_not_come_in_packs_is_said(learner: Api) -> None:
    small, large = blob_of(b"small"), blob_of(b"x" * (LARGEST + 1))
    another, gone, unknown = blob_of(b"of another course", course=False), blob_of(b"gone"), "0" * 64
    blob_path(gone).unlink()
    index, found = pack(learner, large, another, small, gone, unknown, small)
    assert list(found) == [small]
    assert set(index.left_out) == {large, another, gone, unknown}


def test_a_pack_is_full_some_time(learner: Api) -> None:
    size = LARGEST - 1000
    wanted = [blob_of(bytes([number]) * size) for number in range(FULL // size + 3)]
    index, found = pack(learner, *wanted)
    assert len(found) == FULL // size
    assert index.left_out == ()
    again, _ = pack(learner, *wanted[len(found) :])
    assert [blob.sha256 for blob in again.blobs] == wanted[len(found) :]


def test_too_many_are_refused(learner: Api) -> None:
    many = PackRequest(blobs=tuple(Sha256(f"{number:064x}") for number in range(MOST + 1)))
    response = learner.send("POST", f"/v1/courses/{COURSE_ID}/packs", many)
    assert (response.status_code, error_of(response).code) == (413, "too_large")


def test_the_picture_of_the_catalog_is_for_members_and_nothing_else_is(member: Api) -> None:
    secret = blob_of(b"secret")
    course = Course.objects.get(pk=COURSE_ID)
    assert course.picture_id
    if course.picture is not None and course.picture.size <= LARGEST:
        _, found = pack(member, course.picture_id)
        assert list(found) == [course.picture_id]
    request = PackRequest(blobs=(Sha256(course.picture_id), secret))
    response = member.send("POST", f"/v1/courses/{COURSE_ID}/packs", request)
    assert error_of(response).code == "not_enrolled"


GOOD = write_pack([(Sha256(hashlib.sha256(b"abc").hexdigest()), b"abc")])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        MAGIC,
        b"PK\x03\x04" + GOOD[4:],
        GOOD[:-1],
        GOOD + b"x",
        MAGIC + b"\xff\xff\xff\xff" + GOOD[12:],
        GOOD.replace(b'"size":3', b'"size":3000000'),
        GOOD.replace(b'"size":3', b'"size":4'),
        GOOD.replace(b'"size":3', b'"size":-'),
        MAGIC + len(b"{}").to_bytes(4, "big") + b"{}",
    ],
    ids=[
        "nothing",
        "no index",
        "a zip",
        "cut",
        "longer",
        "absurd index",
        "absurd size",
        "other size",
        "no number",
        "no list",
    ],
)
def test_what_is_no_pack_is_not_read(body: bytes) -> None:
    with pytest.raises(WireError):
        list(read_pack([body])[1])
    assert read_pack([GOOD])[0].blobs[0].size == 3


@pytest.mark.parametrize("size", [1, 7, 300, 100_000])
def test_a_pack_is_read_in_pieces_of_any_size(size: int) -> None:
    contents = [bytes([number]) * (number * 37 % 300) for number in range(40)]
    body = write_pack([(Sha256(hashlib.sha256(data).hexdigest()), data) for data in contents])
    given: list[int] = []

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(body), size):
            given.append(start)
            yield body[start : start + size]

    index, parts = read_pack(pieces())
    found = [bytes(data) for _, data in itertools.islice(parts, 20)]
    assert size > 300 or given[-1] < len(body) - 1000, "the second half is not waited for"
    assert found + [bytes(data) for _, data in parts] == contents
    assert [blob.size for blob in index.blobs] == [len(data) for data in contents]
