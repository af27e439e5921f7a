"""A course in one file, signed by its program, for computers that the network does not reach (docs/course-packs.md).

The file is a tar archive, so that any tool can list it, of which every byte but the content of the blobs follows from
its first entry:

1. ``haversack-course-pack/1/header.json``: a ``CoursePack``. The number is that of the format.
2. ``haversack-course-pack/1/signature``: the id of a key (32 hexadecimal digits) and its Ed25519 signature over
   ``SIGNED`` followed by the exact bytes of the first entry.
3. ``blobs/<sha256>`` for each blob of the header, in its order; the manifest of the course is the first of them.

Whoever reads one compares all other bytes with those that the header calls for, and each blob with its hash. A name in
the file is never used for anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final

from protocol.ids import CourseId, ProgramId, VersionId
from protocol.packs import PackedBlob
from protocol.wire import Wire, WireError, decode

SUFFIX: Final = ".haversack"
MEDIA_TYPE: Final = "application/vnd.haversack.course"
FORMAT: Final = 1
SIGNED: Final = b"haversack course pack 1\0"
"""Put before what is signed, so that a signature of this key can never be taken for one of something else."""
BLOCK: Final = 512
KEY_ID_LENGTH: Final = 32
SIGNATURE_LENGTH: Final = 64
LONGEST_HEADER: Final = 16 * 1024 * 1024
LONGEST_MANIFEST: Final = 32 * 1024 * 1024
MOST_BLOBS: Final = 100_000
LARGEST_BLOB: Final = 1 << 40
LARGEST: Final = 1 << 43
"""Bytes of all blobs together."""
LONGEST_TEXT: Final = 500
END: Final = bytes(2 * BLOCK)

NOT_A_PACK, NEWER, TRUNCATED, DAMAGED, FOREIGN = "not_a_pack", "newer", "truncated", "damaged", "foreign"
_FOLDER: Final = "haversack-course-pack"
_FIRST: Final = re.compile(rb"haversack-course-pack/([1-9][0-9]{0,5})/header\.json\0")
_HASH: Final = re.compile(r"[0-9a-f]{64}")


class CoursePackError(WireError):
    """The file is not what it should be. ``code``: one of the five above; ``str(error)`` is for the log."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class CoursePack(Wire, frozen=True, kw_only=True):
    """The first entry: what is in the file and whose it is.

    ``version`` is the course's version, and the first blob: its manifest. ``weeks``, ``languages``: what was chosen
    (empty: all); ``videos``: none, smallest, all. ``organization`` and ``program`` are names for people.
    """

    program_id: ProgramId
    course_id: CourseId
    version: VersionId
    title: str
    made_at: datetime
    organization: str = ""
    program: str = ""
    weeks: tuple[int, ...] = ()
    languages: tuple[str, ...] = ()
    videos: str = "smallest"
    blobs: tuple[PackedBlob, ...]


@dataclass(frozen=True)
class Sealed:
    """A file's first two entries. Nothing in ``header`` is known to be true before ``signature`` was verified.

    ``begin``: where the entry of the first blob begins.
    """

    header: bytes
    key_id: str
    signature: bytes
    begin: int

    @property
    def signed(self) -> bytes:
        """What the signature is of."""
        return SIGNED + self.header


def entry_block(name: str, size: int) -> bytes:
    """The block of a tar archive (POSIX.1-1988, sizes from 8 GiB on as GNU tar writes them) before ``size`` bytes."""
    length = b"%011o\0" % size if size < 1 << 33 else b"\x80" + size.to_bytes(11, "big")
    owner = b"0000644\0" + b"0000000\0" * 2
    rest = b"0" + bytes(100) + b"ustar\x0000" + bytes(64) + b"0000000\0" * 2
    head = name.encode("ascii").ljust(100, b"\0") + owner + length + b"00000000000\0"
    total = sum(head) + sum(rest) + 8 * 0x20
    return (head + b"%06o\0 " % total + rest).ljust(BLOCK, b"\0")


def padding(size: int) -> bytes:
    """What fills the last block of an entry."""
    return bytes(-size % BLOCK)


def blob_block(blob: PackedBlob) -> bytes:
    """The block before a blob."""
    return entry_block(f"blobs/{blob.sha256}", blob.size)


def head_bytes(header: bytes, key_id: str, signature: bytes) -> bytes:
    """The first two entries."""
    seal = key_id.encode("ascii") + signature
    return b"".join(
        (
            entry_block(f"{_FOLDER}/{FORMAT}/header.json", len(header)),
            header,
            padding(len(header)),
            entry_block(f"{_FOLDER}/{FORMAT}/signature", len(seal)),
            seal,
            padding(len(seal)),
        )
    )


def places(begin: int, blobs: tuple[PackedBlob, ...]) -> Iterator[tuple[PackedBlob, int]]:
    """Each blob with where its block begins; its bytes begin a block later."""
    for blob in blobs:
        yield blob, begin
        begin += BLOCK + blob.size + len(padding(blob.size))


def total_size(begin: int, blobs: tuple[PackedBlob, ...]) -> int:
    """The bytes of the whole file whose first blob's block is at ``begin``."""
    return begin + sum(BLOCK + blob.size + len(padding(blob.size)) for blob in blobs) + len(END)


