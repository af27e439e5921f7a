"""Runs one proxy script for one address, in a process of its own: ``python -m desktop.sync.proxy_script_process``.

A script is a program from the network. Qt's engine holds Python's lock while it runs, so within ours a script that
never ends would stop the window for ever; this process is ended from outside. It reads ``{"script", "url", "host"}``
from its standard input and prints ``{"answer"}`` or ``{"error"}``. The script sees no file and no network; it may ask
for the addresses of names, as every such script may.
"""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path
from typing import cast

from PySide6.QtCore import QCoreApplication, QObject, Slot
from PySide6.QtQml import QJSEngine, QJSValue

FUNCTIONS = Path(__file__).with_name("proxy_script.js")
SOMEWHERE = ("192.0.2.1", 9)
"""An address of the documentation: nothing is sent, the system only says from where it would be."""


class Host(QObject):
    """What a script may ask of this computer."""

    @Slot(str, result=str)
    def resolve(self, name: str) -> str:
        """The IPv4 address of a name; empty when it has none."""
        try:
            return str(socket.getaddrinfo(name, None, socket.AF_INET, socket.SOCK_STREAM)[0][4][0])
        except (OSError, UnicodeError, IndexError):
            return ""

    @Slot(result=str)
    def own(self) -> str:
        """This computer's address in its network."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
            try:
                asked.connect(SOMEWHERE)
                return str(asked.getsockname()[0])
            except OSError:
                return "127.0.0.1"


def run(script: str, url: str, host: str) -> dict[str, str]:
    """What ``FindProxyForURL`` of the script says, or what is wrong with the script."""
    engine = QJSEngine()
    # Ours is the only parent: without it the engine would own what Python made.
    asked = Host(engine)
    engine.globalObject().setProperty("host_", engine.newQObject(asked))
    for text, name in ((FUNCTIONS.read_text(encoding="utf-8"), FUNCTIONS.name), (script, "proxy.pac")):
        value = cast(QJSValue, engine.evaluate(text, name))  # the stubs tell of a pair
        if value.isError():
            return {"error": f"{value.toString()} (line {value.property('lineNumber').toInt()})"}
    found = engine.globalObject().property("FindProxyForURL")
    if not found.isCallable():
        return {"error": "there is no FindProxyForURL in it"}
    said = found.call([engine.toScriptValue(url), engine.toScriptValue(host)])
    return {"error": said.toString()} if said.isError() else {"answer": said.toString()}


def main() -> None:
    """See the module."""
    wanted = json.loads(sys.stdin.buffer.read())
    application = QCoreApplication(sys.argv[:1])
    sys.stdout.write(json.dumps(run(wanted["script"], wanted["url"], wanted["host"])))
    sys.stdout.flush()
    del application


if __name__ == "__main__":
    main()
