"""Which version this server is."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


@cache
def server_version() -> str:
    """The installed version, else what the source's ``pyproject.toml`` says."""
    try:
        return version("haversack")
    except PackageNotFoundError:
        source = Path(__file__).resolve().parent.parent / "pyproject.toml"
        return str(tomllib.loads(source.read_text(encoding="utf-8"))["project"]["version"])
