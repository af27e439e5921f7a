"""Which version this server is."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version


@cache
def server_version() -> str:
    """The installed version; ``0`` when run from a folder that was never installed."""
    try:
        return version("haversack")
    except PackageNotFoundError:
        return "0"
