"""The way to the program, tried step by step: what is reached, how long it took, what fails first."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from msgspec.structs import replace

from desktop.errors import NotSignedInError, Problem
from desktop.models.views import NetworkStep
from desktop.sync import problems
from desktop.sync.api import Api
from desktop.sync.client import Client, absolute
from desktop.sync.proxies import is_local
from protocol.accounts import ServerInfo

NAME, SERVER, SIGNED_IN, PROXY = "name", "server", "signed_in", "proxy"


def try_network(client: Client, api: Api) -> tuple[NetworkStep, ...]:
    """Try the way to the server of whoever is signed in. Blocks for as long as the slowest step takes to fail.

    Steps, in order: ``proxy`` (which one is used), ``name`` (the host's name is known; left to the proxy if there is
    one), ``server`` (it answers and speaks our protocol), ``signed_in`` (it knows this learner). After a failure the
    rest is skipped.
    """
    steps: list[NetworkStep] = []

    def step(name: str, work: Callable[[], str]) -> None:
        if any(done.state == "failed" for done in steps):
            steps.append(NetworkStep(name, "skipped"))
            return
        began = time.monotonic()
        try:
            detail = work()
            steps.append(NetworkStep(name, "ok", _took(began), detail))
        except Problem as problem:
            failed = NetworkStep(name, "failed", _took(began), "", problem.code, problem.text, problem.way_out)
            steps.append(failed)

    base = ""

    def proxy() -> str:
        nonlocal base
        base = api.url("/")
        found = client.proxy_of(base)
        return _host(found) if found else ""

    step(PROXY, proxy)
    if steps[0].state == "ok" and (trouble := client.proxy_trouble(base)) is not None:
        # The way may be free all the same: the steps that follow say so.
        steps[0] = replace(steps[0], code=trouble.code, text=trouble.text, way_out=trouble.way_out)
    step(NAME, lambda: _addresses(base, through_proxy=bool(steps[0].detail)))
    step(SERVER, lambda: _server(client, base))
    step(SIGNED_IN, lambda: str(api.ask("GET", "/v1/me").status))
    return tuple(steps)


def _took(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def _host(url: str) -> str:
    """Host and port, without who asks and what for."""
    parts = urlsplit(url)
    return f"{parts.hostname or ''}:{parts.port}" if parts.port else parts.hostname or ""


def _addresses(base: str, *, through_proxy: bool) -> str:
    host = urlsplit(base).hostname or ""
    if not host:
        raise NotSignedInError
    if through_proxy or is_local(host):
        return host
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError as error:
        raise problems.offline(f"{type(error).__name__}") from error
    return f"{host}: {', '.join(dict.fromkeys(str(entry[4][0]) for entry in found))}"


def _server(client: Client, base: str) -> str:
    info = Api.read(client.request("GET", absolute(base, "/v1/server")), ServerInfo)
    return f"{info.name} {info.version}, protocol {info.protocol}"
