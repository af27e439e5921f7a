"""What the desktop of a Linux computer is set to: GNOME's and KDE's proxy, which Qt does not read there.

Windows and macOS are asked through Qt (``proxies``). Everything here may take a moment and is called off the UI thread.
"""

from __future__ import annotations

import ast
import configparser
import ipaddress
import logging
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

log = logging.getLogger(__name__)

SCHEMA = "org.gnome.system.proxy"
ASK_S = 5.0
DISCOVER = "http://wpad/wpad.dat"
"""Where a network that is to be asked for its proxy keeps the script, by a convention as old as browsers."""
SOCKS_PORT = 1080


@dataclass(frozen=True)
class ProxySettings:
    """What is set.

    Attributes:
        by_scheme: addresses of proxies by the scheme of what is asked for, and ``socks`` for all the others.
        bypass: hosts that are reached without: names, endings that begin with a dot or ``*.``, addresses, networks.
        only: ``bypass`` lists the hosts that are reached *through* the proxy instead.
        script: the address of a script that says which proxy to take; empty for none.
    """

    by_scheme: Mapping[str, str] = field(default_factory=dict)
    bypass: tuple[str, ...] = ()
    only: bool = False
    script: str = ""

    def proxy_for(self, url: str) -> str:
        """The proxy for ``url`` as far as no script decides; empty for none."""
        parts = urlsplit(url)
        if matches(parts.hostname or "", self.bypass) != self.only:
            return ""
        return self.by_scheme.get(parts.scheme) or self.by_scheme.get("socks", "")


def read_settings(environment: Mapping[str, str] = os.environ) -> ProxySettings:
    """What the desktop that runs is set to; nothing where there is none that keeps such settings."""
    desktops = environment.get("XDG_CURRENT_DESKTOP", "").upper().split(":")
    if "KDE" in desktops:
        return read_kde(kde_files(environment), environment)
    return read_gnome(ask_gsettings(environment))


def matches(host: str, patterns: tuple[str, ...]) -> bool:
    """Whether one of ``patterns`` means ``host``."""
    host = host.lower().strip("[]")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        address = None
    for written in patterns:
        pattern = written.strip().lower()
        if not pattern:
            continue
        if address is not None:
            try:
                if address in ipaddress.ip_network(pattern.strip("[]"), strict=False):
                    return True
            except (ValueError, TypeError):
                pass
            continue
        if pattern in ("*", host) or (pattern == "<local>" and "." not in host):
            return True
        ending = pattern.removeprefix("*").lstrip(".")
        if pattern[0] in "*." and (host == ending or host.endswith(f".{ending}")):
            return True
    return False


# --- GNOME, and the desktops that keep their proxy where GNOME does ---------------------------------------------------


def ask_gsettings(environment: Mapping[str, str] = os.environ) -> str:
    """All settings of the proxy as ``gsettings`` lists them; empty where there is no such thing."""
    try:
        asked = subprocess.run(
            ["gsettings", "list-recursively", SCHEMA],
            capture_output=True,
            text=True,
            timeout=ASK_S,
            env=dict(environment),
            check=False,
        )
    except (OSError, subprocess.SubprocessError) as error:
        log.debug("no gsettings: %s", error)
        return ""
    return asked.stdout if asked.returncode == 0 else ""


def read_gnome(listed: str) -> ProxySettings:
    """What ``gsettings list-recursively`` says."""
    found = dict(_gnome_values(listed))
    mode = found.get("mode")
    if mode == "auto":
        return ProxySettings(script=str(found.get("autoconfig-url") or DISCOVER))
    if mode != "manual":
        return ProxySettings()
    who = ""
    if found.get("http.use-authentication"):
        user, password = found.get("http.authentication-user"), found.get("http.authentication-password")
        who = f"{quote(str(user or ''), safe='')}:{quote(str(password or ''), safe='')}@"
    by_scheme = {}
    for scheme in ("http", "https", "socks"):
        host, port = str(found.get(f"{scheme}.host") or ""), found.get(f"{scheme}.port")
        if host:
            kind = "socks5" if scheme == "socks" else "http"
            login = who if scheme == "http" else ""
            by_scheme[scheme] = f"{kind}://{login}{_bracketed(host)}:{port or (SOCKS_PORT if kind != 'http' else 8080)}"
    if "http" in by_scheme and "https" not in by_scheme and found.get("use-same-proxy", True):
        by_scheme["https"] = by_scheme["http"]
    ignored = found.get("ignore-hosts")
    return ProxySettings(by_scheme, tuple(str(host) for host in ignored) if isinstance(ignored, list) else ())


