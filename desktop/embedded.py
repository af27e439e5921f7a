"""The sample program's own server: a real program server as a process of ours, on the loopback interface.

It ends when its standard input closes, so it never outlives the program, not even when that is killed. This module
never imports the server: it starts it.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import msgspec

from desktop.config import resources
from desktop.errors import Problem, disk_full, mark

log = logging.getLogger(__name__)

START_LIMIT_S = 60.0
"""The first start makes the database and reads the sample program: seconds on a slow laptop."""
STOP_LIMIT_S = 5.0
ROOM_NEEDED = 32 * 1024 * 1024
"""Bytes that the sample program and its database take, with some to spare."""


class ServerInvitation(msgspec.Struct, frozen=True):
    """An invitation that the server offers to whoever starts it."""

    email: str
    token: str
    url: str


class Ready(msgspec.Struct, frozen=True):
    """The one line that the server prints when it answers."""

    url: str
    pid: int
    invitations: tuple[ServerInvitation, ...] = ()


@dataclass(frozen=True)
class ServerFailedError(Exception):
    """The process ended or stayed silent; ``detail`` is the end of what it said."""

    detail: str


def _port_file(home: Path) -> Path:
    return home / "port"


class EmbeddedServer:
    """Starts and stops the server of the sample program. Its methods block: call them off the UI thread."""

    def __init__(self, home: Path, program: Path | None = None) -> None:
        """``home`` is the server's data folder; ``program`` the folder to load, by default the one that ships."""
        self._home = home
        self._program = program or resources() / "sample"
        self._process: subprocess.Popen[str] | None = None
        self._ready: Ready | None = None
        self._lock = threading.Lock()

    @property
    def ready(self) -> Ready | None:
        """What the running server said, None while it does not run."""
        process = self._process
        return self._ready if process is not None and process.poll() is None else None

    def ensure(self) -> Ready:
        """Start the server if it does not run, on the port it had before when that is free.

        Raises:
            Problem: ``sample_server`` with the end of the server's log as detail; ``disk_full``.
            OSError: the folder cannot be written.
        """
        with self._lock:
            if (running := self.ready) is not None:
                return running
            try:
                return self._start(self._known_port())
            except ServerFailedError as first:
                log.warning("the sample server did not start on its port: %s", first.detail)
            try:
                return self._start(0)
            except ServerFailedError as error:
                if shutil.disk_usage(self._home).free < ROOM_NEEDED:
                    raise disk_full(error.detail) from error
                raise Problem(
                    "sample_server",
                    mark("The sample program could not be started."),
                    mark("Start Haversack again. If it stays so, the log says why."),
                    detail=error.detail,
                ) from error

    def _known_port(self) -> int:
        try:
            return int(_port_file(self._home).read_text(encoding="ascii"))
        except (OSError, ValueError):
            return 0

    def _start(self, port: int) -> Ready:
        self._home.mkdir(parents=True, exist_ok=True)
        root = Path(__file__).resolve().parent.parent
        command = [sys.executable, "-m", "server", "serve", "--embedded", "--until-stdin-closes"]
        command += ["--home", str(self._home), "--port", str(port), "--load", str(self._program)]
        environment = {**os.environ, "PYTHONPATH": str(root)}
        for name in ("DJANGO_SETTINGS_MODULE", "QT_QPA_PLATFORM"):
            environment.pop(name, None)
        with (self._home / "start.log").open("w", encoding="utf-8") as said:
            process = subprocess.Popen(
                command,
                cwd=root,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
            )
        self._process = process
        try:
            ready = self._wait_ready(process)
        except ServerFailedError:
            self._end(process)
            raise
        self._ready = ready
        _port_file(self._home).write_text(ready.url.rsplit(":", 1)[1].strip("/"), encoding="ascii")
        return ready

    def _wait_ready(self, process: subprocess.Popen[str]) -> Ready:
        assert process.stdout is not None
        # A silent server must not hold us for ever: the timer ends it, and reading ends with it.
        timer = threading.Timer(START_LIMIT_S, process.kill)
        timer.start()
        try:
            for line in process.stdout:
                if (ready := _parse_ready(line)) is not None:
                    return ready
        finally:
            timer.cancel()
            timer.join()
        raise ServerFailedError(self._last_words())

    def _last_words(self) -> str:
        try:
            return (self._home / "start.log").read_text(encoding="utf-8", errors="replace")[-2000:]
        except OSError:
            return "no log"

    def stop(self) -> None:
        """Let the server end by itself; kill it if it does not in time."""
        with self._lock:
            process, self._process, self._ready = self._process, None, None
            if process is not None:
                self._end(process)

    @staticmethod
    def _end(process: subprocess.Popen[str]) -> None:
        if process.stdin is not None:
            try:
                process.stdin.close()
            except OSError:
                log.debug("the sample server was gone already")
        try:
            process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _parse_ready(line: str) -> Ready | None:
    try:
        said = json.loads(line)
    except ValueError:
        return None
    if not isinstance(said, dict) or said.get("event") != "ready":
        return None
    return msgspec.convert(said, Ready)
