"""Where windows that are measured are shown."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import CannotMeasureError

ROOT = Path(__file__).resolve().parent.parent


@contextlib.contextmanager
def display(platform: str) -> Iterator[dict[str, str]]:
    """The environment for a program of ours that shows a window. For ``xcb`` without a display an Xvfb is run.

    Raises:
        CannotMeasureError: Xvfb does not start.
    """
    environment = os.environ | {"QT_QPA_PLATFORM": platform, "PYTHONPATH": str(ROOT)}
    # Whoever starts the program for the second time starts it from compiled files.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if platform != "xcb" or environment.get("DISPLAY"):
        yield environment
        return
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x900x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=(write,), stderr=subprocess.DEVNULL) as server:
        os.close(write)
        try:
            with os.fdopen(read) as said:
                number = said.readline().strip()
            if not number:
                raise CannotMeasureError("Xvfb did not start")
            yield environment | {"DISPLAY": f":{number}"}
        finally:
            server.terminate()
