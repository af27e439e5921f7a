"""A computer for each test."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.setup.computer import Computer

collect_ignore_glob = ["*"] if sys.platform == "win32" else []


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    """One that has everything, used by somebody without rights."""
    return Computer(tmp_path)