def read_sealed(file: BinaryIO) -> Sealed:
    """The first two entries of a file that stands at its beginning. Reads at most 16 MiB, decodes nothing.

    Raises:
        CoursePackError: not a pack, newer, truncated, damaged.
        OSError: the file cannot be read.
    """
    block = _exactly(file, BLOCK, NOT_A_PACK)
    found = _FIRST.match(block)
    if found is None:
        raise CoursePackError(NOT_A_PACK, "the first entry is another one")
    if int(found[1]) != FORMAT:
        raise CoursePackError(NEWER, f"format {int(found[1])}")
    length = _octal(block[124:136])
    if not 0 < length <= LONGEST_HEADER:
        raise CoursePackError(DAMAGED, f"a header of {length} bytes")
    if block != entry_block(f"{_FOLDER}/{FORMAT}/header.json", length):
        raise CoursePackError(DAMAGED, "the first block")
    header = _exactly(file, length)
    seal_length = KEY_ID_LENGTH + SIGNATURE_LENGTH
    between = padding(length) + entry_block(f"{_FOLDER}/{FORMAT}/signature", seal_length)
    if _exactly(file, len(between)) != between:
        raise CoursePackError(DAMAGED, "the block of the signature")
    seal = _exactly(file, seal_length)
    if _exactly(file, len(padding(seal_length))) != padding(seal_length):
        raise CoursePackError(DAMAGED, "the end of the signature")
    key_id = seal[:KEY_ID_LENGTH].decode("ascii", "replace")
    begin = 2 * BLOCK + length + len(padding(length)) + seal_length + len(padding(seal_length))
    return Sealed(header, key_id, seal[KEY_ID_LENGTH:], begin)


def read_header(sealed: Sealed) -> CoursePack:
    """What a header says, once its signature was verified.

    Raises:
        CoursePackError: damaged: it says what cannot be.
    """
    try:
        pack = decode(sealed.header, CoursePack)
    except (WireError, RecursionError) as error:
        raise CoursePackError(DAMAGED, f"the header: {error}") from error
    hashes = {blob.sha256 for blob in pack.blobs}
    wrong = (
        len(hashes) != len(pack.blobs),
        not 0 < len(pack.blobs) <= MOST_BLOBS,
        not all(_HASH.fullmatch(sha256) for sha256 in hashes),
        not all(0 <= blob.size <= LARGEST_BLOB for blob in pack.blobs),
        sum(blob.size for blob in pack.blobs) > LARGEST,
        not pack.blobs or pack.blobs[0].sha256 != pack.version or pack.blobs[0].size > LONGEST_MANIFEST,
        any(len(text) > LONGEST_TEXT for text in (pack.title, pack.organization, pack.program)),
        not 0 < len(pack.course_id) <= LONGEST_TEXT or not 0 < len(pack.program_id) <= LONGEST_TEXT,
        pack.made_at.tzinfo is None,
    )
    if any(wrong):
        raise CoursePackError(DAMAGED, f"the header says what cannot be ({wrong.index(True)})")
    return pack


def check_blocks(file: BinaryIO, size: int, sealed: Sealed, pack: CoursePack) -> None:
    """Pass when everything between the blobs is as the header calls for: no entry more, none less, no other kind.

    ``size``: bytes of the file.

    Raises:
        CoursePackError: truncated; foreign (an entry that does not belong here); damaged.
        OSError: the file cannot be read.
    """
    wanted = total_size(sealed.begin, pack.blobs)
    if size < wanted:
        raise CoursePackError(TRUNCATED, f"{size} of {wanted} bytes")
    end = sealed.begin
    for blob, place in places(sealed.begin, pack.blobs):
        file.seek(place)
        block = _exactly(file, BLOCK)
        if block != blob_block(blob):
            raise _other_block(block, place)
        end = place + BLOCK + blob.size
        file.seek(end)
        if _exactly(file, len(padding(blob.size))) != padding(blob.size):
            raise CoursePackError(DAMAGED, f"the end of the entry at {place}")
        end += len(padding(blob.size))
    file.seek(end)
    if (closing := _exactly(file, len(END))) != END:
        raise _other_block(closing[:BLOCK], end)
    if size != wanted:
        raise CoursePackError(FOREIGN, f"{size - wanted} bytes more than the header calls for")


def _other_block(block: bytes, place: int) -> CoursePackError:
    """An entry of its own right (its checksum is good), or noise."""
    blank = block[:148] + b" " * 8 + block[156:]
    if block != bytes(BLOCK) and len(block) == BLOCK and _octal(block[148:156]) == sum(blank):
        return CoursePackError(FOREIGN, f"an entry of kind {block[156:157]!r} at {place} that no pack has")
    return CoursePackError(DAMAGED, f"the block at {place}")


def _octal(field: bytes) -> int:
    digits = field.rstrip(b" \0")
    return int(digits, 8) if digits and set(digits) <= set(b"01234567") else -1


def _exactly(file: BinaryIO, size: int, short: str = TRUNCATED) -> bytes:
    """So many bytes of an unbuffered or buffered file."""
    parts: list[bytes] = []
    while size and (part := file.read(size)):
        parts.append(part)
        size -= len(part)
    if size:
        raise CoursePackError(short, f"{size} bytes are missing")
    return b"".join(parts)
