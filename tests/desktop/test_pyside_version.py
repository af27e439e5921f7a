"""Why PySide6 is pinned below 6.12: that version, on Python 3.11, loses a reference to None at every void call and
aborts after about five thousand of them. A newer version may come in when this test passes with it."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
import tomllib

from packaging.requirements import Requirement

from tests.guards.environment import ROOT

# In a process of its own: with the fault the interpreter aborts.
TWENTY_THOUSAND_VOID_CALLS = """
import sys
from PySide6.QtWidgets import QApplication, QLabel

app = QApplication([])
label = QLabel()
label.setText("warm")
before = sys.getrefcount(None)
for _ in range(20_000):
    label.setText("x")
print(sys.getrefcount(None) - before)
"""


def test_void_calls_keep_their_references() -> None:
    run = subprocess.run(
        [sys.executable, "-c", TWENTY_THOUSAND_VOID_CALLS], capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 0, run.stderr
    assert abs(int(run.stdout)) < 100


def test_the_installed_version_is_the_one_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {Requirement(line).name: Requirement(line).specifier for line in project["dependencies"]}
    pin = wanted["PySide6-Essentials"]
    assert "6.12.0" not in pin
    assert importlib.metadata.version("PySide6-Essentials") in pin
    # The meta-package would bring the add-ons along: some 400 MB that nothing here uses.
    assert "PySide6" not in wanted
