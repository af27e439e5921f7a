"""How Python is set for a program with a window."""

from __future__ import annotations

import builtins
import importlib
import linecache
import sys
from pathlib import Path

import pytest
from PySide6 import QtCore  # its function is in the place of ``__import__`` from here on

from desktop.interpreter import restore_import


def neighbour(folder: Path, name: str) -> str:
    """A module that imports one that was never imported before. Its path."""
    (folder / f"{name}_inside.py").write_text("lines = 1\n")
    (folder / f"{name}.py").write_text(f"import {name}_inside\n")
    importlib.import_module(name)
    return str(folder / f"{name}_inside.py")


def test_an_import_reads_no_source_any_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert QtCore.__name__ in sys.modules
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(builtins, "__import__", builtins.__import__)
    assert neighbour(tmp_path, "before_restoring") in linecache.cache, "PySide stopped it: so can we"
    restore_import()
    assert neighbour(tmp_path, "after_restoring") not in linecache.cache
    assert not linecache.cache
