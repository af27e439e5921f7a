"""Scripts that say which proxy to take: fetched, run in a process of their own, understood."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from desktop.errors import Problem
from desktop.sync import problems, proxy_script
from desktop.sync.client import Client
from desktop.sync.proxies import Proxies, of_desktop
from desktop.sync.proxy_script import ProxyScripts, ScriptError, fetch, read_answer, run
from desktop.sync.proxy_settings import DISCOVER
from tests.guards.logs import ExpectLog

USUAL = """
function FindProxyForURL(url, host) {
    if (isPlainHostName(host) || dnsDomainIs(host, ".inside.test")) return "DIRECT";
    if (url.substring(0, 6) === "https:" && shExpMatch(host, "*.learn.test")) return "PROXY gate.test:3128; DIRECT";
    if (isInNet(host, "10.0.0.0", "255.0.0.0")) return "SOCKS5 way.test:1080";
    return "HTTPS secure.test:443; nonsense";
}
"""


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://a.learn.test/private?token=x", ("http://gate.test:3128", "")),
        ("http://intranet/", ("",)),
        ("http://x.inside.test/", ("",)),
        ("http://10.2.3.4/", ("socks5://way.test:1080",)),
    ],
)
def test_a_usual_script(tmp_path: Path, url: str, said: tuple[str, ...]) -> None:
    file = tmp_path / "proxy.pac"
    file.write_text(USUAL)
    assert ProxyScripts().proxies_for(file.as_uri(), url) == said


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("PROXY a.test:1; HTTPS b.test:2", ("http://a.test:1", "https://b.test:2")),
        ("proxy [::1]:3128 ;direct", ("http://[::1]:3128", "")),
        ("SOCKS c.test:3", ("socks5://c.test:3",)),
        ("PROXY user@evil:1; rubbish", ("",)),
        ("", ("",)),
    ],
)
def test_answers(said: str, found: tuple[str, ...]) -> None:
    assert read_answer(said) == found


CLOCK = """
// A Wednesday, the 24th of June 2026, 13:30:15 in the zone of this computer, which is UTC here.
Date = (function (Real) {{
    return function () {{ return new Real(1782307815000); }};
}})(Date);
function FindProxyForURL(url, host) {{ return String({condition}); }}
"""


def test_every_function_that_a_script_may_call() -> None:
    expected = {
        "weekdayRange('WED')": True,
        "weekdayRange('THU', 'TUE')": False,
        "weekdayRange('SAT', 'WED', 'GMT')": True,
        "timeRange(13)": True,
        "timeRange(8, 13)": True,
        "timeRange(14, 18)": False,
        "timeRange(22, 6)": False,
        "timeRange(13, 0, 13, 30)": True,
        "timeRange(13, 31, 14, 0)": False,
        "timeRange(13, 30, 0, 13, 30, 15)": True,
        "timeRange(13, 30, 16, 13, 40, 0)": False,
        "dateRange(24)": True,
        "dateRange(1, 23)": False,
        "dateRange('JUN')": True,
        "dateRange('NOV', 'JAN')": False,
        "dateRange(2026)": True,
        "dateRange(24, 'JUN')": True,
        "dateRange(25, 'JUN')": False,
        "dateRange(24, 'JUN', 2026)": True,
        "dateRange(1, 'JUN', 15, 'AUG')": True,
        "dateRange(1, 'JUL', 15, 'AUG')": False,
        "dateRange('JAN', 2020, 'MAY', 2026)": False,
        "dateRange(1, 'JAN', 2020, 1, 'JAN', 2030, 'GMT')": True,
        "dnsDomainLevels('a.b.c') === 2": True,
        "localHostOrDomainIs('www', 'www.test.org')": True,
        "localHostOrDomainIs('home.test.org', 'www.test.org')": False,
        "shExpMatch('http://a/b.c', '*/b?c')": True,
        "shExpMatch('axc', 'a.c')": False,
        "isInNet('192.168.4.5', '192.168.0.0', '255.255.0.0')": True,
        "isInNet('193.168.4.5', '192.168.0.0', '255.255.0.0')": False,
        "isResolvable('localhost')": True,
        "dnsResolve('localhost') === '127.0.0.1'": True,
        "/^[0-9.]+$/.test(myIpAddress())": True,
        "typeof XMLHttpRequest === 'undefined' && typeof Qt === 'undefined'": True,
    }
    all_of_them = f"JSON.stringify([{', '.join(expected)}])"
    said = json.loads(run(CLOCK.format(condition=all_of_them), "http://learn.test/"))
    assert dict(zip(expected, said, strict=True)) == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("function FindProxyForURL(url, host) { return nothing.at.all; }", "ReferenceError"),
        ("function FindProxyForURL(url, host) {", "SyntaxError"),
        ("var FindProxyForURL = 3;", "no FindProxyForURL"),
    ],
)
def test_a_broken_script_says_what_is_wrong(text: str, says: str) -> None:
    with pytest.raises(ScriptError, match=says):
        run(text, "http://learn.test/")


def test_a_script_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proxy_script, "RUN_S", 1.0)
    began = time.monotonic()
    with pytest.raises(ScriptError, match="did not end"):
        run("function FindProxyForURL(url, host) { for (;;) {} }", "http://learn.test/")
    assert time.monotonic() - began < 8


def test_a_script_is_told_the_server_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "function FindProxyForURL(url, host) { return 'PROXY ' + host + ':' + url.length; }"
    heard: list[bytes] = []
    real = subprocess.run

    def hear(*arguments: object, **named: object) -> object:
        heard.append(named["input"])  # type: ignore[arg-type]
        return real(*arguments, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "run", hear)
    assert run(text, "https://learn.test/v1/join?invitation=secret") == f"PROXY learn.test:{len('https://learn.test/')}"
    assert b"secret" not in heard[0]


@pytest.mark.parametrize("written", ["<html>no script</html>", None])
def test_what_is_no_script_is_said(tmp_path: Path, written: str | None) -> None:
    file = tmp_path / "proxy.pac"
    if written is not None:
        file.write_text(written)
    with pytest.raises(ScriptError):
        fetch(file.as_uri())
    with pytest.raises(ScriptError):
        fetch("data:text/plain,FindProxyForURL")


def test_a_network_without_a_script_has_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(_: str) -> str:
        raise ScriptError("no such name")

    monkeypatch.setattr(proxy_script, "fetch", nothing)
    assert ProxyScripts().proxies_for(DISCOVER, "http://learn.test/") == ("",)
    with pytest.raises(ScriptError):
        ProxyScripts().proxies_for("http://conf.test/proxy.pac", "http://learn.test/")


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A desktop that is set to a script; the file in which it is."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    file = tmp_path / "proxy.pac"
    (tmp_path / "kioslaverc").write_text(f"[Proxy Settings]\nProxyType=2\nProxy Config Script={file}\n")
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "KDE")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return file


@pytest.mark.skipif(sys.platform != "linux", reason="desktops of Linux")
def test_a_desktop_that_is_set_to_a_script(scripted: Path) -> None:
    scripted.write_text(USUAL)
    assert of_desktop("https://a.learn.test/", ProxyScripts()).proxies == ("http://gate.test:3128", "")


@pytest.mark.skipif(sys.platform != "linux", reason="desktops of Linux")
def test_a_script_that_cannot_be_read_is_said_when_nobody_answers(scripted: Path, expected_log: ExpectLog) -> None:
    expected_log("proxy script")
    known = Proxies()
    assert known.of("http://learn.invalid/") == ("",)
    client = Client(lambda moment: None)
    with pytest.raises(Problem) as found:
        client.request("GET", "http://learn.invalid/v1/server")
    trouble = client.proxy_trouble("http://learn.invalid/")
    client.close()
    assert found.value.code == problems.PROXY_SCRIPT
    assert "HTTPS_PROXY" in found.value.way_out
    assert trouble is not None
