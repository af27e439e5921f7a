"""The program's log."""

from __future__ import annotations

import contextlib
import logging
import sys
from pathlib import Path

from desktop.config import Config

LOG_BYTES = 1_000_000

log = logging.getLogger(__name__)


class LogFile(logging.FileHandler):
    """A file of about ``most`` bytes; a full one is kept as ``….1`` until the next is full.

    As the standard library's ``RotatingFileHandler``, whose module brings sockets and queues to every start.
    """

    def __init__(self, path: Path, most: int = LOG_BYTES) -> None:
        """Raises ``OSError`` if the file cannot be written."""
        super().__init__(path, encoding="utf-8")
        self._most = most

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line; a full file is put aside, and the next line opens a new one."""
        super().emit(record)
        if self.stream is not None and self.stream.tell() >= self._most:
            self.close()
            path = Path(self.baseFilename)
            with contextlib.suppress(OSError):  # it goes on growing until it can be put aside
                path.replace(path.with_name(f"{path.name}.1"))


def set_up_log(config: Config) -> None:
    """Warnings and worse on standard error; where a file can be written, the rest in one that stays small."""
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    console = logging.StreamHandler(sys.stderr)
    console.setLevel(logging.WARNING)
    root.addHandler(console)
    try:
        config.log.parent.mkdir(parents=True, exist_ok=True)
        file = LogFile(config.log)
    except OSError as error:
        log.warning("there is no log of this run: %s", error)
        return
    file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(file)
