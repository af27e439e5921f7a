"""What the settings of GNOME and KDE say, read by the readers that the program uses."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from desktop.sync.proxy_settings import DISCOVER, ask_gsettings, matches, read_gnome, read_kde, read_settings

GNOME = """org.gnome.system.proxy autoconfig-url 'http://conf.test/proxy.pac'
org.gnome.system.proxy ignore-hosts ['localhost', '*.inside.test', '10.0.0.0/8']
org.gnome.system.proxy mode '{mode}'
org.gnome.system.proxy use-same-proxy {same}
org.gnome.system.proxy.ftp host ''
org.gnome.system.proxy.ftp port 0
org.gnome.system.proxy.http authentication-password 'p@ss'
org.gnome.system.proxy.http authentication-user 'ada'
org.gnome.system.proxy.http enabled false
org.gnome.system.proxy.http host 'gate.test'
org.gnome.system.proxy.http port 3128
org.gnome.system.proxy.http use-authentication {login}
org.gnome.system.proxy.https host '{https}'
org.gnome.system.proxy.https port 3129
org.gnome.system.proxy.socks host ''
org.gnome.system.proxy.socks port 0
"""


def gnome(mode: str = "manual", same: str = "true", login: str = "false", https: str = "secure.test") -> str:
    return GNOME.format(mode=mode, same=same, login=login, https=https)


@pytest.mark.parametrize(
    ("listed", "url", "found"),
    [
        (gnome(), "http://learn.test/", "http://gate.test:3128"),
        (gnome(), "https://learn.test/", "http://secure.test:3129"),
        (gnome(https=""), "https://learn.test/", "http://gate.test:3128"),
        (gnome(https="", same="false"), "https://learn.test/", ""),
        (gnome(login="true"), "http://learn.test/", "http://ada:p%40ss@gate.test:3128"),
        (gnome(mode="none"), "http://learn.test/", ""),
        (gnome(), "http://learn.inside.test/", ""),
        (gnome(), "http://10.1.2.3/", ""),
        (gnome(), "http://11.1.2.3/", "http://gate.test:3128"),
        ("", "http://learn.test/", ""),
        ("nonsense\norg.gnome.system.proxy mode 'man", "http://learn.test/", ""),
    ],
)
def test_gnome(listed: str, url: str, found: str) -> None:
    assert read_gnome(listed).proxy_for(url) == found


def test_gnome_s_script() -> None:
    assert read_gnome(gnome(mode="auto")).script == "http://conf.test/proxy.pac"
    assert read_gnome("org.gnome.system.proxy mode 'auto'").script == DISCOVER


def test_gnome_s_socks_proxy_is_for_what_has_no_other() -> None:
    listed = gnome().replace("socks host ''", "socks host 'way.test'").replace("gate.test", "")
    assert read_gnome(listed).proxy_for("http://learn.test/") == "socks5://way.test:1080"
    assert read_gnome(listed).proxy_for("https://learn.test/") == "http://secure.test:3129"


@pytest.mark.skipif(shutil.which("gsettings") is None, reason="gsettings is not installed")
def test_the_real_gsettings(tmp_path: Path) -> None:
    settings = tmp_path / "glib-2.0" / "settings"
    settings.mkdir(parents=True)
    written = "[system/proxy]\nmode='manual'\nignore-hosts=['*.inside.test']\n"
    (settings / "keyfile").write_text(written + "[system/proxy/https]\nhost='gate.test'\nport=3128\n")
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path), "GSETTINGS_BACKEND": "keyfile"}
    if not ask_gsettings(environment):
        pytest.skip("gsettings has no schema of the proxy here")
    found = read_settings(environment)
    assert found.proxy_for("https://learn.test/") == "http://gate.test:3128"
    assert found.proxy_for("https://x.inside.test/") == ""


KDE = """[$Version]
update_info=kioslave.upd:kde2.2/r1

[Proxy Settings]
NoProxyFor=.inside.test, other.test
Proxy Config Script[$e]=/etc/company.pac
ProxyType={kind}
ReversedException={reversed}
httpProxy={http}
httpsProxy=http://secure.test:3129
socksProxy=
"""


@pytest.mark.parametrize(
    ("kind", "http", "url", "found"),
    [
        ("1", "http://gate.test 3128", "http://learn.test/", "http://gate.test:3128"),
        ("1", "gate.test:3128", "http://learn.test/", "http://gate.test:3128"),
        ("1", "http://gate.test 3128", "https://learn.test/", "http://secure.test:3129"),
        ("1", "http://gate.test 3128", "http://learn.inside.test/", ""),
        ("1", "http://gate.test 3128", "http://other.test/", ""),
        ("4", "GATE", "http://learn.test/", "http://from-environment.test:1"),
        ("0", "http://gate.test 3128", "http://learn.test/", ""),
        ("1", "", "http://learn.test/", ""),
    ],
)
def test_kde(tmp_path: Path, kind: str, http: str, url: str, found: str) -> None:
    (tmp_path / "kioslaverc").write_text(KDE.format(kind=kind, http=http, reversed="false"))
    environment = {
        "XDG_CURRENT_DESKTOP": "KDE",
        "XDG_CONFIG_HOME": str(tmp_path),
        "GATE": "http://from-environment.test:1",
    }
    assert read_settings(environment).proxy_for(url) == found


@pytest.mark.parametrize(("kind", "script"), [("2", "file:///etc/company.pac"), ("3", DISCOVER), ("9", "")])
def test_kde_s_scripts(tmp_path: Path, kind: str, script: str) -> None:
    file = tmp_path / "kioslaverc"
    file.write_text(KDE.format(kind=kind, http="", reversed="false"))
    assert read_kde([tmp_path / "none", file]).script == script


def test_kde_s_list_may_mean_the_opposite(tmp_path: Path) -> None:
    file = tmp_path / "kioslaverc"
    file.write_text(KDE.format(kind="1", http="http://gate.test 3128", reversed="true"))
    found = read_kde([file])
    assert found.proxy_for("http://other.test/") == "http://gate.test:3128"
    assert found.proxy_for("http://learn.test/") == ""


def test_a_broken_file_is_as_none(tmp_path: Path) -> None:
    file = tmp_path / "kioslaverc"
    file.write_text("ProxyType=1\n[Proxy Settings")
    assert read_kde([file]).by_scheme == {}


@pytest.mark.parametrize(
    ("host", "pattern", "found"),
    [
        ("learn.test", "learn.test", True),
        ("LEARN.test", "learn.TEST", True),
        ("a.learn.test", "learn.test", False),
        ("a.learn.test", ".learn.test", True),
        ("a.learn.test", "*.learn.test", True),
        ("xlearn.test", ".learn.test", False),
        ("learn.test", "*", True),
        ("learn", "<local>", True),
        ("10.1.2.3", "10.0.0.0/8", True),
        ("10.1.2.3", "10.1.2.3", True),
        ("::1", "::1", True),
        ("10.1.2.3", ".3", False),
    ],
)
def test_hosts_that_are_reached_without(host: str, pattern: str, found: bool) -> None:
    assert matches(host, ("", pattern)) is found
