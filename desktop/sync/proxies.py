"""Through what a request has to go: the environment says, else the system. Never to this computer itself."""

from __future__ import annotations

import ipaddress
import threading
from urllib.parse import quote, urlsplit

from desktop.sync import problems

LOCAL_NAMES = frozenset({"localhost", "localhost.localdomain"})


class Proxies:
    """Finds the proxy of an address and remembers it until ``forget``. Thread-safe.

    Asking the system may take seconds (a script that says which proxy to take is fetched and run), so it is asked once
    for each server, and again after the network has changed.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], str] = {}
        self._lock = threading.Lock()

    def of(self, url: str) -> dict[str, str]:
        """What ``requests`` wants: by scheme, the proxy's address; empty for none.

        Raises:
            Problem: ``proxy``: the one that is set is of a kind that cannot be used.
        """
        parts = urlsplit(url)
        key = parts.scheme, parts.netloc
        with self._lock:
            known = self._known.get(key)
        if known is None:
            known = find_proxy(url)
            with self._lock:
                self._known[key] = known
        if known.lower().startswith("socks"):
            raise problems.proxy("a SOCKS proxy is set")
        return {parts.scheme: known} if known else {}

    def forget(self) -> None:
        """The network is another one."""
        with self._lock:
            self._known.clear()


def find_proxy(url: str) -> str:
    """The proxy for ``url``; empty for none."""
    import urllib.request  # with what carries requests: ``is_local`` is asked for at every start

    from requests.utils import should_bypass_proxies

    parts = urlsplit(url)
    if is_local(parts.hostname or "") or should_bypass_proxies(url, None):
        return ""
    named = urllib.request.getproxies_environment()
    if any(name != "no" for name in named):
        found = named.get(parts.scheme) or named.get("all", "")
        return found if "://" in found or not found else f"http://{found}"
    return _of_the_system(url)


def is_local(host: str) -> bool:
    """Whether ``host`` is this computer, to which no proxy leads."""
    if host.lower() in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _of_the_system(url: str) -> str:
    from PySide6.QtCore import QUrl
    from PySide6.QtNetwork import QNetworkProxy, QNetworkProxyFactory, QNetworkProxyQuery

    kinds = QNetworkProxy.ProxyType
    for proxy in QNetworkProxyFactory.systemProxyForQuery(QNetworkProxyQuery(QUrl(url))):
        kind = proxy.type()
        if kind == kinds.NoProxy:
            return ""
        scheme = {kinds.HttpProxy: "http", kinds.HttpCachingProxy: "http", kinds.Socks5Proxy: "socks5"}.get(kind)
        if scheme and proxy.hostName():
            who = f"{quote(proxy.user(), safe='')}:{quote(proxy.password(), safe='')}@" if proxy.user() else ""
            return f"{scheme}://{who}{proxy.hostName()}:{proxy.port()}"
    return ""
