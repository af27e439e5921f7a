"""libVLC's half of the engine: runs in the command thread, and in libVLC's own threads where it calls back.

A callback does the least possible and never calls libVLC: ``stop``, ``set_time`` or ``set_media`` from inside one
waits for itself. An exception in a callback would silently mean no picture, so each is caught and logged.
"""

from __future__ import annotations

import ctypes
import functools
import logging
import threading
import time
from collections.abc import Callable, Sequence
from enum import Enum, auto
from pathlib import Path
from typing import Any, TypeVar

from desktop.player import problems
from desktop.player.backend import MediaFacts
from desktop.player.command_thread import CommandThread
from desktop.player.frames import FrameBuffers
from desktop.player.vlc_library import Library, load_library, make_instance

log = logging.getLogger(__name__)
R = TypeVar("R")

PICTURE_WAIT_S = 0.3
"""How long a paused seek waits for another picture before it is called done without one: slides often look alike, and
after the last picture there is none. One that comes later is shown all the same."""
USUAL_FRAME_MS = 40

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


class Happening(Enum):
    """What the engine reports, and what comes with it."""

    LOADED = auto()  # Library
    OPENED = auto()  # MediaFacts
    PLAYING = auto()
    PAUSED = auto()
    ENDED = auto()
    ERROR = auto()
    POSITION = auto()  # position in ms and its time.monotonic_ns
    FRAME = auto()
    SEEKED = auto()  # the wanted position in ms
    FAILED = auto()  # MediaProblem


Report = Callable[[int, Happening, object], None]


def _guarded(answer: R) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """A callback that answers ``answer`` instead of raising into C."""

    def wrap(callback: Callable[..., R]) -> Callable[..., R]:
        @functools.wraps(callback)
        def call(*arguments: object) -> R:
            try:
                return callback(*arguments)
            except Exception:  # the last resort of a foreign thread
                log.exception("a libVLC callback failed")
                return answer

        return call

    return wrap


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
        self._is_mp4 = False
        self._paused = False
        self._frozen = False
        self._volume = 100
        self._muted = False
        self._frames = 0
        self._seeking: int | None = None
        self._flushed = False
        self._picture_came = threading.Event()

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
            self._connect(library.vlc)
            self._report(self._generation, Happening.LOADED, library)
        return library

    def open(self, generation: int, medium: Path | str, start_ms: int, *, paused: bool) -> None:
        """Let go of the last medium and start this one."""
        self._generation = generation
        try:
            if isinstance(medium, Path) and not medium.is_file():
                raise problems.missing(medium.name)
            self.load()
        except problems.MediaProblem as problem:
            self.stop()
            self._report(generation, Happening.FAILED, problem)
            return
        self._player.stop()
        self._described = False
        self._start_ms = start_ms
        self._is_mp4 = isinstance(medium, Path) and _is_mp4(medium)
        self._frames = 0
        self._seeking = None
        # libVLC's own start-paused shows nothing for WebM: it starts without a sound and is held at the first picture.
        self._paused = self._frozen = paused
        self._apply_sound()
        new = self._instance.media_new_path if isinstance(medium, Path) else self._instance.media_new
        media = new(str(medium))
        if start_ms > 0:
            media.add_option(f":start-time={start_ms / 1000:.3f}")
        self._player.set_media(media)
        self._release_media()
        self._media = media
        self._player.play()

    def play(self, generation: int) -> None:
        """Go on."""
        if self._current(generation):
            self._paused = self._frozen = False
            self._apply_sound()
            self._player.set_pause(0)

    def pause(self, generation: int) -> None:
        """Hold. A medium that is still opening is held at its first picture."""
        if self._current(generation):
            self._paused = True
            self._player.set_pause(1)

    def seek(self, generation: int, position_ms: int) -> None:
        """Go to a position; SEEKED is reported when its first picture is there (or its sound, without video)."""
        if not self._current(generation):
            return
        self._flushed = False
        self._picture_came.clear()
        self._seeking = position_ms
        self._player.set_time(self._target_ms(position_ms))
        if self._paused and self._frames:
            self._wait_for_picture()

    def _wait_for_picture(self) -> None:
        """Paused, libVLC shows one picture, or none at the very end. What is asked for meanwhile goes first."""
        until = time.monotonic() + PICTURE_WAIT_S
        while not self._picture_came.wait(0.02):
            if self._commands.waiting():
                return
            if time.monotonic() > until:
                self._seek_arrived()
                return

    def _target_ms(self, position_ms: int) -> int:
        """The time that libVLC must be given so that the frame seen at ``position_ms`` is the first it shows.

        Measured on frames that carry their number. In MP4 frames have a length and libVLC begins with the first that
        ends at or after the target; in WebM they have none and it begins with the first that starts there.
        """
        if self._is_mp4:
            return position_ms + 1
        fps = self._player.get_fps()
        frame_ms = 1000 / fps if fps and fps > 1 else USUAL_FRAME_MS
        return max(0, position_ms - round(frame_ms) + 1)

    def hold(self, generation: int) -> None:
        """The first picture of a medium that was opened paused is there: stay at its start."""
        if self._current(generation) and self._paused:
            self._player.set_pause(1)
            if self._frozen:
                self.seek(generation, self._start_ms)
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
        format_callback = _FORMAT_CALLBACK(_guarded(0)(self._on_format))
        lock = kinds.VideoLockCb(_guarded(0)(self._on_lock))
        unlock = kinds.VideoUnlockCb(lambda *_: None)
        display = kinds.VideoDisplayCb(_guarded(None)(self._on_display))
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
            self._events.event_attach(event, _one_argument(_guarded(None)(handler)))

    def _tell(self, happening: Happening, value: object = None) -> None:
        self._report(self._generation, happening, value)

    def _on_time(self, event: Any) -> None:
        self._tell(Happening.POSITION, (int(event.u.new_time), time.monotonic_ns()))

    def _on_buffering(self, event: Any) -> None:
        # After a seek the cache is filled anew; the pictures of before are gone by the time it is full.
        if self._seeking is not None and event.u.new_cache >= 100:
            self._flushed = True
            if not self._frames:
                self._seek_arrived()

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
        arrived = self._seeking is not None and self._flushed
        # What comes between the first picture and the held one is not to be seen; a paused picture comes again
        # and again.
        is_new = (not self._frozen or arrived) and self._buffers.publish(picture - 1, unless_equal=self._paused)
        if is_new:
            self._tell(Happening.FRAME)
        # A paused picture that is shown once more may still be the old one; ``_wait_for_picture`` waits for the new.
        if arrived and (is_new or not self._paused):
            self._seek_arrived()

    def _seek_arrived(self) -> None:
        wanted, self._seeking = self._seeking, None
        self._picture_came.set()
        if wanted is not None:
            self._tell(Happening.SEEKED, wanted)


def _is_mp4(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(8)[4:] in {b"ftyp", b"moov", b"free", b"wide", b"mdat"}


def _one_argument(handler: Callable[..., None]) -> Callable[[Any], None]:
    """The binding counts the arguments of a handler and wants exactly one or more named ones."""

    def handle(event: Any) -> None:
        handler(event)

    return handle
