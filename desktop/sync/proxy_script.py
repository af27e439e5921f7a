"""Which proxy an automatic script of the network names for an address."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from desktop.sync.proxy_settings import DISCOVER

log = logging.getLogger(__name__)

FETCH_S = 5.0
RUN_S = 10.0
LARGEST = 1024 * 1024
KINDS = {"PROXY": "http", "HTTP": "http", "HTTPS": "https", "SOCKS": "socks5", "SOCKS4": "socks4", "SOCKS5": "socks5"}
ENTRY = re.compile(r"([A-Z0-9]+)\s+([^\s:/@]+|\[[0-9a-f:]+\]):(\d{1,5})", re.IGNORECASE)


class ScriptError(Exception):
    """The script could not be fetched or run; what the message says is for the log."""


class ProxyScripts:
    """Fetches a script once and runs it for one address after another. Thread-safe; blocks for seconds."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._lock = threading.Lock()

    def forget(self) -> None:
        """The network is another one."""
        with self._lock:
            self._texts.clear()

    def proxies_for(self, script: str, url: str) -> tuple[str, ...]:
        """What to try in turn for ``url``: addresses of proxies, and the empty text for the direct way.

        Raises:
            ScriptError: there is a script, and nobody can say what it means. A network that was to be asked for its
                script and has none is one without a proxy, and no error.
        """
        with self._lock:
            text = self._texts.get(script)
        if text is None:
            try:
                text = fetch(script)
            except ScriptError:
                if script == DISCOVER:
                    return ("",)
                raise
            with self._lock:
                self._texts[script] = text
        return read_answer(run(text, url))


def fetch(script: str) -> str:
    """The text of a script. It is asked for directly: nothing else is known yet.

    Raises:
        ScriptError
    """
    from desktop.sync.transport import trust_context

    if urlsplit(script).scheme not in ("http", "https", "file"):
        raise ScriptError(f"a script at {script[:80]}")
    handlers = (urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trust_context()))
    try:
        with urllib.request.build_opener(*handlers).open(script, timeout=FETCH_S) as answer:
            data: bytes = answer.read(LARGEST + 1)
    except (OSError, urllib.error.URLError, ValueError) as error:
        raise ScriptError(f"{type(error).__name__}: {error}"[:200]) from error
    if len(data) > LARGEST:
        raise ScriptError(f"a script of more than {LARGEST} bytes")
    text = data.decode("utf-8", "replace")
    if "FindProxyForURL" not in text:
        raise ScriptError("what is at its address is no proxy script")
    return text


def run(text: str, url: str) -> str:
    """What the script says of ``url``, of which it is told server and scheme and nothing that is private.

    Raises:
        ScriptError
    """
    parts = urlsplit(url)
    wanted = {"script": text, "url": f"{parts.scheme}://{parts.netloc}/", "host": parts.hostname or ""}
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "desktop.sync.proxy_script_process"],
            input=json.dumps(wanted).encode(),
            capture_output=True,
            timeout=RUN_S,
            cwd=root,
            env=environment,
            creationflags=flags,
            check=False,
        )
        said = json.loads(ended.stdout)
    except subprocess.TimeoutExpired as error:
        raise ScriptError(f"the script did not end within {RUN_S:.0f} s") from error
    except (OSError, ValueError) as error:
        raise ScriptError(f"the script could not be run: {type(error).__name__}") from error
    if "answer" not in said:
        raise ScriptError(str(said.get("error", "no answer"))[:200])
    return str(said["answer"])


def read_answer(said: str) -> tuple[str, ...]:
    """``PROXY gate:3128; DIRECT`` as addresses; what is not understood is left out, and nothing means directly."""
    found = []
    for entry in said.split(";"):
        if entry.strip().upper() == "DIRECT":
            found.append("")
        elif (match := ENTRY.fullmatch(entry.strip())) and match[1].upper() in KINDS:
            found.append(f"{KINDS[match[1].upper()]}://{match[2]}:{match[3]}")
        elif entry.strip():
            log.info("the proxy script says something unknown: %s", entry.strip()[:60])
    return tuple(found) or ("",)
