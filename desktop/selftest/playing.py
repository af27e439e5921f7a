"""A clip, played as the lecture page plays it: the session, the engine, the widget, in a window."""

from __future__ import annotations

import os
import zlib
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QLabel, QLayout, QVBoxLayout, QWidget

from desktop.i18n import tr
from desktop.player.backend import MediaFacts, PlayerState
from desktop.player.problems import LibraryMissing, MediaProblem
from desktop.player.session import make_session
from desktop.player.vlc_backend import VlcBackend
from desktop.player.vlc_library import Library
from desktop.selftest.parts import pixels
from desktop.selftest.report import Finding, bad, good
from desktop.ui.widgets.video import VideoSurface

LOOK_MS = 100
SHOW_LIMIT_MS = 10_000
START_LIMIT_MS = 20_000
"""Longer than the engine's own patience, so that its explanation comes first."""
JUMP_LIMIT_MS = 10_000
FEWEST_FRAMES = 5
FEWEST_GREYS = 4
"""A picture with fewer is a surface of one colour: what a decoder shows that fails without a word."""
PAINTED_SHARE = 0.5
"""A busy computer may leave frames out, not most of them."""


class _Step(Enum):
    SHOWING = auto()
    STARTING = auto()
    PLAYING = auto()
    JUMPING = auto()
    DONE = auto()


