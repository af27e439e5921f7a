"""How a journey and the program it drives in another process wait for each other: files in a folder of the test."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Signals:
    """Named facts, each a file. ``tell`` makes one; ``told`` asks for one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def tell(self, name: str, value: Any = None) -> None:
        """Say that something is so, with a value that JSON can hold."""
        part = self._folder / f"{name}.part"
        part.write_text(json.dumps(value), encoding="utf-8")
        part.replace(self._folder / name)

    def told(self, name: str) -> bool:
        """Whether it was said."""
        return (self._folder / name).exists()

    def value(self, name: str) -> Any:
        """What was said with it."""
        return json.loads((self._folder / name).read_text(encoding="utf-8"))

    def wait(self, name: str, alive: Callable[[], bool], patience_s: float) -> Any:
        """Wait until it is said; for processes without an event loop.

        Raises:
            AssertionError: the other side ended, or time is up.
        """
        end = time.monotonic() + patience_s
        pause = _Pause()
        while not self.told(name):
            assert alive() or self.told(name), f"the other process ended before “{name}”"
            assert time.monotonic() < end, f"waited {patience_s} s for “{name}”"
            pause()
        return self.value(name)


class _Pause:
    """A short wait between two looks at the disk."""

    def __call__(self) -> None:
        import threading

        threading.Event().wait(0.05)
