"""Rows of a SQLite file whose tree is damaged, read page by page (https://www.sqlite.org/fileformat2.html).

What SQLite itself cannot reach any more (the way to it leads over a damaged page) is mostly still there. Knows nothing
of what the rows mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

Value = int | float | str | bytes | None

LEAF = 0x0D
"""A page with rows of a table."""
FRAME_HEAD, LOG_HEAD = 24, 32
SIZES = {512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536}
USUAL_SIZE = 4096
LONGEST_CHAIN = 20_000


@dataclass(frozen=True)
class StoredRow:
    """A row as it lies on a page: the integer key stands beside the values, which are in the order of the columns."""

    rowid: int
    values: tuple[Value, ...]


class _DamagedError(Exception):
    """What lies here is no row."""


def stored_rows(file: Path) -> Iterator[StoredRow]:
    """Every row of every table, on all pages that can be read and are in use; newer states of pages come from the log.

    Raises:
        OSError: the file cannot be read.
    """
    log_file = file.with_name(f"{file.name}-wal")
    data = file.read_bytes() if file.exists() else b""
    log = log_file.read_bytes() if log_file.exists() else b""
    size = _page_size(data, log)
    usable = size - (data[20] if len(data) > 20 and data[20] < 64 else 0)
    pages = {number + 1: data[number * size : (number + 1) * size] for number in range(len(data) // size)}
    pages |= _pages_of_log(log, size)
    free = _free_pages(pages)
    for number, page in sorted(pages.items()):
        if number not in free:
            yield from _rows_of(page, 100 if number == 1 else 0, pages, usable)


def _page_size(data: bytes, log: bytes) -> int:
    said = int.from_bytes(data[16:18], "big") if data.startswith(b"SQLite format 3\0") else 0
    for found in (65_536 if said == 1 else said, int.from_bytes(log[8:12], "big")):
        if found in SIZES:
            return found
    return USUAL_SIZE


def _pages_of_log(data: bytes, size: int) -> dict[int, bytes]:
    """The newest state of each page that was committed. A torn end is not."""
    found: dict[int, bytes] = {}
    open_: dict[int, bytes] = {}
    salts = data[16:24]
    at = LOG_HEAD
    while at + FRAME_HEAD + size <= len(data) and data[at + 8 : at + 16] == salts:
        open_[int.from_bytes(data[at : at + 4], "big")] = data[at + FRAME_HEAD : at + FRAME_HEAD + size]
        if int.from_bytes(data[at + 4 : at + 8], "big"):
            found |= open_
            open_ = {}
        at += FRAME_HEAD + size
    return found


def _free_pages(pages: dict[int, bytes]) -> set[int]:
    """Pages that hold nothing any more: what lies there was deleted. As far as their list can be followed."""
    found: set[int] = set()
    number = int.from_bytes(pages.get(1, b"")[32:36], "big")
    while number in pages and number not in found:
        found.add(number)
        trunk = pages.get(number, b"")
        count = min(int.from_bytes(trunk[4:8], "big"), max(0, len(trunk) // 4 - 2))
        found |= {int.from_bytes(trunk[8 + 4 * n : 12 + 4 * n], "big") for n in range(count)}
        number = int.from_bytes(trunk[:4], "big")
    return found


def _rows_of(page: bytes, head: int, pages: dict[int, bytes], usable: int) -> Iterator[StoredRow]:
    if len(page) < head + 8 or page[head] != LEAF:
        return
    count = int.from_bytes(page[head + 3 : head + 5], "big")
    for number in range(min(count, (len(page) - head - 8) // 2)):
        at = head + 8 + 2 * number
        try:
            yield _row(page, int.from_bytes(page[at : at + 2], "big"), pages, usable)
        except _DamagedError:
            continue


def _row(page: bytes, at: int, pages: dict[int, bytes], usable: int) -> StoredRow:
    length, at = _varint(page, at)
    rowid, at = _varint(page, at)
    rowid -= (rowid >> 63) << 64
    longest = usable - 35
    local = length
    if length > longest:
        least = (usable - 12) * 32 // 255 - 23
        local = least + (length - least) % (usable - 4)
        local = local if local <= longest else least
    payload = page[at : at + local]
    if len(payload) < local:
        raise _DamagedError
    if local < length:
        payload += _chain(int.from_bytes(page[at + local : at + local + 4], "big"), length - local, pages, usable)
    return StoredRow(rowid, tuple(_values(payload)))


def _chain(number: int, length: int, pages: dict[int, bytes], usable: int) -> bytes:
    """What did not fit onto the page."""
    parts: list[bytes] = []
    while length > 0:
        page = pages.get(number, b"")
        part = page[4 : min(usable, 4 + length)]
        if not part or len(parts) > LONGEST_CHAIN:
            raise _DamagedError
        parts.append(part)
        length -= len(part)
        number = int.from_bytes(page[:4], "big")
    return b"".join(parts)


def _values(payload: bytes) -> Iterator[Value]:
    head, at = _varint(payload, 0)
    kinds: list[int] = []
    while at < head:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    if at != head:
        raise _DamagedError
    for kind in kinds:
        length = _length(kind)
        part = payload[at : at + length]
        if len(part) < length:
            raise _DamagedError
        yield _value(kind, part)
        at += length
    if at != len(payload):
        raise _DamagedError


def _length(kind: int) -> int:
    if kind >= 12:
        return (kind - 12) // 2
    if kind in (10, 11):
        raise _DamagedError
    return (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)[kind]


def _value(kind: int, part: bytes) -> Value:
    if kind == 0:
        return None
    if kind in (8, 9):
        return kind - 8
    if kind == 7:
        import struct

        return float(struct.unpack(">d", part)[0])
    if kind < 7:
        return int.from_bytes(part, "big", signed=True)
    if kind % 2 == 0:
        return part
    try:
        return part.decode()
    except UnicodeDecodeError as error:
        raise _DamagedError from error


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and where it ends."""
    value = 0
    for number in range(9):
        if at >= len(data):
            raise _DamagedError
        byte = data[at]
        at += 1
        if number == 8:
            return (value << 8) | byte, at
        value = (value << 7) | (byte & 0x7F)
        if byte < 0x80:
            return value, at
    raise _DamagedError