class Playing(QObject):
    """Plays a clip from its start, jumps to its middle and looks at what is painted. Lives in the UI thread.

    ``finished`` carries the findings; the engine has ended and the screenshot is written by then.
    """

    finished = Signal(object)

    def __init__(self, clip: Path, seconds: float, screenshot: Path, damaged_advice: str) -> None:
        """``damaged_advice``: what helps when the clip itself cannot be played."""
        super().__init__()
        self._clip = clip
        self._damaged_advice = damaged_advice
        self._play_ms = round(seconds * 1000)
        self._screenshot = screenshot
        self._session = make_session(self)
        self._step = _Step.SHOWING
        self._since = QElapsedTimer()
        self._facts: MediaFacts | None = None
        self._pictures: set[int] = set()
        self._pictures_playing = 0
        self._left: int | None = None
        self._greys = 0
        self._arrived = False
        self.window = QWidget()
        self.surface = VideoSurface()
        self._build()
        backend = self._session.backend
        backend.opened.connect(self._on_opened)
        backend.seeked.connect(self._on_seeked)
        self._session.problem.connect(self._on_problem)
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._on_look)

    def _build(self) -> None:
        self.window.setWindowTitle("Haversack")
        heading = QLabel(tr("This is the self-test: a lecture plays for a moment."))
        layout = QVBoxLayout(self.window)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        layout.addWidget(heading)
        layout.addWidget(self.surface, 1)
        self.surface.set_source(self._session)
        self.window.resize(800, 500)

    @Slot()
    def start(self) -> None:
        """Show the window and begin; call it once the event loop runs."""
        self._since.start()
        self.window.show()
        self._look.start()

    # --- what happens -------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_opened(self, facts: MediaFacts) -> None:
        self._facts = facts

    @Slot(int)
    def _on_seeked(self, _position_ms: int) -> None:
        self._arrived = True

    @Slot(object)
    def _on_problem(self, problem: MediaProblem) -> None:
        if isinstance(problem, LibraryMissing):
            advice = [problem.way_out, *([problem.install_line] if problem.install_line else [])]
            self._end(bad("player", f"{problem.text} ({problem.detail})", *advice))
        else:
            self._end(bad("video", f"{problem.text} ({problem.detail})", self._damaged_advice))

    @Slot()
    def _on_look(self) -> None:
        if self._step is not _Step.SHOWING and not self.window.isVisible():
            self._end(bad("video", "the window was closed before the end", "Run the self-test again."))
        elif self._step is _Step.SHOWING:
            self._look_whether_shown()
        elif self._step is _Step.STARTING:
            self._look_whether_it_plays()
        elif self._step is _Step.PLAYING:
            self._look_at_picture()
            if self._since.elapsed() >= self._play_ms or self._session.state is PlayerState.ENDED:
                self._jump()
        elif self._step is _Step.JUMPING:
            self._look_after_jump()

    def _next(self, step: _Step) -> None:
        self._step = step
        self._since.restart()

    def _look_whether_shown(self) -> None:
        handle = self.window.windowHandle()
        if handle.isExposed():
            self._next(_Step.STARTING)
            self._session.load(self._clip)
        elif self._since.hasExpired(SHOW_LIMIT_MS):
            advice = "Run it where windows can be seen, or without a window: QT_QPA_PLATFORM=offscreen."
            self._end(bad("window", "the window was not shown", advice))

    def _look_whether_it_plays(self) -> None:
        if self._session.state is PlayerState.PLAYING and self._facts is not None:
            if not self._facts.has_video:
                self._end(bad("video", f"{self._clip.name} has no pictures", "Take a clip with video."))
                return
            self._next(_Step.PLAYING)
        elif self._since.hasExpired(START_LIMIT_MS):
            self._end(bad("video", f"{self._clip.name} did not start in {START_LIMIT_MS // 1000} s"))

    def _look_at_picture(self) -> int | None:
        """Take in what is painted. Returns the same number for the same picture; None if there is none."""
        picture = self.surface.grab(self.surface.picture_rect()).toImage()
        if picture.isNull():
            return None
        greys = pixels(picture)
        self._greys = max(self._greys, len(set(greys)))
        look = zlib.crc32(greys)
        self._pictures.add(look)
        return look

    def _jump(self) -> None:
        self._left = self._look_at_picture()
        self._pictures_playing = len(self._pictures)
        if self._pictures_playing < 2:
            self._end(self._judge(jumped=False))
            return
        self._next(_Step.JUMPING)
        self._session.seek_to(self._session.duration_ms // 2)

    def _look_after_jump(self) -> None:
        # Another one than where it jumped from; a short clip may have shown it before.
        is_new = self._arrived and self._look_at_picture() not in (None, self._left)
        if is_new or self._since.hasExpired(JUMP_LIMIT_MS):
            self._end(self._judge(jumped=is_new))

    # --- the end ------------------------------------------------------------------------------------------------

    def _judge(self, *, jumped: bool) -> Finding:
        frame = self._session.newest()
        decoded, painted = frame.serial if frame is not None else 0, self.surface.frames_painted
        assert self._facts is not None
        seen = (
            f"{self._clip.name}, {self._facts.width}x{self._facts.height}, "
            f"{'with' if self._facts.has_audio else 'without'} sound: "
            f"{decoded} frames decoded, {painted} painted, {self._pictures_playing} different pictures seen"
        )
        slow = "This computer is too slow or too busy for the clip: close other programs and try again."
        broken = "The player does not work with this computer's graphics: report a problem with this text."
        for failed, what, advice in (
            (decoded < FEWEST_FRAMES, "hardly any frame came", slow),
            (painted < decoded * PAINTED_SHARE, "most frames were not painted", slow),
            (self._greys < FEWEST_GREYS, "the picture is of one colour", broken),
            (self._pictures_playing < 2, "the picture stood still", "Take a clip that moves, or report a problem."),
            (not jumped, "no new picture came after a jump to the middle", broken),
        ):
            if failed:
                return bad("video", f"{what} ({seen})", advice)
        return good("video", f"{seen}; then a jump to the middle")

    def _end(self, finding: Finding) -> None:
        """Once: release the engine, keep the picture, tell."""
        if self._step is _Step.DONE:
            return
        self._step = _Step.DONE
        self._look.stop()
        findings = [*self._player_finding(), finding, self._keep_screenshot()]
        if not self._session.close(deadline_ms=5000):
            findings.append(bad("ending", "the player did not let go of the clip in 5 s"))
        self.window.close()
        self.finished.emit(tuple(findings))

    def _player_finding(self) -> list[Finding]:
        backend = self._session.backend
        library = backend.library if isinstance(backend, VlcBackend) else None
        if library is None:
            return []
        plugins = " and ".join(plugin_folders(library)) or "an unknown place"
        text = f"libVLC {library.version}, {library.origin}: {library.path}, plugins from {plugins}"
        return [good("player", text)]

    def _keep_screenshot(self) -> Finding:
        if self.window.grab().save(str(self._screenshot)):
            return good("screenshot", str(self._screenshot))
        return bad("screenshot", f"{self._screenshot} cannot be written", "Name a place for it: --screenshot FILE.png")


def plugin_folders(library: Library) -> list[str]:
    """Where libVLC took plugins from; empty if it cannot be told.

    Where the system says what is loaded, it is asked: libVLC looks into the folder it was built for as well as into
    the one it is given, and a package that plays with the system's plugins is not complete.
    """
    maps = Path("/proc/self/maps")
    if maps.exists():
        loaded = (line[line.find("/") :] for line in maps.read_text(errors="replace").splitlines())
        found = {path.rpartition("/plugins/")[0] for path in loaded if path.endswith("_plugin.so")}
        return sorted(f"{folder}/plugins" for folder in found if folder)
    given = os.environ.get("VLC_PLUGIN_PATH")
    beside = Path(library.path).parent / "plugins"
    return [given] if given else [str(beside)] if beside.is_dir() else []
