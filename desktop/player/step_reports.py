"""What became of single steps: libVLC tells it to its log only.

A step shows the next picture if the decoder has one ready; if not, the old one stays and the step is lost.
"""

from __future__ import annotations

import ctypes
import re
import sys
import threading
from types import TracebackType
from typing import Any

from desktop.player.callbacks import guarded

MESSAGE = b"EsOutFrameNext consummed %d ms"
REPORT_S = 0.5
"""A report comes as soon as the step is done; it takes this long only on a busy computer."""


class StepReports:
    """Listens to libVLC's log while it is entered, and nothing else does. Used in the command thread."""

    def __init__(self, vlc: Any, instance: Any) -> None:
        self._instance = instance
        self._format = ctypes.cdll.msvcrt._vsnprintf if sys.platform == "win32" else ctypes.CDLL(None).vsnprintf
        self._callback = vlc.CallbackDecorators.LogCb(guarded(None)(self._on_message))
        self._came = threading.Event()
        self._passed_ms: int | None = None

    def __enter__(self) -> StepReports:
        self._instance.log_set(self._callback, None)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._instance.log_unset()  # returns when the last message has been handed over

    def step(self, player: Any) -> int | None:
        """One step. Returns by how many ms the picture went on, 0 if the step was lost; None if nothing was told."""
        self._came.clear()
        self._passed_ms = None
        player.next_frame()
        self._came.wait(REPORT_S)
        return self._passed_ms

    def _on_message(self, _data: Any, _level: int, _context: Any, form: bytes, arguments: int) -> None:
        if form != MESSAGE:
            return
        text = ctypes.create_string_buffer(len(MESSAGE) + 32)
        self._format(text, ctypes.c_size_t(len(text)), form, ctypes.c_void_p(arguments))
        found = re.search(rb"-?\d+", text.value)
        self._passed_ms = int(found.group()) if found else None
        self._came.set()