def _gnome_values(listed: str) -> Iterator[tuple[str, object]]:
    for line in listed.splitlines():
        schema, _, rest = line.partition(" ")
        key, _, written = rest.partition(" ")
        below = schema.removeprefix(SCHEMA).lstrip(".")
        plain = re.sub(r"^(@as|u?int\d+) ", "", written)
        try:
            value = {"true": True, "false": False}.get(plain)
            yield f"{below}.{key}" if below else key, ast.literal_eval(plain) if value is None else value
        except (ValueError, SyntaxError):
            log.info("a setting of the proxy cannot be read: %s", key)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


# --- KDE -------------------------------------------------------------------------------------------------------------


def kde_files(environment: Mapping[str, str] = os.environ) -> list[Path]:
    """Where KDE keeps it, the weightier last."""
    home = environment.get("XDG_CONFIG_HOME") or str(Path(environment.get("HOME", "~")).expanduser() / ".config")
    shared = environment.get("XDG_CONFIG_DIRS") or "/etc/xdg"
    folders = [*reversed(shared.split(":")), home]
    return [Path(folder) / "kioslaverc" for folder in folders if folder]


def read_kde(files: list[Path], environment: Mapping[str, str] = os.environ) -> ProxySettings:
    """What the files named ``kioslaverc`` say."""
    found: dict[str, str] = {}
    for file in files:
        found |= _kde_values(file)
    kind = found.get("ProxyType", "0").strip()
    if kind == "2":
        return ProxySettings(script=_as_url(found.get("Proxy Config Script", "").strip()) or DISCOVER)
    if kind == "3":
        return ProxySettings(script=DISCOVER)
    if kind not in ("1", "4"):
        return ProxySettings()

    def said(key: str) -> str:
        value = found.get(key, "").strip()
        # The fourth kind keeps names of variables, not addresses.
        return environment.get(value, "") if kind == "4" else value

    by_scheme = {scheme: _kde_address(said(f"{scheme}Proxy"), scheme) for scheme in ("http", "https", "socks")}
    bypass = tuple(host for host in re.split(r"[,\s]+", said("NoProxyFor")) if host)
    only = kind == "1" and found.get("ReversedException", "").strip().lower() == "true"
    return ProxySettings({scheme: address for scheme, address in by_scheme.items() if address}, bypass, only)


def _kde_values(file: Path) -> dict[str, str]:
    parser = configparser.RawConfigParser(delimiters=("=",), comment_prefixes=("#",), strict=False)
    parser.optionxform = lambda optionstr: re.sub(r"(\[[^\]]*\])+$", "", optionstr)  # type: ignore[method-assign]
    try:
        parser.read_string(file.read_text(encoding="utf-8", errors="replace"))
    except FileNotFoundError:
        return {}
    except (OSError, configparser.Error) as error:
        log.info("%s cannot be read: %s", file.name, error)
        return {}
    return dict(parser["Proxy Settings"]) if parser.has_section("Proxy Settings") else {}


def _kde_address(written: str, scheme: str) -> str:
    """``http://gate 3128`` is how KDE writes it, ``http://gate:3128`` how people do."""
    if not written:
        return ""
    address = re.sub(r"\s+", ":", written)
    if "://" not in address:
        address = f"http://{address}"
    kind, _, rest = address.partition("://")
    kind = "socks5" if scheme == "socks" or kind.startswith("socks") else kind
    return f"{kind}://{rest.rstrip('/')}"


def _as_url(script: str) -> str:
    return f"file://{script}" if script.startswith("/") else script
