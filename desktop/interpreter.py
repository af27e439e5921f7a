"""Python itself, set for a program with a window: it starts quickly, and whoever paints need not wait for long."""

from __future__ import annotations

import builtins
import gc
import linecache
import sys

SWITCH_S = 0.001


def set_up() -> None:
    """To be called once, before the window is imported; ``collect_again`` when the start is over.

    Whoever waits for Python's lock gets it after 1 ms instead of 5: a paint needs it dozens of times while a thread
    imports or syncs. The collector of cycles rests while the program starts: each of its looks at all that was imported
    would stop the window for 40 ms, and find nothing.
    """
    sys.setswitchinterval(SWITCH_S)
    gc.disable()
    restore_import()


def restore_import() -> None:
    """Have modules imported as Python does it, from their compiled files alone.

    PySide puts a function of its own in the place of ``__import__``. It reads the source of every module too, to see
    whether the module could want PySide's ``__feature__`` switches, and keeps the lines of all of them. We have no use
    for these switches; the sources of a start are 17 MB of memory and a tenth of a second.
    """
    import PySide6.QtCore  # noqa: F401 (puts its function there)

    plain = getattr(builtins, "__orig_import__", None)
    if plain is not None:
        builtins.__import__ = plain
        linecache.clearcache()


def collect_again() -> None:
    """The start is over: look for cycles again, but not at what is there by now, which stays."""
    gc.freeze()
    gc.enable()
