"""All that is bad, given to the real engine: it is said with what to do, and the next good lecture plays."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.player import problems, vlc_backend
from desktop.player.backend import PlayerState
from desktop.player.problems import MediaProblem
from desktop.player.session import PlayerSession
from tests.desktop.player.conftest import number_shown
from tests.desktop.player.media_server import PAGE, media_server

pytestmark = pytest.mark.vlc
PATIENCE_MS = 25_000


@pytest.fixture
def good(clips: Callable[..., Path]) -> Path:
    return clips("good.webm", codec="vp9", seconds=4.0)


@pytest.fixture
def mp4(clips: Callable[..., Path]) -> Path:
    return clips("whole.mp4", codec="h264", keyframe_every_s=1.0)


def empty(path: Path, _: bytes) -> None:
    path.write_bytes(b"")


def page(path: Path, _: bytes) -> None:
    path.write_bytes(PAGE * 20)


def noise(path: Path, whole: bytes) -> None:
    path.write_bytes(bytes((number * 7919 + number // 251) % 251 for number in range(len(whole) // 4)))


def without_index(path: Path, whole: bytes) -> None:
    path.write_bytes(whole[: whole.index(b"moov") - 4] + whole[whole.index(b"mdat") - 4 :])


def absent(path: Path, _: bytes) -> None:
    """There is none."""


def folder(path: Path, _: bytes) -> None:
    path.mkdir()


BAD_FILES = {
    "absent": (absent, problems.MISSING),
    "folder": (folder, problems.MISSING),
    "empty": (empty, problems.BROKEN),
    "web-page": (page, problems.BROKEN),
    "noise": (noise, problems.BROKEN),
    "mp4-without-index": (without_index, problems.BROKEN),
}


class Heard:
    """What a session says is wrong."""

    def __init__(self, session: PlayerSession) -> None:
        self.session = session
        self.problems: list[MediaProblem] = []
        session.problem.connect(self.problems.append)

    def one(self, qtbot: QtBot) -> MediaProblem:
        """The one problem, after waiting for it."""
        qtbot.waitUntil(lambda: bool(self.problems), timeout=PATIENCE_MS)
        assert self.session.state is PlayerState.FAILED
        assert len(self.problems) == 1
        assert self.problems[0].text
        assert self.problems[0].way_out
        return self.problems[0]


@pytest.fixture
def heard(real: PlayerSession) -> Heard:
    return Heard(real)


def plays(qtbot: QtBot, session: PlayerSession, medium: Path | str) -> None:
    """The next lecture plays, with pictures that go on."""
    session.load(medium)
    qtbot.waitUntil(lambda: session.state is PlayerState.PLAYING and number_shown(session) > 5, timeout=PATIENCE_MS)


@pytest.mark.parametrize("paused", [False, True], ids=["playing", "paused"])
@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_file_is_said_and_the_next_one_plays(
    qtbot: QtBot, heard: Heard, tmp_path: Path, good: Path, mp4: Path, kind: str, *, paused: bool
) -> None:
    make, code = BAD_FILES[kind]
    path = tmp_path / "lecture.mp4"
    make(path, mp4.read_bytes())
    heard.session.load(path, 1_000, paused=paused)
    assert heard.one(qtbot).code == code
    plays(qtbot, heard.session, good)
    assert len(heard.problems) == 1


@pytest.mark.skipif(os.name != "posix" or not hasattr(os, "seteuid"), reason="rights are those of POSIX")
def test_a_file_that_may_not_be_read_is_said(qtbot: QtBot, heard: Heard, good: Path, tmp_path: Path) -> None:
    plays(qtbot, heard.session, good)
    path = tmp_path / "private.webm"
    shutil.copy(good, path)
    path.chmod(0)
    was_root = os.geteuid() == 0
    if was_root:
        os.seteuid(65_534)
    try:
        with pytest.raises(OSError, match=r"[Pp]ermission"):
            path.read_bytes()
        heard.session.load(path)
        found = heard.one(qtbot)
    finally:
        if was_root:
            os.seteuid(0)
    assert found.code == problems.FORBIDDEN
    plays(qtbot, heard.session, good)


def test_a_file_that_was_cut_off_plays_what_there_is_and_then_says_so(
    qtbot: QtBot, heard: Heard, good: Path, mp4: Path, tmp_path: Path
) -> None:
    whole = mp4.read_bytes()
    path = tmp_path / "lecture.mp4"
    path.write_bytes(whole[: len(whole) * 2 // 5])
    heard.session.load(path)
    qtbot.waitUntil(lambda: heard.session.duration_ms > 11_000, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: number_shown(heard.session) > 25, timeout=PATIENCE_MS)
    assert heard.one(qtbot).code == problems.CUT_SHORT
    plays(qtbot, heard.session, good)


@pytest.mark.skipif(os.name != "posix", reason="an open file cannot be deleted elsewhere")
def test_a_file_that_is_deleted_while_it_plays_goes_on_and_is_missed_the_next_time(
    qtbot: QtBot, heard: Heard, good: Path, tmp_path: Path
) -> None:
    path = tmp_path / "lecture.webm"
    shutil.copy(good, path)
    plays(qtbot, heard.session, path)
    path.unlink()
    heard.session.seek_to(3_500)
    qtbot.waitUntil(lambda: heard.session.state is PlayerState.ENDED, timeout=PATIENCE_MS)
    assert heard.problems == []
    heard.session.play()
    assert heard.one(qtbot).code == problems.MISSING
    plays(qtbot, heard.session, good)


@pytest.fixture
def address(mp4: Path) -> Iterator[str]:
    with media_server(mp4) as url:
        yield url


@pytest.mark.parametrize("kind", ["absent", "page"])
def test_an_address_that_has_no_lecture_is_said(qtbot: QtBot, heard: Heard, address: str, kind: str) -> None:
    heard.session.load(f"{address}/{kind}?signature=secret")
    found = heard.one(qtbot)
    assert found.code == problems.UNREACHABLE
    assert "secret" not in str(found.detail)
    plays(qtbot, heard.session, f"{address}/good")


def test_an_address_where_nobody_listens_is_said(qtbot: QtBot, heard: Heard, good: Path) -> None:
    heard.session.load("http://127.0.0.1:9/lecture.mp4")
    assert heard.one(qtbot).code == problems.UNREACHABLE
    plays(qtbot, heard.session, good)


def test_an_address_that_closes_half_way_plays_what_came_and_says_so(qtbot: QtBot, heard: Heard, address: str) -> None:
    heard.session.load(f"{address}/half")
    assert heard.one(qtbot).code in {problems.CUT_SHORT, problems.UNREACHABLE}
    plays(qtbot, heard.session, f"{address}/good")


def test_an_address_that_sends_nothing_more_is_given_up(
    qtbot: QtBot, heard: Heard, address: str, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vlc_backend, "STREAM_PATIENCE_MS", 1_500)
    heard.session.load(f"{address}/stalls")
    assert heard.one(qtbot).code == problems.UNREACHABLE
    plays(qtbot, heard.session, good)


def test_without_a_sound_device_the_pictures_play(
    qtbot: QtBot, sessions: Callable[..., PlayerSession], mp4: Path
) -> None:
    session = sessions(vlc_backend.VlcBackend(arguments=("--aout=alsa", "--alsa-audio-device=nowhere")))
    heard = Heard(session)
    plays(qtbot, session, mp4)
    at_ms = session.position_ms
    qtbot.waitUntil(lambda: session.position_ms > at_ms + 1_000, timeout=PATIENCE_MS)
    assert heard.problems == []
