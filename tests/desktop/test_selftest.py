"""The self-test as it is run, as a process: it passes here, and says what is wrong where something is."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import pytest
from av.video.stream import VideoStream
from PySide6.QtGui import QImage

from desktop import cli
from desktop.player.vlc_library import PATH_VARIABLE
from desktop.selftest import watch
from desktop.selftest.run import sample_clip
from tests.guards.environment import ROOT
from tests.media import timecoded_clip

QUIET = {"HAVERSACK_VLC_ARGS": "--aout=dummy"}
FPS = 25


def selftest(
    folder: Path, *words: str, environment: dict[str, str] | None = None, seconds: float = 1.5
) -> subprocess.CompletedProcess[str]:
    """``haversack selftest`` in ``folder``, as a person would run it."""
    command = [sys.executable, "-m", "desktop", "selftest", "--seconds", str(seconds), *words]
    variables = {**os.environ, **QUIET, **(environment or {})}
    return subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, timeout=110, check=False)


def line_of(run: subprocess.CompletedProcess[str], name: str) -> str:
    """The report's line about ``name``, without the name."""
    found = [line for line in run.stdout.splitlines() if line.startswith(f"{name} ")]
    assert len(found) == 1, run.stdout + run.stderr
    return found[0].removeprefix(name).strip()


