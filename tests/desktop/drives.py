"""Drives that can be pulled: folders that are mounted and unmounted, where whoever runs the tests may do that."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


class Slot:
    """A mount point and the sticks that are put into it, by name."""

    def __init__(self, root: Path) -> None:
        self.at = root / "slot"
        self._sticks = root / "sticks"
        self.at.mkdir(parents=True)
        self._in = ""

    def stick(self, name: str) -> Path:
        """What is on a stick, to be looked at while it is not in."""
        found = self._sticks / name
        if not found.exists():  # a file system of its own, which is there until the end
            found.mkdir(parents=True)
            self._mount("-t", "tmpfs", "tmpfs", str(found))
        return found

    def put_in(self, name: str = "mine") -> None:
        """Mount it; what it had is there again."""
        self._mount("--bind", str(self.stick(name)), str(self.at))
        self._in = name

    def put_in_small(self, size: int) -> None:
        """Mount a new one of so many bytes."""
        self._mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(self.at))
        self._in = "small"

    def make_read_only(self, *, yes: bool = True) -> None:
        """As if its switch were set."""
        bind = [] if self._in == "small" else ["bind"]
        self._mount("-o", ",".join(["remount", *bind, "ro" if yes else "rw"]), str(self.at))

    def pull(self) -> None:
        """Unmount it, whatever is open there."""
        if self._in:
            subprocess.run(["umount", "-l", str(self.at)], check=True)
            self._in = ""

    def end(self) -> None:
        """No more drives."""
        self.pull()
        for stick in self._sticks.iterdir() if self._sticks.exists() else ():
            subprocess.run(["umount", "-l", str(stick)], check=True)

    @staticmethod
    def _mount(*words: str) -> None:
        if subprocess.run(["mount", *words], capture_output=True, check=False).returncode:
            pytest.skip("no file system can be mounted here")


@contextmanager
def slot_in(root: Path) -> Iterator[Slot]:
    """One, empty again at the end."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("mounting is for root on Linux")
    made = Slot(root)
    try:
        yield made
    finally:
        made.end()


@contextmanager
def another_drive(than: Path) -> Iterator[Path]:
    """A folder on another drive than ``than``, where files must be copied."""
    for place in ("/dev/shm", "/var/tmp"):
        if Path(place).is_dir() and Path(place).stat().st_dev != than.stat().st_dev:
            with tempfile.TemporaryDirectory(dir=place) as folder:
                yield Path(folder)
            shutil.rmtree(folder, ignore_errors=True)
            return
    pytest.skip("there is only one drive here")
