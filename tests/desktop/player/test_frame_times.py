"""The frames of a file: as another library reads them, and where libVLC has to be sent."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import pytest

from desktop.player.frame_times import SeekPlan, StoredFrames, frame_times
from desktop.player.mp4_index import AllNeeded
from tests.real_material import LECTURES, material


def frames_in(path: Path) -> list[tuple[Fraction, Fraction | None, bool]]:
    """(shown, decoded, key) in ms, in the order of storage."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.time_base is not None
        unit = 1000 * stream.time_base
        return [
            (packet.pts * unit, None if packet.dts is None else packet.dts * unit, packet.is_keyframe)
            for packet in container.demux(stream)
            if packet.pts is not None
        ]


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("b-frames.mp4", {"codec": "h264", "keyframe_every_s": 1.0}),
        ("plain.mp4", {"codec": "h264-plain", "keyframe_every_s": 10.0}),
        ("thirty.mp4", {"codec": "h264", "fps": 30, "sound": False}),
    ],
)
def test_an_mp4_is_read_as_another_library_reads_it(
    clips: Callable[..., Path], name: str, how: dict[str, object]
) -> None:
    path = clips(name, **how)
    times = frame_times(path)
    assert isinstance(times, StoredFrames)
    expected = frames_in(path)
    scale = times.scale
    assert [Fraction(1000 * at, scale) for at in times.shown] == [shown for shown, _, _ in expected]
    assert [Fraction(1000 * at, scale) for at in times.decoded] == [decoded for _, decoded, _ in expected]
    assert list(times.keys) == [number for number, (_, _, key) in enumerate(expected) if key]


@pytest.mark.parametrize(("codec", "sound"), [("vp9", True), ("vp9", False), ("vp8", True)])
def test_a_webm_is_aimed_at_between_two_frames(clips: Callable[..., Path], codec: str, *, sound: bool) -> None:
    path = clips(f"{codec}-{sound}.webm", codec=codec, sound=sound, seconds=4.0)
    times = frame_times(path)
    assert times is not None
    shown = sorted(float(at) for at, _, _ in frames_in(path))
    for position_ms in range(0, 3_900, 13):
        wanted = bisect_right(shown, position_ms) - 1
        plan = times.plan(position_ms)
        assert plan is not None
        assert plan.steps == 0
        if wanted > 0:
            assert shown[wanted - 1] < plan.target_ms < shown[wanted]


def test_b_frames_are_stepped_over() -> None:
    # Stored I0 P3 B1 B2 P6 B4 B5 P9 B7 B8 …, one picture kept back: what is let through first is always a P.
    groups = 40
    shown, decoded = [0], [-1]
    for group in range(groups):
        shown += [3 * group + 3, 3 * group + 1, 3 * group + 2]
    decoded += range(len(shown) - 1)

    class Kinds:
        def is_reference(self, number: int) -> bool:
            return shown[number] % 3 == 0

        def is_fresh_start(self, number: int) -> bool:
            return number == 0

    times = StoredFrames(25, shown, decoded, [0], Kinds())
    for frame in range(4, 3 * groups - 40):
        plan = times.plan(frame * 40)
        assert plan is not None
        assert plan.steps == frame % 3
        assert plan.target_ms == (frame - frame % 3 + 1) * 40 + 20


def test_before_a_keyframe_libvlc_is_not_sent_past_it(clips: Callable[..., Path]) -> None:
    times = frame_times(clips("b-frames.mp4", codec="h264", keyframe_every_s=1.0))
    assert isinstance(times, StoredFrames)
    for frame in range(20, 250):
        plan = times.plan(frame * 40)
        assert plan is not None
        key = frame - frame % 25
        assert plan.target_ms < (key + 25 - 2) * 40, f"frame {frame} would be looked for after the next keyframe"
        assert plan.steps <= 8


def test_without_b_frames_there_is_nothing_to_step() -> None:
    times = StoredFrames(1_000, range(0, 4_000, 40), range(0, 4_000, 40), [0, 50], AllNeeded())
    assert times.plan(1_039) == SeekPlan(1_020, 0, 1_040)
    assert times.plan(1_040) == SeekPlan(1_060, 0, 1_041)
    assert times.plan(0) == SeekPlan(0, 0, 1)


def test_a_file_that_is_no_medium_or_half_of_one_has_no_frames(clips: Callable[..., Path], tmp_path: Path) -> None:
    mp4 = clips("b-frames.mp4", codec="h264", keyframe_every_s=1.0).read_bytes()
    webm = clips("vp9-True.webm", codec="vp9", sound=True, seconds=4.0).read_bytes()
    cases = {
        "empty": b"",
        "page": b"<!doctype html><html><body>Sign in</body></html>",
        "zeros": bytes(5_000),
        "head": mp4[:200],
        "half-index": mp4[:1_500],
        "no-moov": mp4.replace(b"moov", b"free", 1),
        "bad-sizes": mp4.replace(b"stts", b"stts\xff\xff\xff\xff", 1),
        "webm-head": webm[:40],
    }
    for name, content in cases.items():
        path = tmp_path / name
        path.write_bytes(content)
        assert frame_times(path) is None, name
    assert frame_times(tmp_path / "absent") is None


def test_a_half_loaded_webm_knows_the_frames_it_has(clips: Callable[..., Path], tmp_path: Path) -> None:
    whole = clips("vp9-True.webm", codec="vp9", sound=True, seconds=4.0)
    half = tmp_path / "half.webm"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    times, all_times = frame_times(half), frame_times(whole)
    assert times is not None
    assert all_times is not None
    assert times.plan(700) == all_times.plan(700)


def test_real_lectures_are_read_as_another_library_reads_them() -> None:
    found = [path for path in material().rglob("*.mp4") if path.name in LECTURES]
    assert len(found) == len(LECTURES)
    for path in found:
        times = frame_times(path)
        assert isinstance(times, StoredFrames)
        assert [Fraction(1000 * at, times.scale) for at in times.shown] == [shown for shown, _, _ in frames_in(path)]