def still_clip(path: Path, grey: int | None = None) -> Path:
    """Two seconds of one picture: a bright square on a dark ground, or nothing but ``grey``."""
    width, height = 320, 180
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=FPS)
        assert isinstance(video, VideoStream)
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        for number in range(2 * FPS):
            frame = av.VideoFrame(width, height, "yuv420p")
            stride = frame.planes[0].line_size
            left, right = (bytes([60 if grey is None else grey, 200 if grey is None else grey][n:][:1]) for n in (0, 1))
            middle = left * (width // 4) + right * (width // 4) + b"\x80" * (width // 4) + b"\xa0" * (width // 4)
            row = (middle if grey is None else left * width).ljust(stride, b"\0")
            frame.planes[0].update(row * height)
            for plane in frame.planes[1:]:
                plane.update(b"\x80" * plane.buffer_size)
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
    return path


@pytest.mark.vlc
def test_all_is_well_with_what_ships(tmp_path: Path) -> None:
    run = selftest(tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.splitlines()[-1] == "All is well: lectures play on this computer."
    counted = re.search(r"(\d+) frames decoded, (\d+) painted, (\d+) different", line_of(run, "video"))
    assert counted is not None
    decoded, painted, different = map(int, counted.groups())
    assert decoded >= painted >= different >= 2
    assert decoded >= 15  # at 15 a second and for 1.5 s it should be some 22
    assert "libVLC 3." in line_of(run, "player")
    assert "system package" in line_of(run, "player")
    assert "platform offscreen" in line_of(run, "qt")
    assert "full-text search" in line_of(run, "store")
    assert not [line for line in run.stderr.splitlines() if "propagateSizeHints" not in line]
    # The picture of the window is there, and has the lecture in it and not one colour.
    picture = QImage(str(tmp_path / "haversack-selftest.png"))
    assert picture.width() > 400
    assert len({picture.pixel(x, picture.height() // 2) for x in range(picture.width())}) > 3


@pytest.mark.vlc
def test_it_passes_in_a_real_window(tmp_path: Path, x_display: str) -> None:
    run = selftest(tmp_path, environment={"DISPLAY": x_display, "QT_QPA_PLATFORM": "xcb"})
    assert run.returncode == 0, run.stdout + run.stderr
    assert "platform xcb" in line_of(run, "qt")
    assert "in a window" in line_of(run, "qt")


@pytest.fixture
def x_display(tmp_path: Path) -> Iterator[str]:
    """The name of an X display of our own."""
    read, write = os.pipe()
    try:
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1024x768x24", "-nolisten", "tcp"],
            pass_fds=[write],
            stderr=subprocess.DEVNULL,
        )
    except FileNotFoundError:
        pytest.skip("there is no Xvfb on this machine")
    finally:
        os.close(write)
    with os.fdopen(read) as said:
        number = said.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(10)


@pytest.mark.vlc
def test_a_clip_of_ones_own_is_played_to_its_end_and_back(tmp_path: Path) -> None:
    clip = timecoded_clip(tmp_path / "mine.mp4", seconds=2, fps=FPS)
    run = selftest(tmp_path, "--clip", str(clip), seconds=4)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "mine.mp4, 320x180, with sound" in line_of(run, "video")


@pytest.mark.vlc
def test_a_broken_clip_fails(tmp_path: Path) -> None:
    clip = tmp_path / "broken.webm"
    clip.write_bytes(b"<html>not a film</html>" * 500)
    run = selftest(tmp_path, "--clip", str(clip))
    assert run.returncode == 1
    assert line_of(run, "video").startswith("FAILED")
    assert "damaged" in line_of(run, "video")
    assert run.stdout.splitlines()[-1] == "The self-test failed: video."


@pytest.mark.vlc
def test_a_clip_cut_off_half_way_fails(tmp_path: Path) -> None:
    whole = timecoded_clip(tmp_path / "whole.mp4", seconds=20, fps=FPS, motion=True)
    clip = tmp_path / "half.mp4"
    clip.write_bytes(whole.read_bytes()[: whole.stat().st_size // 3])
    run = selftest(tmp_path, "--clip", str(clip))
    assert run.returncode == 1, run.stdout
    assert line_of(run, "video").startswith("FAILED")


@pytest.mark.vlc
def test_a_clip_that_stands_still_fails(tmp_path: Path) -> None:
    """Frames are decoded and painted, all the same: what a stuck decoder looks like."""
    run = selftest(tmp_path, "--clip", str(still_clip(tmp_path / "still.mp4")), seconds=1)
    assert run.returncode == 1
    assert "the picture stood still" in line_of(run, "video")


@pytest.mark.vlc
def test_a_surface_of_one_colour_fails(tmp_path: Path) -> None:
    """What a decoder shows that fails without a word."""
    run = selftest(tmp_path, "--clip", str(still_clip(tmp_path / "grey.mp4", grey=90)), seconds=1)
    assert run.returncode == 1
    assert "the picture is of one colour" in line_of(run, "video")


@pytest.mark.vlc
def test_sound_without_pictures_fails(tmp_path: Path) -> None:
    clip = tmp_path / "sound.mp4"
    with av.open(str(timecoded_clip(tmp_path / "film.mp4", seconds=3))) as film, av.open(str(clip), "w") as sound:
        stream = sound.add_stream_from_template(film.streams.audio[0])
        for packet in film.demux(film.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = stream
                sound.mux(packet)
    run = selftest(tmp_path, "--clip", str(clip))
    assert run.returncode == 1
    assert "sound.mp4 has no pictures" in line_of(run, "video")


def test_without_libvlc_it_says_what_to_install(tmp_path: Path) -> None:
    run = selftest(tmp_path, environment={PATH_VARIABLE: str(tmp_path / "nowhere")})
    assert run.returncode == 1
    assert line_of(run, "player").startswith("FAILED")
    assert "VLC's library" in line_of(run, "player")
    assert "Install VLC" in run.stdout
    # The rest was looked at all the same.
    assert line_of(run, "store").startswith("ok")
    assert line_of(run, "text").startswith("ok")
    assert run.stdout.splitlines()[-1] == "The self-test failed: player."


@pytest.mark.skipif(sys.platform != "linux", reason="fonts are found by fontconfig on Linux only")
def test_without_a_font_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "fonts.conf").write_text(f"<fontconfig><dir>{tmp_path}</dir></fontconfig>", "utf-8")
    run = selftest(tmp_path, environment={"FONTCONFIG_FILE": str(tmp_path / "fonts.conf"), PATH_VARIABLE: "/nowhere"})
    assert run.returncode == 1
    assert "there is no font" in line_of(run, "text")
    assert "fonts-dejavu-core" in run.stdout


def test_a_crash_of_qt_becomes_a_reason_and_exit_code_1(tmp_path: Path) -> None:
    """Qt ends the process when it finds no platform plugin, as it does where a system library is missing."""
    run = selftest(tmp_path, environment={"QT_QPA_PLATFORM": "nonsense"})
    assert run.returncode == 1
    assert f"it was ended by {signal.SIGABRT.name}" in run.stdout
    assert "./haversack setup" in run.stdout
    assert "nonsense" in run.stderr


def test_one_that_hangs_is_ended(capfd: pytest.CaptureFixture[str]) -> None:
    """The process is given no time at all: it cannot have got anywhere."""
    assert watch.watched([], seconds=0, patience_s=0.05) == 1
    assert "did not end within" in capfd.readouterr().out


@pytest.mark.vlc
def test_a_place_where_the_screenshot_cannot_be_written_fails(tmp_path: Path) -> None:
    run = selftest(tmp_path, "--screenshot", str(tmp_path / "absent" / "picture.png"))
    assert run.returncode == 1
    assert line_of(run, "video").startswith("ok")
    assert "--screenshot FILE" in run.stdout


def test_a_clip_that_is_not_there_fails(tmp_path: Path) -> None:
    run = selftest(tmp_path, "--clip", "absent.webm")
    assert run.returncode == 1
    assert "absent.webm is not there" in line_of(run, "video")


def test_what_lies_in_the_current_folder_is_not_taken_for_the_program(tmp_path: Path) -> None:
    (tmp_path / "desktop").mkdir()
    (tmp_path / "desktop" / "__init__.py").write_text("raise SystemExit(7)", "utf-8")
    environment = {PATH_VARIABLE: "/nowhere", "PYTHONSAFEPATH": "1", "PYTHONPATH": str(ROOT)}
    run = selftest(tmp_path, environment=environment)
    assert run.returncode == 1
    assert line_of(run, "store").startswith("ok")


@pytest.mark.parametrize("seconds", ["0", "-3", "soon", "601"])
def test_nonsense_on_the_command_line_is_refused(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["selftest", "--seconds", seconds])
    assert ended.value.code == 2
    assert "--seconds" in capsys.readouterr().err


def test_the_clip_that_ships_is_a_lecture_of_the_sample() -> None:
    course = sample_clip().parents[1] / "course.toml"
    assert f'media = "media/{sample_clip().name}"' in course.read_text("utf-8")
