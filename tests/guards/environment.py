"""The same surroundings for every test, whoever runs it and where.

``settle`` runs before Qt or any part of ours is imported. What it sets is inherited by the processes that tests start.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KEPT = (
    "HAVERSACK_TEST_DATA",
    "HAVERSACK_TEST_DATABASE",
    "HAVERSACK_VENV",
    "HAVERSACK_PYTHON",
    "HAVERSACK_PICTURES",
    "HAVERSACK_REAL_JOURNEY",
    "HAVERSACK_FAULT_ROUNDS",
    "HAVERSACK_DOWNLOAD_KILLS",
    "HAVERSACK_DOWNLOAD_KILLS_SEED",
    "HAVERSACK_IMPORT_KILLS",
    "HAVERSACK_IMPORT_KILLS_SEED",
    "HAVERSACK_PACK_EXAMPLES",
    "HAVERSACK_KILLS",
    "HAVERSACK_INSTANTS",
    "HAVERSACK_KILLS_SEED",
    "HAVERSACK_KILLS_WINDOW",
    "HAVERSACK_MIGRATION_KILLS",
    "HAVERSACK_MOVE_KILLS",
    "HAVERSACK_MOVE_KILLS_SEED",
    "HAVERSACK_STORIES",
)


def settle() -> Path:
    """Set the environment; returns the home folder of the tests, removed at the end of the process."""
    home = Path(tempfile.mkdtemp(prefix="haversack-tests-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    for name in list(os.environ):
        ours = name.startswith("HAVERSACK_") and name not in KEPT
        desktop = name.startswith(("XDG_", "QT_", "LC_", "DBUS_")) and name != "QT_QPA_PLATFORM"
        if ours or desktop or name.lower().endswith("_proxy"):
            del os.environ[name]
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if os.environ["QT_QPA_PLATFORM"] == "offscreen":
        os.environ.pop("DISPLAY", None)
        os.environ.pop("WAYLAND_DISPLAY", None)
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700)
    os.environ |= {
        "HOME": str(home),
        "USERPROFILE": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_RUNTIME_DIR": str(runtime),
        # An address that nobody answers: without one Qt and others would start a bus of their own.
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={runtime / 'no-bus'}",
        # "There is no keyring here", said at once; what a test wants kept, it hands over a place for.
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "PYTHONPATH": str(ROOT),
        "TZ": "UTC",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "NO_PROXY": "*",
    }
    if hasattr(time, "tzset"):
        time.tzset()
    return home
