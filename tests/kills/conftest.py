"""The server's folder with the sample program, as for ``tests/contract``."""

from __future__ import annotations

from tests.contract.conftest import loaded

__all__ = ["loaded"]
