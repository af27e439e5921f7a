"""Two starts on one data folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.instance import SingleInstance

SECOND = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from desktop.instance import SingleInstance
app = QCoreApplication([])
second = SingleInstance(Path(sys.argv[1]))
print("claimed" if second.claim() else "asked" if second.ask_first(sys.argv[2]) else "silence")
"""


def test_the_second_start_hands_its_link_to_the_first(qtbot: QtBot, tmp_path: Path) -> None:
    first = SingleInstance(tmp_path)
    heard: list[str] = []
    first.started_again.connect(heard.append)
    assert first.claim()
    first.listen()
    link = "haversack://join?server=http://127.0.0.1:1&invitation=welcome"
    root = Path(__file__).resolve().parents[2]
    second = subprocess.Popen([sys.executable, "-c", SECOND, str(tmp_path), link], stdout=subprocess.PIPE, cwd=root)
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=20_000)
    said = second.communicate()[0]
    first.release()
    assert said.strip() == b"asked"
    assert heard == [link]


def test_the_folder_is_free_again_after_the_first_ended(qtbot: QtBot, tmp_path: Path) -> None:
    first = SingleInstance(tmp_path)
    assert first.claim()
    assert not SingleInstance(tmp_path).claim()
    first.release()
    second = SingleInstance(tmp_path)
    assert second.claim()
    second.release()
