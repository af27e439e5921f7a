"""No test leaves this machine: a connection elsewhere is refused, as without a network, and fails the test."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest

attempts: list[str] = []


def _is_here(host: object) -> bool:
    if host is None or host in ("", b"", "localhost", b"localhost"):
        return True
    try:
        name = host.decode() if isinstance(host, bytes) else str(host)
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse(host: object, error: type[OSError], number: int) -> None:
    """Raise as an absent network would. Names under ``.invalid`` exist nowhere, so that asking for one is no fault."""
    if not str(host).rstrip(".").endswith(".invalid"):
        attempts.append(str(host))
    raise error(number, f"tests stay on this machine: {host!r}")


class _LocalSocket(socket.socket):
    """A socket that reaches this machine only."""

    def connect(self, address: Any, /) -> None:
        self._check(address)
        super().connect(address)

    def connect_ex(self, address: Any, /) -> int:
        self._check(address)
        return super().connect_ex(address)

    def _check(self, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
            _refuse(address[0], OSError, 101)


_resolve = socket.getaddrinfo


def _resolve_here(host: Any, *arguments: Any, **options: Any) -> Any:
    if not _is_here(host):
        _refuse(host, socket.gaierror, socket.EAI_NONAME)
    return _resolve(host, *arguments, **options)


def pytest_configure() -> None:
    """From here on, for the whole run."""
    socket.socket = _LocalSocket  # type: ignore[misc]
    socket.getaddrinfo = _resolve_here


@pytest.fixture(autouse=True)
def stays_on_this_machine() -> Iterator[None]:
    """Fail a test that asked for another machine, even where the program took the refusal calmly."""
    attempts.clear()
    yield
    if attempts:
        pytest.fail(f"the test reached out of this machine: {', '.join(attempts)}", pytrace=False)
