"""Files made to hurt whoever reads their index: nothing is raised but the readers' own, in bounded time and memory."""

from __future__ import annotations

import contextlib
import io
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.player.frame_times import FrameTimes, UnknownIndexError, frame_times
from desktop.player.mp4_index import MOST_BOXES, read_mp4
from desktop.player.webm_index import MOST_ELEMENTS, WebmFrames

PLACES_MS = (-1, 0, 1, 1_999, 5_000, 11_990, 10**12)
LARGEST_BYTES = 64 * 1024 * 1024


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, clips: Callable[..., Path]) -> dict[str, bytes]:
    return {
        "mp4": clips("short.mp4", codec="h264", seconds=2.0).read_bytes(),
        "webm": clips("short.webm", codec="vp9", seconds=2.0).read_bytes(),
    }


def ask(times: FrameTimes) -> None:
    """Plans for all kinds of places, made without an error."""
    for place in PLACES_MS:
        plan = times.plan(place)
        assert plan is None or plan.target_ms >= 0
    assert times.visit_ms is None or times.visit_ms < 10**12


def read(path: Path, content: bytes) -> FrameTimes | None:
    path.write_bytes(content)
    times = frame_times(path)
    if times is not None:
        ask(times)
    return times


Change = tuple[int, bytes]


def changes(limit: int) -> st.SearchStrategy[list[Change]]:
    """Bytes put in other places: mostly of the numbers that sizes and counts are made of."""
    values = st.sampled_from([b"\0\0\0\0", b"\0\0\0\1", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\x08"])
    return st.lists(
        st.tuples(st.integers(0, limit), values | st.binary(min_size=1, max_size=8)), min_size=1, max_size=6
    )


@pytest.mark.parametrize("kind", ["mp4", "webm"])
def test_bytes_that_were_changed_raise_nothing(tmp_path: Path, whole: dict[str, bytes], kind: str) -> None:
    content = whole[kind]
    path = tmp_path / f"changed.{kind}"
    assert read(path, content) is not None
    # The index is at the front of both.
    front = min(len(content), content.index(b"mdat") if kind == "mp4" else 2_000)

    @settings(max_examples=400, suppress_health_check=list(HealthCheck))
    @given(changes(front), st.none() | st.integers(0, len(content)))
    def change(changed: list[Change], cut: int | None) -> None:
        data = bytearray(content)
        for at, value in changed:
            data[at : at + len(value)] = value
        read(path, bytes(data[:cut]))

    change()


@settings(max_examples=300)
@given(st.binary(max_size=300), st.sampled_from([b"\0\0\0\x10ftyp", b"\0\0\0\x10moov", b"\x1a\x45\xdf\xa3"]))
def test_what_only_begins_like_a_medium_raises_nothing(rest: bytes, head: bytes) -> None:
    content = io.BytesIO(head + rest)
    for reader in (read_mp4, WebmFrames):
        content.seek(0)
        with contextlib.suppress(UnknownIndexError):
            ask(reader(Path("absent"), content))


def box(kind: bytes, *content: bytes) -> bytes:
    inner = b"".join(content)
    return struct.pack(">I4s", len(inner) + 8, kind) + inner


def movie(*, runs: bytes, keys: bytes = b"", scale: int = 1_000, movie_scale: int = 1_000, more: bytes = b"") -> bytes:
    """A movie of one track, whose tables are as given."""
    head = bytes(12) + struct.pack(">I", scale) + bytes(8)
    table = box(b"stbl", box(b"stsd", bytes(8), struct.pack(">I4s", 8, b"vp09")), runs, keys, more)
    media = box(b"mdia", box(b"mdhd", head), box(b"hdlr", bytes(8), b"vide", bytes(12)), box(b"minf", table))
    edits = box(b"edts", box(b"elst", bytes(4), struct.pack(">IIiI", 1, 0, -1, 1)))
    movie_head = bytes(12) + struct.pack(">I", movie_scale) + bytes(8)
    return box(b"ftyp", bytes(8)) + box(b"moov", box(b"mvhd", movie_head), box(b"trak", edits, media))


def entries(kind: bytes, form: str, *rows: tuple[int, ...]) -> bytes:
    return box(kind, bytes(4), struct.pack(">I", len(rows)), *(struct.pack(form, *row) for row in rows))


GOOD_RUNS = entries(b"stts", ">II", (100, 40))


def test_the_hand_made_movie_can_be_read(tmp_path: Path) -> None:
    assert read(tmp_path / "good.mp4", movie(runs=GOOD_RUNS)) is not None


MOVIES = {
    "billions-of-frames": movie(runs=entries(b"stts", ">II", (2**32 - 1, 1))),
    "no-time-unit": movie(runs=GOOD_RUNS, scale=0),
    "no-time-unit-of-the-movie": movie(runs=GOOD_RUNS, movie_scale=0),
    "keys-out-of-order": movie(runs=GOOD_RUNS, keys=entries(b"stss", ">I", (99,), (5,), (50,))),
    "a-key-that-is-no-frame": movie(runs=GOOD_RUNS, keys=entries(b"stss", ">I", (1,), (4_000,), (50,))),
    "the-key-before-the-first": movie(runs=GOOD_RUNS, keys=entries(b"stss", ">I", (0,))),
    "more-entries-than-bytes": movie(runs=box(b"stts", bytes(4), struct.pack(">I", 2**32 - 1))),
    "a-box-of-the-rest": box(b"ftyp", bytes(8)) + struct.pack(">I4s", 0, b"moov") + bytes(50),
    "a-huge-box": box(b"ftyp", bytes(8)) + struct.pack(">I4sQ", 1, b"free", 2**64 - 1) + GOOD_RUNS,
    "a-box-around-itself": box(b"ftyp", bytes(8)) + struct.pack(">I4sQ", 1, b"free", 0) * 5,
    "a-huge-index": box(b"ftyp", bytes(8)) + struct.pack(">I4sQ", 1, b"moov", 2**40) + bytes(50),
}


@pytest.mark.parametrize("name", MOVIES)
def test_a_movie_that_contradicts_itself_has_no_frames(tmp_path: Path, name: str) -> None:
    assert read(tmp_path / "bad.mp4", MOVIES[name]) is None


def segment(*content: bytes) -> bytes:
    """A WebM file whose segment lasts to its end."""
    return b"\x1a\x45\xdf\xa3\x80" + b"\x18\x53\x80\x67\x01" + b"\xff" * 7 + b"".join(content)


def crowded() -> dict[str, bytes]:
    """Files that consist of very many very small parts."""
    tiny = struct.pack(">I4s", 8, b"free")
    return {
        "boxes.mp4": tiny * (MOST_BOXES * 20),
        "boxes-inside.mp4": box(b"ftyp", bytes(8)) + box(b"moov", tiny * (MOST_BOXES * 50)),
        "elements.webm": segment(b"\xec\x80" * (MOST_ELEMENTS * 5)),
        "zeros.webm": segment(bytes(1_000_000)),
    }


@pytest.mark.parametrize("name", crowded())
@pytest.mark.timeout(20)
def test_very_many_small_parts_are_not_all_looked_at(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(crowded()[name])
    tracemalloc.start()
    try:
        assert frame_times(path) is None
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < LARGEST_BYTES


def test_frames_that_cannot_be_looked_into_have_no_plan(tmp_path: Path, whole: dict[str, bytes]) -> None:
    path = tmp_path / "gone.mp4"
    path.write_bytes(whole["mp4"])
    times = frame_times(path)
    assert times is not None
    path.unlink()
    assert times.plan(1_500) is None
