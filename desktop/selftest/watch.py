"""The self-test as a process of its own, watched: a missing system library, a broken driver or plugin ends a process
without an exception, or never lets it end. That too must come out as a reason and exit code 1."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from desktop.player.quiet_sound import LOUD_VARIABLE

UNWATCHED = "--unwatched"
PATIENCE_S = 90.0
"""What everything but the playing may take on a slow computer; far more than all the patience within."""
MOST_LINES = 20
SOUND_NOISE = "ALSA lib "
"""Without a sound card this library complains again and again, past every setting of libVLC; lectures play silently."""


def watched(words: Sequence[str], seconds: float, patience_s: float = PATIENCE_S) -> int:
    """Run ``haversack selftest`` with ``words`` in another process. Returns its exit code, 1 when it had none."""
    frozen = getattr(sys, "frozen", False)
    command = [sys.executable, *(() if frozen else ("-m", "desktop")), "selftest", UNWATCHED, *words]
    with tempfile.TemporaryFile() as complaints:
        try:
            limit = seconds + patience_s
            code = subprocess.run(command, env=_environment(), stderr=complaints, timeout=limit, check=False).returncode
            reason = "" if code in (0, 1) else f"it was ended by {_ended_by(code)}"
        except subprocess.TimeoutExpired:
            code, reason = 1, f"it did not end within {limit:.0f} s"
        _pass_on(complaints)
    if not reason:
        return code
    print(f"The self-test failed: {reason}; the last line of the report says how far it came.")
    print(
        "If Qt speaks of a platform plugin, it cannot open a window here: set up what is missing (./haversack setup),"
    )
    print(
        "or test without a window (QT_QPA_PLATFORM=offscreen). Otherwise report a problem with this text.", flush=True
    )
    return 1


def _pass_on(complaints: IO[bytes]) -> None:
    """What was said on standard error, each line once: what repeats itself would bury the report."""
    complaints.seek(0)
    lines = dict.fromkeys(line.decode(errors="replace").rstrip() for line in complaints)
    if any(line.startswith(SOUND_NOISE) for line in lines):
        print("No sound card was found, so lectures play silently.", flush=True)
    told = [line for line in lines if line and not line.startswith(SOUND_NOISE)]
    for line in told[-MOST_LINES:]:
        print(line, file=sys.stderr, flush=True)


def _ended_by(code: int) -> str:
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"an error of the system ({code:#x})" if code > 0 else f"signal {-code}"


def _environment() -> dict[str, str]:
    found = dict(os.environ)
    # The very same program, whatever lies in the current folder.
    ours = str(Path(__file__).resolve().parents[2])
    found["PYTHONPATH"] = os.pathsep.join(filter(None, (ours, found.get("PYTHONPATH"))))
    found["PYTHONSAFEPATH"] = "1"
    found[LOUD_VARIABLE] = "1"  # they tell that there is no sound card
    seen = any(found.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
    if sys.platform.startswith("linux") and not seen:
        found["QT_QPA_PLATFORM"] = "offscreen"
    return found
