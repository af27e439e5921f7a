"""libVLC's half of the engine: runs in the command thread, and in libVLC's own threads where it calls back.

A callback does the least possible and never calls libVLC: ``stop``, ``set_time`` or ``set_media`` from inside one
waits for itself. An exception in a callback would silently mean no picture, so each is caught and logged.
"""

from __future__ import annotations

import ctypes
import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from desktop.player import problems
from desktop.player.backend import MediaFacts
from desktop.player.callbacks import guarded
from desktop.player.command_thread import CommandThread
from desktop.player.frames import FrameBuffers
from desktop.player.step_reports import StepReports
from desktop.player.vlc_happenings import Happening, Report
from desktop.player.vlc_library import Library, load_library, make_instance
from desktop.player.vlc_seeker import Seeker

log = logging.getLogger(__name__)

# The binding declares the chroma as a char*, which ctypes hands to Python as a copy: what is written there is lost.
_FORMAT_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_uint,
    ctypes.POINTER(ctypes.c_void_p),
    ctypes.c_void_p,
    ctypes.POINTER(ctypes.c_uint),
    ctypes.POINTER(ctypes.c_uint),
    ctypes.POINTER(ctypes.c_uint),
    ctypes.POINTER(ctypes.c_uint),
)


class VlcEngine:
    """One player of libVLC, reused for every medium.

    Methods run in the command thread. ``report`` is called from any thread, with the generation of the medium it is
    about.
    """

    def __init__(
        self, buffers: FrameBuffers, report: Report, commands: CommandThread, arguments: Sequence[str] = ()
    ) -> None:
        self._buffers = buffers
        self._report = report
        self._commands = commands
        self._arguments = tuple(arguments)
        self._instance: Any = None
        self._player: Any = None
        self._events: Any = None
        self._media: Any = None
        self._kept: list[object] = []
        self._handlers: dict[Any, Callable[[Any], None]] = {}
        self._generation = 0
        self._described = False
        self._start_ms = 0
        self._paused = False
        self._frozen = False
        self._returning = False
        self._volume = 100
        self._muted = False
        self._frames = 0
        self._last = (0, 0)
        self._seeker = Seeker(self._tell, commands.post, self._show_last)

    # --- commands -----------------------------------------------------------------------------------------------

    def load(self) -> Library:
        """Make libVLC ready. Cheap when it is.

        Raises:
            LibraryMissing: it cannot be loaded, or its plugins cannot.
        """
        library = load_library()
        if self._player is None:
            self._instance = make_instance(library, self._arguments)
            self._player = self._instance.media_player_new()
            self._seeker.attach(self._player, StepReports(library.vlc, self._instance))
            self._connect(library.vlc)
            self._report(self._generation, Happening.LOADED, library)
        return library

    def open(self, generation: int, medium: Path | str, start_ms: int, *, paused: bool) -> None:
        """Let go of the last medium and start this one."""
        self._generation = generation
        try:
            if isinstance(medium, Path):
                _check(medium)
            self.load()
        except problems.MediaProblem as problem:
            self.stop()
            self._report(generation, Happening.FAILED, problem)
            return
        self._player.stop()
        self._described = False
        self._start_ms = start_ms
        self._frames = 0
        # Opened paused, a file begins unseen at its start and is sent on from there (``frame_times`` says why).
        begin_ms = 0 if paused and isinstance(medium, Path) else start_ms
        self._seeker.begin(medium, begin_ms)
        # libVLC's own start-paused shows nothing for WebM: it starts without a sound and is held at the first picture.
        self._paused = self._frozen = paused
        self._returning = False
        self._apply_sound()
        new = self._instance.media_new_path if isinstance(medium, Path) else self._instance.media_new
        media = new(str(medium))
        if begin_ms > 0:
            media.add_option(f":start-time={begin_ms / 1000:.3f}")
        self._player.set_media(media)
        self._release_media()
        self._media = media
        self._player.play()

    def play(self, generation: int) -> None:
        """Go on."""
        if self._current(generation):
            back_to = self._seeker.go_on() if self._paused else None
            self._returning = back_to is not None
            self._paused = self._frozen = False
            self._apply_sound()
            self._player.set_pause(0)
            if back_to is not None:
                self._seeker.go_to(back_to, paused=False)

    def pause(self, generation: int) -> None:
        """Hold. A medium that is still opening is held at its first picture."""
        if self._current(generation):
            was_paused, self._paused = self._paused, True
            self._player.set_pause(1)
            if not was_paused:
                self._seeker.pause()

    def seek(self, generation: int, position_ms: int) -> None:
        """Go to a position; SEEKED is reported when its first picture is there (or its sound, without video)."""
        if self._current(generation):
            self._returning = False
            self._seeker.go_to(position_ms, paused=self._paused and self._frames > 0)

    def look_after_seek(self, generation: int) -> None:
        """See that a paused seek ends on its picture; called now and then until SETTLED is reported."""
        if self._current(generation):
            self._seeker.look_after()

    def hold(self, generation: int) -> None:
        """The first picture of a medium that was opened paused is there: stay at its start."""
        if self._current(generation) and self._paused:
            self._player.set_pause(1)
            if self._frozen:
                self._seeker.open_at(self._start_ms)
            self._frozen = False
            self._apply_sound()
            self.describe(generation)

    def set_sound(self, percent: int, *, muted: bool) -> None:
        """Volume and mute; libVLC forgets them when it makes another output."""
        self._volume, self._muted = percent, muted
        self._apply_sound()

    def _apply_sound(self) -> None:
        if self._player is not None:
            self._player.audio_set_volume(self._volume)
            self._player.audio_set_mute(self._muted or self._frozen)

    def set_rate(self, rate: float) -> None:
        """Speed; the pitch is kept by libVLC's own filter."""
        if self._player is not None:
            self._player.set_rate(rate)

    def stop(self) -> None:
        """Let go of the medium. Takes 10-20 ms, up to a second under load."""
        if self._player is not None:
            self._player.stop()
        self._release_media()

    def release(self) -> None:
        """The end: nothing is called back after this."""
        if self._player is None:
            return
        self._player.stop()
        for kind in self._handlers:
            self._events.event_detach(kind)
        self._player.release()
        self._release_media()
        self._instance.release()
        self._player = self._instance = self._events = None
        self._kept.clear()

    def describe(self, generation: int) -> None:
        """Find out what the medium is, and report OPENED once."""
        if not self._current(generation) or self._described:
            return
        has_video = bool(self._frames) or self._player.video_get_track_count() > 0
        if has_video and (not self._frames or self._frozen):
            return
        if self._paused and not has_video:
            self._player.set_pause(1)
            if self._frozen and self._start_ms:
                self._player.set_time(self._start_ms)
            self._frozen = False
            self._apply_sound()
        self._described = True
        width, height = self._player.video_get_size(0) if has_video else (0, 0)
        facts = MediaFacts(
            duration_ms=max(0, self._player.get_length()),
            width=width,
            height=height,
            has_video=has_video,
            has_audio=self._player.audio_get_track_count() > 0,
        )
        self._report(generation, Happening.OPENED, facts)

    def _current(self, generation: int) -> bool:
        return self._player is not None and self._media is not None and generation == self._generation

    def _release_media(self) -> None:
        if self._media is not None:
            self._media.release()
            self._media = None

    # --- callbacks ----------------------------------------------------------------------------------------------

    def _connect(self, vlc: Any) -> None:
        kinds = vlc.CallbackDecorators
        format_callback = _FORMAT_CALLBACK(guarded(0)(self._on_format))
        lock = kinds.VideoLockCb(guarded(0)(self._on_lock))
        unlock = kinds.VideoUnlockCb(lambda *_: None)
        display = kinds.VideoDisplayCb(guarded(None)(self._on_display))
        cleanup = kinds.VideoCleanupCb(lambda *_: None)
        # ctypes does not keep them alive, and a call into a collected one ends the process.
        self._kept = [format_callback, lock, unlock, display, cleanup]
        self._player.video_set_callbacks(lock, unlock, display, None)
        self._player.video_set_format_callbacks(ctypes.cast(format_callback, kinds.VideoFormatCb), cleanup)
        kind = vlc.EventType
        self._handlers = {
            kind.MediaPlayerTimeChanged: self._on_time,
            kind.MediaPlayerBuffering: self._on_buffering,
            kind.MediaPlayerPlaying: lambda _: self._tell(Happening.PLAYING),
            kind.MediaPlayerPaused: lambda _: self._tell(Happening.PAUSED),
            kind.MediaPlayerEndReached: lambda _: self._tell(Happening.ENDED),
            kind.MediaPlayerEncounteredError: lambda _: self._tell(Happening.ERROR),
        }
        self._events = self._player.event_manager()
        for event, handler in self._handlers.items():
            self._events.event_attach(event, _one_argument(guarded(None)(handler)))

    def _tell(self, happening: Happening, value: object = None) -> None:
        self._report(self._generation, happening, value)

    def _on_time(self, event: Any) -> None:
        self._tell(Happening.POSITION, (int(event.u.new_time), time.monotonic_ns()))

    def _on_buffering(self, event: Any) -> None:
        self._seeker.on_buffering(event.u.new_cache)
        if not self._frames and self._seeker.is_buffered:
            self._seeker.arrive()

    def _on_format(self, _opaque: Any, chroma: int, width: Any, height: Any, pitches: Any, lines: Any) -> int:
        # What comes in is padded to the codec's blocks; writing it back would stretch the picture.
        true_width, true_height = self._player.video_get_size(0) or (width[0], height[0])
        if not true_width or not true_height:
            true_width, true_height = width[0], height[0]
        ctypes.memmove(chroma, b"RV32", 4)
        width[0], height[0] = true_width, true_height
        pitches[0], lines[0] = self._buffers.configure(true_width, true_height)
        return 3

    def _on_lock(self, _opaque: Any, planes: Any) -> int:
        number, address = self._buffers.begin()
        planes[0] = address
        return number + 1

    def _on_display(self, _opaque: Any, picture: int) -> None:
        first = self._frames == 0
        self._frames += 1
        if first and self._paused:
            generation = self._generation
            self._commands.post(lambda: self.hold(generation))
        if self._frozen:
            return  # what comes between the first picture and the held one is not to be seen
        number = picture - 1
        if self._paused:
            look = self._buffers.look(number)
            self._last = (number, look)
            if self._seeker.on_paused_picture(look):
                self._show_last()
                self._seeker.arrive()
            return
        arrived = self._seeker.is_under_way and self._seeker.on_playing_picture(self._buffers.look(number))
        if arrived:
            self._returning = False
        if not self._returning and self._buffers.publish(number):
            self._tell(Happening.FRAME)
        if arrived:
            self._seeker.arrive()

    def _show_last(self) -> None:
        if self._buffers.publish(*self._last):
            self._tell(Happening.FRAME)


def _check(path: Path) -> None:
    """Say what libVLC would not: a file that is not there or may not be read is to it like a damaged one."""
    try:
        if not path.is_file():
            raise problems.missing(path.name)
        with path.open("rb"):
            return
    except PermissionError as error:
        raise problems.forbidden(path.name) from error
    except OSError as error:
        raise problems.broken(path.name, str(error)) from error


def _one_argument(handler: Callable[..., None]) -> Callable[[Any], None]:
    """The binding counts the arguments of a handler and wants exactly one or more named ones."""

    def handle(event: Any) -> None:
        handler(event)

    return handle
