"""Frames on their way from the engine to the widget, without a copy on the way.

The engine writes into one of four buffers while the widget paints from another; the third holds the newest complete
frame, the fourth one that may still be chosen to be shown. A buffer that the widget holds is never written to.
"""

from __future__ import annotations

import ctypes
import threading
import zlib
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtGui import QImage

BYTES_PER_PIXEL = 4
_ALIGNMENT = 64
BUFFER_COUNT = 4


@dataclass(frozen=True)
class Frame:
    """A picture. ``image`` looks into the engine's buffer and is valid until the source is asked for the next one;
    ``copy()`` it to keep it. ``serial`` counts up; equal serials are the same picture."""

    serial: int
    image: QImage


class FrameSource(Protocol):
    """Where a widget gets its pictures from. Used in the UI thread."""

    def newest(self) -> Frame | None:
        """The newest frame, or None before the first."""


class FrameBuffers:
    """Four buffers of RV32 (BGRX in memory) in true size, shared by one writer and one reader.

    ``configure``, ``begin`` and ``publish`` are called in the engine's threads, ``newest`` and ``clear`` in the UI
    thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._buffers: list[_Buffer] = []
        self._newest: int | None = None
        self._held: int | None = None
        self._looked_at: int | None = None
        self._held_frame: Frame | None = None
        self._serial = 0
        self._look: int | None = None

    def configure(self, width: int, height: int) -> tuple[int, int]:
        """Make buffers for pictures of this size. Returns the bytes of a line and the lines of a buffer."""
        with self._lock:
            self._buffers = [_Buffer(width, height) for _ in range(BUFFER_COUNT)]
            # The frame the widget still holds keeps its old buffer alive by itself.
            self._newest = self._held = self._looked_at = None
            self._look = None
            return self._buffers[0].stride, height

    def begin(self) -> tuple[int, int]:
        """A buffer to write the next frame into: its number and its address."""
        with self._lock:
            taken = {self._newest, self._held, self._looked_at}
            free = next(number for number in range(len(self._buffers)) if number not in taken)
            return free, self._buffers[free].address

    def look(self, number: int) -> int:
        """A number for what the picture in this buffer looks like: equal pictures have the same.

        The buffer stays as it is until another is looked at, so that it can still be published.
        """
        with self._lock:
            if number >= len(self._buffers):
                return 0
            self._looked_at = number
            buffer = self._buffers[number]
        return zlib.crc32(buffer.data)

    def publish(self, number: int, look: int | None = None) -> bool:
        """The frame in this buffer is to be shown. Returns whether there is anything new to paint.

        Given its ``look``, it is dropped if the last one had the same: libVLC shows a paused picture again and again.
        """
        with self._lock:
            if number >= len(self._buffers) or (look is not None and look == self._look):
                return False
            self._look = look
            self._newest = number
            self._serial += 1
            return True

    def newest(self) -> Frame | None:
        """The newest frame; the one given before becomes invalid when it is another."""
        with self._lock:
            if self._newest is None:
                return self._held_frame
            if self._held_frame is None or self._held_frame.serial != self._serial:
                self._held = self._newest
                self._held_frame = Frame(self._serial, self._buffers[self._newest].image)
            return self._held_frame

    def clear(self) -> None:
        """Forget every picture: another medium follows."""
        with self._lock:
            self._newest = self._held = self._looked_at = self._held_frame = self._look = None

    @property
    def serial(self) -> int:
        """The serial of the newest frame; 0 before the first. Any thread."""
        return self._serial


class _Buffer:
    """Memory for one picture, aligned as libVLC wants it, and the image that looks into it."""

    def __init__(self, width: int, height: int) -> None:
        self.stride = -(-width * BYTES_PER_PIXEL // 32) * 32
        size = self.stride * height
        # Some converters of libVLC write a little past the last line.
        self._memory = ctypes.create_string_buffer(size + self.stride + 2 * _ALIGNMENT)
        start = -ctypes.addressof(self._memory) % _ALIGNMENT
        self.address = ctypes.addressof(self._memory) + start
        self.data = memoryview(self._memory).cast("B")[start : start + size]
        self.image = QImage(self.data, width, height, self.stride, QImage.Format.Format_RGB32)
        # The image does not keep its memory alive; whoever holds the image does so through this attribute.
        self.image._memory = self._memory  # type: ignore[attr-defined]
