"""The self-test itself: all parts, one after the other, in this process."""

from __future__ import annotations

import platform
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from desktop.config import APP_NAME, resources
from desktop.selftest.report import INCOMPLETE, Finding, bad, good, say, tell, verdict


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for. ``clip`` None: the one that ships."""

    clip: Path | None
    seconds: float
    screenshot: Path


def sample_clip() -> Path:
    """The clip that ships: the first lecture of the sample program."""
    return resources() / "sample" / "courses" / "study-well" / "media" / "welcome.webm"


def run(wanted: Wanted, version: str) -> int:
    """Look at everything, even when something failed. Returns the exit code."""
    say(APP_NAME, f"{version}, Python {platform.python_version()}, {platform.platform()}")
    say("program", sys.executable if getattr(sys, "frozen", False) else str(Path(__file__).resolve().parents[2]))
    findings = [_guarded("qt", _start_qt)]
    if findings[0].good:
        from desktop.selftest import parts

        findings.extend(
            _guarded(name, part)
            for name, part in (("store", parts.check_store), ("text", parts.check_text), ("icons", parts.check_icons))
        )
        findings.extend(_play(wanted))
    return verdict(findings)


def _guarded(name: str, part: Callable[[], Finding]) -> Finding:
    try:
        finding = part()
    except Exception as error:  # noqa: BLE001 (a package may lack anything: whatever is raised is what was to be found)
        finding = _fallen(name, error)
    tell(finding)
    return finding


def _fallen(name: str, error: Exception) -> Finding:
    where = traceback.extract_tb(error.__traceback__)[-1]
    said = f"{type(error).__name__}: {error} (at {Path(where.filename).name}:{where.lineno})"
    return bad(name, said, INCOMPLETE, "If that does not help, report a problem with this text.")


def _start_qt() -> Finding:
    from PySide6.QtCore import qVersion
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QApplication

    QGuiApplication.setApplicationName(APP_NAME)
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    # The window's end is not the test's: it tells that somebody closed it.
    application.setQuitOnLastWindowClosed(False)
    name = QGuiApplication.platformName()
    size = QGuiApplication.primaryScreen().size()
    seen = "drawn in memory, no window is seen" if name in {"offscreen", "minimal"} else "in a window"
    return good("qt", f"{qVersion()}, platform {name} ({size.width()}x{size.height()}; {seen})")


def _play(wanted: Wanted) -> tuple[Finding, ...]:
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    found: list[Finding] = []

    def play() -> Finding:
        from desktop.selftest.playing import Playing

        clip, advice = (wanted.clip, "Take a whole clip.") if wanted.clip else (sample_clip(), INCOMPLETE)
        if not clip.is_file():
            return bad("video", f"{clip} is not there", *(() if wanted.clip else (INCOMPLETE,)))
        playing = Playing(clip, wanted.seconds, wanted.screenshot, advice)
        playing.finished.connect(found.extend)
        playing.finished.connect(QApplication.quit)
        QTimer.singleShot(0, playing, playing.start)
        QApplication.exec()
        playing.window.deleteLater()
        for finding in found[:-1]:
            tell(finding)
        return found[-1] if found else bad("video", "the test was ended before it was done")

    last = _guarded("video", play)
    return (*found[:-1], last)
