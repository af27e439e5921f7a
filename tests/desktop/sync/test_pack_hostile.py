"""Files that are no course pack, or not as their program made them: each is refused in words of its own, and nothing of
it is left on the computer."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import func, select

from desktop.errors import Problem
from desktop.models.blobs import blob_path
from desktop.models.courses import manifests
from desktop.models.files import assets
from desktop.models.pack_views import PackResult
from desktop.sync.pack_importing import import_pack
from desktop.sync.pack_reading import look_at
from protocol.course_packs import (
    BLOCK,
    END,
    LARGEST_BLOB,
    LONGEST_HEADER,
    MOST_BLOBS,
    SIGNED,
    CoursePack,
    blob_block,
    entry_block,
    head_bytes,
    padding,
)
from protocol.feeds import PACK_KEY
from protocol.ids import CourseId, ProgramId, Sha256, VersionId
from protocol.packs import PackedBlob
from protocol.wire import encode
from tests.desktop.course import Course, make_course
from tests.desktop.packs import Computer, Signer, bytes_of, header_of

COURSE = make_course(weeks=1, video_bytes=3000)
SIGNER = Signer()
GOOD = bytes_of(COURSE, SIGNER)
HEADER = header_of(COURSE)
FIRST = GOOD.index(blob_block(HEADER.blobs[0]))
"""Where the entry of the manifest begins."""


@pytest.fixture(scope="module")
def computer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Computer]:
    """A member of the program; every test leaves it as it was."""
    made = Computer(tmp_path_factory.mktemp("hostile") / "home")
    made.joins(SIGNER)
    yield made
    made.close()


def refused(computer: Computer, path: Path, code: str) -> Problem:
    """Looking and importing both refuse, in the same words, and leave nothing."""
    with pytest.raises(Problem) as looked:
        look_at(computer.services.store, path)
    with pytest.raises(Problem) as imported:
        import_pack(computer.services.store, path)
    assert looked.value.code == imported.value.code == code, looked.value
    assert looked.value.text
    assert looked.value.way_out
    require_untouched(computer)
    return looked.value


def require_untouched(computer: Computer) -> None:
    """No file, no row."""
    assert computer.files() == set()
    with computer.services.store.read() as connection:
        for table in (manifests, assets):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 0


def with_header(header: CoursePack) -> bytes:
    """Well signed, whatever it says."""
    return bytes_of(COURSE, SIGNER, HEADER, encode(header))


def with_entry(kind: bytes, name: str, link: str = "") -> bytes:
    """A good pack whose second blob is an entry of another kind."""
    at = GOOD.index(blob_block(HEADER.blobs[1]))
    entry = tarfile.TarInfo(name)
    entry.type, entry.size, entry.linkname = kind, HEADER.blobs[1].size, link
    return GOOD[:at] + entry.tobuf(tarfile.USTAR_FORMAT)[:BLOCK] + GOOD[at + BLOCK :]


def a_zip() -> bytes:
    """Another kind of archive, with a name that climbs."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("../../evil", b"0" * 10_000_000, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def a_tar() -> bytes:
    """A tar of somebody else."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        entry = tarfile.TarInfo("/etc/passwd")
        entry.size = 3
        archive.addfile(entry, io.BytesIO(b"abc"))
    return made.getvalue()


def blobs(*wanted: PackedBlob) -> CoursePack:
    """The header with other blobs behind the manifest."""
    return replace(HEADER, blobs=(HEADER.blobs[0], *wanted))


ONE = HEADER.blobs[1]
OTHER = Signer()

FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "pack_not_one"),
    "a text": (lambda: b"hello " * 1000, "pack_not_one"),
    "zeros": (lambda: bytes(4096), "pack_not_one"),
    "a zip": (a_zip, "pack_not_one"),
    "another tar": (a_tar, "pack_not_one"),
    "newer": (lambda: GOOD.replace(b"haversack-course-pack/1/header", b"haversack-course-pack/2/header"), "pack_newer"),
    "an absurd number of a format": (lambda: GOOD.replace(b"pack/1/header", b"pack/99999999/header"), "pack_not_one"),
    "cut in the header": (lambda: GOOD[: BLOCK + 10], "pack_truncated"),
    "cut in the signature": (lambda: GOOD[: FIRST - 500], "pack_truncated"),
    "cut at the first blob": (lambda: GOOD[:FIRST], "pack_truncated"),
    "cut in the last blob": (lambda: GOOD[:-2000], "pack_truncated"),
    "cut at the last byte": (lambda: GOOD[:-1], "pack_truncated"),
    "longer": (lambda: GOOD + bytes(BLOCK), "pack_foreign"),
    "an entry more": (
        lambda: GOOD[: -len(END)] + entry_block("../../evil", 3) + b"abc" + padding(3) + END,
        "pack_foreign",
    ),
    "a huge header": (
        lambda: entry_block("haversack-course-pack/1/header.json", LONGEST_HEADER + 1) + bytes(BLOCK),
        "pack_damaged",
    ),
    "a header of -1": (lambda: GOOD[:124] + b"-0000000001\0" + GOOD[136:], "pack_damaged"),
    "a header of terabytes": (
        lambda: entry_block("haversack-course-pack/1/header.json", 1 << 42) + bytes(BLOCK),
        "pack_damaged",
    ),
    "another mode": (lambda: GOOD[:100] + b"0000777\0" + GOOD[108:], "pack_damaged"),
    "a changed title": (lambda: GOOD.replace(b"Course sql", b"Course xql", 1), "pack_signature"),
    "a changed signature": (lambda: GOOD[: FIRST - 450] + b"\x00\x01" + GOOD[FIRST - 448 :], "pack_signature"),
    "signed for another purpose": (
        lambda: head_bytes(encode(HEADER), SIGNER.id, SIGNER.private.sign(encode(HEADER))) + GOOD[FIRST:],
        "pack_signature",
    ),
    "signed by nobody we know": (lambda: bytes_of(COURSE, OTHER), "pack_unknown_key"),
    "signed by nobody, in our key's name": (
        lambda: head_bytes(encode(HEADER), SIGNER.id, OTHER.private.sign(SIGNED + encode(HEADER))) + GOOD[FIRST:],
        "pack_signature",
    ),
    "a key that is no text": (lambda: GOOD.replace(SIGNER.id.encode(), b"\xff" * 32), "pack_unknown_key"),
    "of another program": (lambda: with_header(replace(HEADER, program_id=ProgramId("another"))), "pack_other_program"),
    "no JSON": (lambda: bytes_of(COURSE, SIGNER, HEADER, b"{" * 4000), "pack_damaged"),
    "JSON as deep as the sea": (
        lambda: bytes_of(COURSE, SIGNER, HEADER, b'{"x":' + b"[" * 200_000 + b"]" * 200_000 + b"}"),
        "pack_damaged",
    ),
    "no blobs": (lambda: with_header(replace(HEADER, blobs=())), "pack_damaged"),
    "too many blobs": (
        lambda: with_header(blobs(*(PackedBlob(sha256=Sha256(f"{n:064x}"), size=0) for n in range(MOST_BLOBS)))),
        "pack_damaged",
    ),
    "a blob twice": (lambda: with_header(blobs(ONE, ONE)), "pack_damaged"),
    "a path as a hash": (
        lambda: with_header(blobs(PackedBlob(sha256=Sha256("../" * 21 + "a"), size=1))),
        "pack_damaged",
    ),
    "a hash in capitals": (lambda: with_header(blobs(replace(ONE, sha256=Sha256("A" * 64)))), "pack_damaged"),
    "less than nothing": (lambda: with_header(blobs(replace(ONE, size=-5))), "pack_damaged"),
    "an absurd size": (lambda: with_header(blobs(replace(ONE, size=LARGEST_BLOB + 1))), "pack_damaged"),
    "a size that is a lie": (lambda: with_header(blobs(replace(ONE, size=LARGEST_BLOB))), "pack_truncated"),
    "a manifest elsewhere": (lambda: with_header(replace(HEADER, blobs=HEADER.blobs[1:])), "pack_damaged"),
    "an endless title": (lambda: with_header(replace(HEADER, title="x" * 10_000)), "pack_damaged"),
    "of another course": (lambda: with_header(replace(HEADER, course_id=CourseId("other"))), "pack_damaged"),
    "a moment of nowhere": (
        lambda: bytes_of(COURSE, SIGNER, HEADER, encode(HEADER).replace(b"Z", b"").replace(b"+00:00", b"")),
        "pack_damaged",
    ),
    "a link": (lambda: with_entry(tarfile.SYMTYPE, f"blobs/{ONE.sha256}", "/etc/passwd"), "pack_foreign"),
    "a hard link": (lambda: with_entry(tarfile.LNKTYPE, f"blobs/{ONE.sha256}", "../../x"), "pack_foreign"),
    "a device": (lambda: with_entry(tarfile.BLKTYPE, f"blobs/{ONE.sha256}"), "pack_foreign"),
    "a name that climbs": (lambda: with_entry(tarfile.REGTYPE, "../../../../tmp/evil"), "pack_foreign"),
    "an absolute name": (lambda: with_entry(tarfile.REGTYPE, "/tmp/evil"), "pack_foreign"),
    "a name in extended attributes": (lambda: with_entry(tarfile.XHDTYPE, "x"), "pack_foreign"),
    "noise between": (lambda: GOOD[:FIRST] + os.urandom(BLOCK) + GOOD[FIRST + BLOCK :], "pack_damaged"),
    "something in a gap": (lambda: GOOD[: -len(END) - 1] + b"x" + GOOD[-len(END) :], "pack_damaged"),
    "a damaged manifest": (lambda: GOOD[: FIRST + BLOCK] + b"x" + GOOD[FIRST + BLOCK + 1 :], "pack_damaged"),
}


@pytest.mark.parametrize("name", FILES)
def test_it_is_refused_and_nothing_is_left(computer: Computer, tmp_path: Path, name: str) -> None:
    make, code = FILES[name]
    path = tmp_path / "bad.haversack"
    path.write_bytes(make())
    refused(computer, path, code)


def test_a_file_that_the_course_does_not_have(computer: Computer, tmp_path: Path) -> None:
    data = b"smuggled"
    blob = PackedBlob(sha256=Sha256(hashlib.sha256(data).hexdigest()), size=len(data))
    stowaway = Course(COURSE.course_id, COURSE.manifest, {**COURSE.blobs, blob.sha256: data})
    path = tmp_path / "bad.haversack"
    path.write_bytes(bytes_of(stowaway, SIGNER))
    refused(computer, path, "pack_damaged")


def test_a_manifest_that_is_none(computer: Computer, tmp_path: Path) -> None:
    odd = Course(COURSE.course_id, COURSE.manifest, {})
    odd.body = b'{"course_id": 5}'
    odd.version = VersionId(Sha256(hashlib.sha256(odd.body).hexdigest()))
    path = tmp_path / "bad.haversack"
    path.write_bytes(bytes_of(odd, SIGNER))
    refused(computer, path, "pack_damaged")


def test_what_is_no_file(computer: Computer, tmp_path: Path) -> None:
    refused(computer, tmp_path / "nothing.haversack", "pack_unreadable")
    refused(computer, tmp_path, "pack_not_one")
    refused(computer, Path("zero\0byte"), "pack_unreadable")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        refused(computer, tmp_path / "pipe", "pack_not_one")  # and nobody waits for a writer


def test_who_left_the_program_and_a_revoked_key(tmp_path: Path) -> None:
    path = tmp_path / "good.haversack"
    path.write_bytes(GOOD)
    left = Computer(tmp_path / "left")
    left.joins(SIGNER, state="ended")
    refused(left, path, "pack_not_a_member")
    left.close()
    member = Computer(tmp_path / "member")
    member.joins(SIGNER)
    member.hears(PACK_KEY, SIGNER.id, SIGNER.told("revoked"))
    refused(member, path, "pack_revoked_key")
    member.hears(PACK_KEY, SIGNER.id, SIGNER.told("retired"))
    assert look_at(member.services.store, path).title == "Course sql"
    member.hears(PACK_KEY, SIGNER.id, replace(SIGNER.told(), public_key="no key"))
    refused(member, path, "pack_signature")
    member.close()


def test_a_header_of_16_mb_is_the_most_that_is_read(computer: Computer, tmp_path: Path) -> None:
    path = tmp_path / "bomb.haversack"
    with path.open("wb") as file:
        file.write(entry_block("haversack-course-pack/1/header.json", LONGEST_HEADER))
        file.truncate(1 << 36)  # 64 GB of nothing
    tracemalloc.start()
    refused(computer, path, "pack_damaged")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * LONGEST_HEADER


FLIPS = st.tuples(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
CHANGES = st.one_of(
    st.lists(FLIPS, min_size=1, max_size=4),
    st.tuples(st.integers(0, len(GOOD)), st.integers(0, len(GOOD)), st.integers(0, len(GOOD))),
    st.binary(max_size=2000),
)
EXAMPLES = int(os.environ.get("HAVERSACK_PACK_EXAMPLES", "150"))


def changed(change: list[tuple[int, int]] | tuple[int, int, int] | bytes) -> bytes:
    """Bytes flipped; a part of the file put elsewhere; something else from the second block on."""
    if isinstance(change, bytes):
        return GOOD[:BLOCK] + change
    raw = bytearray(GOOD)
    if isinstance(change, tuple):
        begin, end, to = change
        part = raw[min(begin, end) : max(begin, end)]
        raw[to : to + len(part)] = part
        return bytes(raw)
    for place, flip in change:
        raw[place] ^= flip
    return bytes(raw)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(change=[(GOOD.index(COURSE.blobs[ONE.sha256]) + 5, 1)])
@given(change=CHANGES)
def test_whatever_is_changed_nothing_unverified_gets_in(
    tmp_path_factory: pytest.TempPathFactory,
    tmp_path: Path,
    change: list[tuple[int, int]] | tuple[int, int, int] | bytes,
) -> None:
    raw = changed(change)
    path = tmp_path / "changed.haversack"
    path.write_bytes(raw)
    one = Computer(tmp_path_factory.mktemp("fuzzed"))
    one.joins(SIGNER)
    problem, result = None, PackResult()
    try:
        result = import_pack(one.services.store, path)
    except Problem as found:
        problem = found
    with one.services.store.read() as connection:
        ready = set(connection.execute(select(assets.c.sha256).where(assets.c.state == "ready")).scalars())
    files = one.files()
    one.close()
    assert files == ready
    for sha256 in ready:
        assert hashlib.sha256(blob_path(one.assets, sha256).read_bytes()).hexdigest() == sha256
    if problem is not None:
        assert problem.code.startswith("pack_")
        assert files == set()
    elif raw != GOOD:
        assert result.damaged
        assert files < set(COURSE.blobs)


def test_the_number_of_blobs_is_bounded_by_the_headers_length() -> None:
    """What may be said fits: the two bounds agree."""
    each = len(encode(PackedBlob(sha256=Sha256("a" * 64), size=LARGEST_BLOB))) + 1
    assert MOST_BLOBS * each < LONGEST_HEADER
