"""Clips that carry their frame numbers, and sessions that are closed after use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.player.backend import PlayerBackend, PlayerState
from desktop.player.fake_backend import FakeBackend
from desktop.player.session import PlayerSession
from desktop.player.vlc_backend import VlcBackend
from tests.media import UnreadableTimecodeError, read_timecode, timecoded_clip

FPS = 25
SILENT_OUTPUT = "--aout=dummy"


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """``clips(name, **how)``: the file of this name, made once for the whole run (see ``timecoded_clip``)."""
    folder = tmp_path_factory.mktemp("clips")

    def clip(name: str, **how: object) -> Path:
        path = folder / name
        if not path.exists():
            timecoded_clip(path, **{"seconds": 12, "fps": FPS, **how})  # type: ignore[arg-type]
        return path

    return clip


@pytest.fixture
def sessions(qtbot: QtBot) -> Iterator[Callable[[PlayerBackend], PlayerSession]]:
    """Makes sessions, and closes them at the end."""
    made: list[PlayerSession] = []

    def make(backend: PlayerBackend) -> PlayerSession:
        made.append(PlayerSession(backend))
        return made[-1]

    yield make
    for session in made:
        assert session.close(10_000)
        session.deleteLater()


@pytest.fixture
def real(sessions: Callable[[PlayerBackend], PlayerSession]) -> PlayerSession:
    """A session with libVLC."""
    return sessions(VlcBackend(arguments=(SILENT_OUTPUT,)))


class Fake:
    """A session with an engine whose time the test holds, and what the session said."""

    def __init__(self, **engine: object) -> None:
        self.engine = FakeBackend(**engine)  # type: ignore[arg-type]
        self.session = PlayerSession(self.engine, now_ns=self.engine.now_ns)
        self.watched: list[tuple[int, int]] = []
        self.resume: list[int] = []
        self.states: list[PlayerState] = []
        self.session.watched.connect(self.watched.extend)
        self.session.resume_changed.connect(self.resume.append)
        self.session.state_changed.connect(self.states.append)

    def seeks(self) -> list[int]:
        """The places that the engine was sent to."""
        return [int(call.split()[1]) for call in self.engine.calls if call.startswith("seek")]


@pytest.fixture
def fake(qtbot: QtBot) -> Iterator[Fake]:
    held = Fake()
    yield held
    held.session.close()
    held.session.deleteLater()


def number_shown(session: PlayerSession) -> int:
    """The number of the newest frame; -1 while there is none or it cannot be read."""
    frame = session.newest()
    try:
        return -1 if frame is None else read_timecode(frame.image)
    except UnreadableTimecodeError:
        return -1
