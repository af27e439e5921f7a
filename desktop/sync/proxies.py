"""Through what a request has to go: the environment says, else the system. Never to this computer itself.

On Windows and macOS Qt asks the system, scripts and all. Its Linux build knows the environment alone, so the desktop's
settings are read here (``proxy_settings``), and scripts are run here (``proxy_script``).
"""

from __future__ import annotations

import ipaddress
import json
import logging
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from desktop.sync import problems, proxy_settings
from desktop.sync.proxy_script import ProxyScripts, ScriptError

log = logging.getLogger(__name__)

LOCAL_NAMES = frozenset({"localhost", "localhost.localdomain"})
ASK_AGAIN_S = 60.0
"""A script that could not be read is tried again after this; until then requests go without."""


@dataclass(frozen=True)
class Way:
    """What to try in turn. An empty address is the direct way. ``broken``: a script should say, but could not be read
    for this reason."""

    proxies: tuple[str, ...] = ("",)
    broken: str = ""


class Proxies:
    """Finds the proxies of an address and remembers them until ``forget``. Thread-safe.

    Asking the system may take seconds (a script that says which proxy to take is fetched and run), so it is asked once
    for each server, and again after the network has changed or a request did not get through.
    """

    def __init__(
        self,
        password_of: Callable[[str], str | None] = lambda _: None,
        find: Callable[[str, ProxyScripts], Way] | None = None,
    ) -> None:
        """``password_of`` gives what the learner typed for a proxy (``name_of``), see ``login``."""
        self._known: dict[tuple[str, str], tuple[Way, float]] = {}
        self._lock = threading.Lock()
        self._scripts = ProxyScripts()
        self._password_of = password_of
        self._find = find or find_way
        self._refused: set[str] = set()
        self._typed: dict[str, str | None] = {}
        self.asking = ""
        """The last proxy that wanted a password, by its name; empty if none does."""

    def of(self, url: str) -> tuple[str, ...]:
        """The addresses to try in turn, with user and password where the proxy wants them; empty for none.

        Raises:
            Problem: ``proxy_socks``: only proxies of a kind that cannot be used are set.
        """
        usable = [proxy for proxy in self._way(url).proxies if not proxy.lower().startswith("socks")]
        if not usable:
            raise problems.proxy_socks("a SOCKS proxy is set")
        return tuple(self._with_login(proxy) for proxy in usable)

    def broken(self, url: str) -> str:
        """Why the network's script does not say anything; empty when it does, or there is none."""
        return self._way(url).broken

    def did_not_get_through(self, url: str) -> None:
        """Ask the system again before the next request to that server: its settings may have been changed."""
        with self._lock:
            found = self._known.get(_key(url))
            if found is not None and not found[0].broken:  # a script is left alone for a while
                del self._known[_key(url)]

    def wants_password(self, proxy: str) -> None:
        """It answered 407. What it refused is not sent again: three wrong passwords lock some accounts."""
        with self._lock:
            self.asking = name_of(proxy)
            if urlsplit(proxy).username is not None:
                self._refused.add(proxy)

    def let_through(self, proxy: str) -> None:
        """It let a request through."""
        if self.asking and self.asking == name_of(proxy):
            self.asking = ""

    def forget(self) -> None:
        """The network is another one, or there is another password."""
        self._scripts.forget()
        with self._lock:
            self._known.clear()
            self._refused.clear()
            self._typed.clear()
            self.asking = ""

    def _way(self, url: str) -> Way:
        key = _key(url)
        with self._lock:
            found = self._known.get(key)
        if found is not None and not (found[0].broken and time.monotonic() - found[1] > ASK_AGAIN_S):
            return found[0]
        way = self._find(url, self._scripts)
        with self._lock:
            self._known[key] = way, time.monotonic()
        return way

    def _with_login(self, proxy: str) -> str:
        if not proxy:
            return ""
        name = name_of(proxy)
        if name not in self._typed:  # the keyring is slow, and may ask
            self._typed[name] = self._password_of(name)
        typed = self._typed.get(name)
        candidates = [with_login(proxy, typed)] if typed else []
        candidates.append(_recoded(proxy))
        with self._lock:
            for candidate in candidates:
                if candidate not in self._refused:
                    return candidate
        return without_login(proxy)


def find_way(url: str, scripts: ProxyScripts) -> Way:
    """What to try for ``url``."""
    import urllib.request  # with what carries requests: ``is_local`` is asked for at every start

    from requests.utils import should_bypass_proxies

    parts = urlsplit(url)
    if is_local(parts.hostname or "") or should_bypass_proxies(url, None):
        return Way()
    named = urllib.request.getproxies_environment()
    if any(name != "no" for name in named):
        found = named.get(parts.scheme) or named.get("all", "")
        return Way((found if "://" in found or not found else f"http://{found}",))
    if sys.platform in ("win32", "darwin"):
        return Way(of_qt(url))
    return of_desktop(url, scripts)


def of_desktop(url: str, scripts: ProxyScripts) -> Way:
    """What the settings of a Linux desktop say."""
    settings = proxy_settings.read_settings()
    if not settings.script:
        return Way((settings.proxy_for(url),))
    try:
        return Way(scripts.proxies_for(settings.script, url))
    except ScriptError as error:
        log.warning("the network's proxy script is of no use: %s", error)
        return Way(broken=str(error))


def of_qt(url: str) -> tuple[str, ...]:
    """What the system says through Qt, which runs scripts with the system's own means."""
    from PySide6.QtCore import QUrl
    from PySide6.QtNetwork import QNetworkProxy, QNetworkProxyFactory, QNetworkProxyQuery

    kinds = QNetworkProxy.ProxyType
    schemes = {kinds.HttpProxy: "http", kinds.HttpCachingProxy: "http", kinds.Socks5Proxy: "socks5"}
    found = []
    for proxy in QNetworkProxyFactory.systemProxyForQuery(QNetworkProxyQuery(QUrl(url))):
        scheme = schemes.get(proxy.type())
        if proxy.type() == kinds.NoProxy:
            found.append("")
        elif scheme and proxy.hostName():
            bare = f"{scheme}://{proxy.hostName()}:{proxy.port()}"
            found.append(with_login(bare, login(proxy.user(), proxy.password())) if proxy.user() else bare)
    return tuple(found) or ("",)


def is_local(host: str) -> bool:
    """Whether ``host`` is this computer, to which no proxy leads."""
    if host.lower() in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def name_of(proxy: str) -> str:
    """Host and port of a proxy, as people are told and passwords are kept by; empty for none."""
    return urlsplit(proxy).netloc.rpartition("@")[2]


def login(user: str, password: str) -> str:
    """User and password as one secret to keep."""
    return json.dumps([user, password])


def with_login(proxy: str, kept: str) -> str:
    """A proxy's address with what ``login`` made."""
    # requests sends Latin-1, and fails for what that has not; browsers send UTF-8. So it is given UTF-8 as Latin-1.
    user, password = (part.encode().decode("latin-1") for part in json.loads(kept))
    parts = urlsplit(proxy)
    who = f"{quote(user, safe='')}:{quote(password, safe='')}"
    return urlunsplit(parts._replace(netloc=f"{who}@{name_of(proxy)}"))


def _recoded(proxy: str) -> str:
    """User and password of an address as ``with_login`` writes them."""
    parts = urlsplit(proxy)
    if parts.username is None:
        return proxy
    return with_login(proxy, login(unquote(parts.username), unquote(parts.password or "")))


def without_login(proxy: str) -> str:
    """A proxy's address alone."""
    return urlunsplit(urlsplit(proxy)._replace(netloc=name_of(proxy)))


def _key(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
