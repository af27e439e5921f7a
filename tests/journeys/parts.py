"""The parts of a journey as processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 240


class Part:
    """One part of a journey in a process of its own, with the data folder ``home``."""

    def __init__(self, name: str, home: Path, signals: Path) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
        if pictures := os.environ.get("HAVERSACK_PICTURES"):
            environment["HAVERSACK_PICTURES"] = str(Path(pictures) / signals.parent.name)
        command = [sys.executable, "-m", "tests.journeys.program", name]
        command += ["--home", str(home), "--signals", str(signals)]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment)

    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    def kill(self) -> None:
        """SIGKILL: nothing is written, nothing is said."""
        self.process.kill()
        self.process.wait()
