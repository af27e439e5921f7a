"""The network test says which step of the way fails, and how long each took."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from desktop.sync import proxies
from desktop.sync.client import Client
from desktop.ui.itemmodels.diagnostics import step_row
from protocol.errors import ErrorBody
from protocol.wire import encode
from tests.desktop.sync.conftest import Installation
from tests.desktop.sync.program_server import Fault, ProgramServer, answer, drop
from tests.guards.logs import ExpectLog

HTML = "text/html"


def test_all_works(one: Installation, program: ProgramServer) -> None:
    steps = one.gateway.test_network()
    assert [(step.name, step.state) for step in steps] == [
        ("proxy", "ok"),
        ("name", "ok"),
        ("server", "ok"),
        ("signed_in", "ok"),
    ]
    assert steps[2].detail == "Sample 1, protocol 1"
    assert all(step.took_ms >= 0 for step in steps)


@pytest.mark.parametrize(
    ("path", "fault", "states", "code"),
    [
        ("/v1/server", drop, ["ok", "ok", "failed", "skipped"], "offline"),
        (
            "/v1/server",
            answer(200, b"<html>", Content_Type=HTML),
            ["ok", "ok", "failed", "skipped"],
            "captive_portal",
        ),
        ("/v1/me", answer(503, b""), ["ok", "ok", "ok", "failed"], "server_fault"),
        (
            "/v1/me",
            answer(403, encode(ErrorBody(code="not_a_member", text="No.")), ours=True),
            ["ok", "ok", "ok", "failed"],
            "not_a_member",
        ),
    ],
)
def test_the_first_step_that_fails_is_named_and_the_rest_is_not_tried(
    one: Installation, program: ProgramServer, path: str, fault: Fault, states: list[str], code: str
) -> None:
    program.spoil(path, fault)
    steps = one.gateway.test_network()
    assert [step.state for step in steps] == states
    failed = next(step for step in steps if step.state == "failed")
    assert failed.code == code
    assert failed.text


@pytest.mark.skipif(sys.platform != "linux", reason="desktops of Linux")
def test_a_proxy_script_that_cannot_be_read_is_named_and_the_rest_is_tried(
    one: Installation, program: ProgramServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, expected_log: ExpectLog
) -> None:
    expected_log("proxy script")
    (tmp_path / "kioslaverc").write_text(f"[Proxy Settings]\nProxyType=2\nProxy Config Script={tmp_path}/none.pac\n")
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "KDE")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("NO_PROXY")
    monkeypatch.setattr(proxies, "is_local", lambda host: False)
    one.gateway.start_afresh()  # another network
    steps = one.gateway.test_network()
    assert [step.state for step in steps] == ["ok"] * 4, "the way is free all the same"
    assert steps[0].code == "proxy_script"
    assert "by a script" in step_row(steps[0]).lines[0]


def test_a_name_that_nobody_knows(one: Installation, program: ProgramServer, monkeypatch: pytest.MonkeyPatch) -> None:
    program.url = "https://no-such-program.invalid"

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    steps = one.gateway.test_network()
    assert [step.state for step in steps] == ["ok", "failed", "skipped", "skipped"]
    assert steps[1].code == "offline"


def test_the_proxy_is_named_without_who_asks(
    one: Installation, program: ProgramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    program.url = "https://learn.invalid"
    monkeypatch.setattr(Client, "proxy_of", lambda self, url: "http://me:secret@gate.test:3128")
    steps = one.gateway.test_network()
    assert (steps[0].state, steps[0].detail) == ("ok", "gate.test:3128")
    assert steps[1].detail == "learn.invalid", "the name is the proxy's to look up"
    assert "secret" not in repr(steps)


def test_signed_out(one: Installation, program: ProgramServer) -> None:
    one.gateway.sign_out()
    steps = one.gateway.test_network()
    assert [step.state for step in steps] == ["failed", "skipped", "skipped", "skipped"]
    assert steps[0].code == "not_signed_in"
