"""The real program server as a process: ``python -m server serve`` in a folder of the test's own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
READY_WITHIN_S = 60.0
ENDS_WITHIN_S = 20.0


class ServerFailedError(Exception):
    """The process ended, or said nothing, before it was ready. The text is what it said on standard error."""


class ServerProcess:
    """Starts, kills and stops a program server.

    ``port`` 0 takes a free one at the first start and keeps it for the next ones, so that a client finds the server
    again. ``embedded`` false: the settings that ``environment`` names, and ``home`` holds its log alone. Usable as a
    context manager.
    """

    def __init__(
        self,
        home: Path,
        load: Sequence[Path] = (),
        port: int = 0,
        *,
        words: Sequence[str] = (),
        environment: dict[str, str] | None = None,
        embedded: bool = True,
    ) -> None:
        self.home = home
        self.load = list(load)
        self.port = port
        self.words = list(words)
        self.environment = environment or {}
        self.embedded = embedded
        self.ready: dict[str, Any] = {}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers, without a slash at the end."""
        return str(self.ready["url"])

    @property
    def invitations(self) -> list[dict[str, str]]:
        """Open invitations of what was loaded: ``email``, ``token``, ``url``."""
        return list(self.ready["invitations"])

    @property
    def pid(self) -> int:
        """Of the supervising process."""
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> ServerProcess:
        """Start and wait until it really answers.

        Raises:
            ServerFailedError: it ended or stayed silent.
        """
        assert not self.running, "it runs already"
        self.home.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "server", "serve"]
        command += ["--embedded", "--home", str(self.home)] if self.embedded else []
        command += ["--port", str(self.port), "--until-stdin-closes", *self.words]
        for folder in self.load:
            command += ["--load", str(folder)]
        environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        errors = self.home / "stderr.log"
        with errors.open("ab") as stderr:
            start = stderr.tell()
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment | self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                start_new_session=True,  # so that kill() reaches the worker in the same moment
            )
        line = self._first_line()
        if not line:
            self.kill()
            raise ServerFailedError(errors.read_bytes()[start:].decode(errors="replace"))
        self.ready = json.loads(line)
        self.port = int(self.url.rpartition(":")[2])
        return self

    def _first_line(self) -> bytes:
        assert self._process is not None
        assert self._process.stdout is not None
        process, stdout = self._process, self._process.stdout
        timer = threading.Timer(READY_WITHIN_S, process.kill)
        timer.start()
        try:
            return stdout.readline()
        finally:
            timer.cancel()
            timer.join()

    def kill(self) -> None:
        """SIGKILL the supervisor and its worker: as when the power goes."""
        if self._process is None:
            return
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        else:
            self._process.kill()
        self._finish()

    def kill_supervisor(self) -> None:
        """SIGKILL the supervisor alone: the worker has to notice."""
        assert self._process is not None
        self._process.kill()
        self._finish()

    def stop(self) -> int:
        """End it as an operator does (SIGTERM) and return its exit code."""
        if self._process is None:
            return 0
        self._process.terminate()
        return self._finish()

    def close_stdin(self) -> int:
        """Do as if whoever started it had died; return its exit code."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.close()
        return self._finish()

    def _finish(self) -> int:
        assert self._process is not None
        process, self._process = self._process, None
        try:
            code = process.wait(ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        finally:
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()
        return code

    def __enter__(self) -> ServerProcess:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.running:
            self.stop()
