"""Metered networks, as Qt hears of them from NetworkManager: over a bus of its own, on which a mock stands for that.

Runs where ``dbus-daemon``, ``gdbus`` and python-dbusmock (for the system's Python) are installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress

import pytest

MANAGER = "org.freedesktop.NetworkManager"
UNKNOWN, METERED, FREE = 0, 1, 2


def _has_mock() -> bool:
    if not all(shutil.which(name) for name in ("dbus-daemon", "gdbus", "python3")):
        return False
    asked = subprocess.run(["/usr/bin/env", "-i", "python3", "-c", "import dbusmock"], capture_output=True, check=False)
    return asked.returncode == 0


pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not _has_mock(), reason="dbus-daemon, gdbus or dbusmock is not installed"
)


@pytest.fixture
def bus() -> Iterator[dict[str, str]]:
    """The environment in which a NetworkManager answers, who knows of no metered network yet."""
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1"], stdout=subprocess.PIPE, text=True
    )
    assert daemon.stdout is not None
    address = daemon.stdout.readline().strip()
    environment = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": address, "DBUS_SESSION_BUS_ADDRESS": address}
    plain = {"PATH": "/usr/bin:/bin", "DBUS_SYSTEM_BUS_ADDRESS": address, "DBUS_SESSION_BUS_ADDRESS": address}
    mock = subprocess.Popen(
        ["python3", "-m", "dbusmock", "--system", "--template", "networkmanager"],
        env=plain,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    waiting = ["gdbus", "wait", "--system", "--timeout", "20", MANAGER]
    try:
        subprocess.run(waiting, env=environment, check=True, timeout=30)
        tell(environment, "AddProperty", MANAGER, "Metered", f"<uint32 {UNKNOWN}>")
        yield environment
    finally:
        for process in (mock, daemon):
            process.terminate()
            process.wait(10)
        daemon.stdout.close()


def tell(environment: dict[str, str], method: str, *arguments: str) -> None:
    """Have the mock be otherwise."""
    call = ["gdbus", "call", "--system", "--dest", MANAGER, "--object-path", "/org/freedesktop/NetworkManager"]
    call += ["--method", f"org.freedesktop.DBus.Mock.{method}", *arguments]
    subprocess.run(call, env=environment, check=True, capture_output=True, timeout=30)


def test_a_metered_network_is_told_and_one_that_is_free_again(bus: dict[str, str]) -> None:
    watcher = subprocess.Popen(
        [sys.executable, "-m", "tests.desktop.sync.network_watcher"],
        env=bus,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert watcher.stdin is not None
    assert watcher.stdout is not None
    try:
        assert watcher.stdout.readline() == "watching\n"
        for metered, said in ((METERED, "metered\n"), (FREE, "free\n"), (METERED, "metered\n"), (UNKNOWN, "free\n")):
            tell(bus, "UpdateProperties", MANAGER, f"{{'Metered': <uint32 {metered}>}}")
            assert watcher.stdout.readline() == said
        tell(bus, "UpdateProperties", MANAGER, "{'State': <uint32 20>}")
        assert watcher.stdout.readline() == "changed\n"
    finally:
        with suppress(OSError):
            watcher.stdin.close()
        watcher.wait(10)
        watcher.stdout.close()
