"""A computer without libVLC, or with half of it: said with what to install, and once that is there the lecture plays.

In processes of their own, because a library that was loaded stays.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.player import problems
from desktop.player.vlc_library import PATH_VARIABLE, install_line, load_library
from tests.guards.environment import ROOT

pytestmark = pytest.mark.vlc

SCRIPT = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from desktop.player.backend import PlayerState
from desktop.player.session import PlayerSession
from desktop.player.vlc_backend import VlcBackend

app = QApplication([])
clip = Path(sys.argv[1])
session = PlayerSession(VlcBackend(arguments=("--aout=dummy",)))

def on_problem(problem):
    print(problem.code, "|", problem.text, "|", problem.way_out, "|", problem.install_line, flush=True)
    if "mended" in sys.argv:
        del os.environ["HAVERSACK_LIBVLC"]
        QTimer.singleShot(0, lambda: session.load(clip))
    else:
        app.quit()

def on_position(position_ms):
    if session.state is PlayerState.PLAYING and position_ms > 500:
        print("plays", flush=True)
        app.quit()

session.problem.connect(on_problem)
session.position_changed.connect(on_position)
session.load(clip)
app.exec()
sys.exit(0 if session.close(5000) else 3)
"""


@pytest.fixture
def clip(clips: Callable[..., Path]) -> Path:
    return clips("good.webm", codec="vp9", seconds=4.0)


def lines_of(clip: Path, *words: str, **environment: str) -> list[str]:
    """What the program says about its player, and that it ends well."""
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **environment}
    command = [sys.executable, "-c", SCRIPT, str(clip), *words]
    run = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


def test_without_libvlc_it_says_what_to_install_and_plays_once_that_is_done(clip: Path, tmp_path: Path) -> None:
    told, then = lines_of(clip, "mended", **{PATH_VARIABLE: str(tmp_path / "nowhere")})
    code, text, way_out, line = told.split(" | ")
    assert code == problems.NO_PLAYER
    assert "VLC" in text
    assert "Install" in way_out
    assert line == install_line()
    assert then == "plays"


def test_a_file_that_is_no_library_is_none(clip: Path, tmp_path: Path) -> None:
    fake = tmp_path / "libvlc.so.5"
    fake.write_text("not a library", "utf-8")
    (told,) = lines_of(clip, **{PATH_VARIABLE: str(fake)})
    assert told.startswith(problems.NO_PLAYER)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere libVLC comes with its plugins")
def test_without_plugins_it_says_so(clip: Path, tmp_path: Path) -> None:
    # libVLC looks for its plugins beside its core: here there are none.
    real = Path(load_library().path).resolve()
    for library in (*real.parent.glob("libvlc.so*"), *real.parent.glob("libvlccore.so*")):
        shutil.copy(library, tmp_path / library.name)
    (told,) = lines_of(clip, **{PATH_VARIABLE: str(tmp_path), "LD_LIBRARY_PATH": str(tmp_path)})
    code, text, way_out, line = told.split(" | ")
    assert code == problems.NO_PLUGINS
    assert "plugins" in text
    assert "plugins" in way_out
    assert line == install_line()
