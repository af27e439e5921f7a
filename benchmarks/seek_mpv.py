"""mpv, steered through its socket (mpv manual, "JSON IPC")."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

from benchmarks.figures import CannotMeasureError

ANSWER_LIMIT_S = 20.0
START_LIMIT_S = 20.0


class Mpv:
    """Plays a clip in a window of X11, without sound."""

    def __init__(self, clip: Path, path: Path, environment: dict[str, str]) -> None:
        """``path``: of the socket."""
        path.unlink(missing_ok=True)
        self._path = path
        words = [
            "--no-config",
            "--vo=x11",
            "--ao=null",
            "--hr-seek=yes",
            "--no-osc",
            "--no-terminal",
            "--loop-file=inf",
        ]
        command = ["mpv", *words, "--geometry=800x450", f"--input-ipc-server={path}", str(clip)]
        self._process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._buffer = b""

    def __enter__(self) -> Mpv:
        end = time.monotonic() + START_LIMIT_S
        while True:
            try:
                self._socket.connect(str(self._path))
                break
            except OSError as error:
                if time.monotonic() > end:
                    raise CannotMeasureError("mpv did not start") from error
                time.sleep(0.05)
        self._socket.settimeout(ANSWER_LIMIT_S)
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
        self._process.kill()
        self._process.wait()

    def _message(self) -> dict[str, Any]:
        while b"\n" not in self._buffer:
            try:
                said = self._socket.recv(65536)
            except TimeoutError as error:
                raise CannotMeasureError("mpv does not answer") from error
            if not said:
                raise CannotMeasureError("mpv ended")
            self._buffer += said
        line, _, self._buffer = self._buffer.partition(b"\n")
        found: dict[str, Any] = json.loads(line)
        return found

    def _drain(self) -> None:
        """What mpv said until now is not of interest."""
        self._socket.sendall(b'{"command": ["get_property", "pid"], "request_id": 1}\n')
        while self._message().get("request_id") != 1:
            pass

    def seek(self, at_ms: int) -> float:
        """Milliseconds until mpv plays on from ``at_ms``, its picture shown."""
        self._drain()
        command = {"command": ["seek", at_ms / 1000, "absolute+exact"], "request_id": 2}
        begin = time.perf_counter()
        self._socket.sendall(json.dumps(command).encode() + b"\n")
        while self._message().get("event") != "playback-restart":
            pass
        return (time.perf_counter() - begin) * 1000
