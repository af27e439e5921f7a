"""One program per data folder: a second start hands its link to the first, which comes to the front."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from desktop.errors import Problem, folder_unusable, mark, problem_of_os
from desktop.models.session_file import write_atomically

log = logging.getLogger(__name__)

ANSWER_LIMIT_MS = 1500
MESSAGE_LIMIT = 4096


def _address(home: Path) -> str:
    """A name for the local socket that is the same for the same folder and person."""
    return "haversack-" + hashlib.sha256(str(home).encode()).hexdigest()[:24]


def no_answer() -> Problem:
    """Another program has the folder and stays silent: it hangs, or something else took its place."""
    return Problem(
        "already_running",
        mark("Haversack is already open, but it does not answer."),
        mark("Close its window and try again. If there is none, restart the computer."),
    )


class SingleInstance(QObject):
    """``claim`` says whether we are the first; the first then hears of later starts by ``started_again`` (the link)."""

    started_again = Signal(str)

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._home = home
        self._lock = QLockFile(str(home / "lock"))
        # A lock is stale only when its process is gone, never by age: people leave the program open for weeks.
        self._lock.setStaleLockTime(0)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)

    def claim(self) -> bool:
        """Take the data folder, made if need be. False if another program has it; then call ``ask_first``.

        Raises:
            Problem: ``home_is_file``, ``folder_unusable``, ``disk_full``.
        """
        if self._home.exists() and not self._home.is_dir():
            raise Problem(
                "home_is_file",
                mark("What was named as the data folder is a file."),
                mark("Start Haversack without --home, or with the name of a folder after it."),
            )
        try:
            self._home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise problem_of_os(error) or folder_unusable(str(error)) from error
        if not self._lock.tryLock(0):
            if self._lock.error() == QLockFile.LockError.LockFailedError:
                return False
            raise self._why_not()
        QLocalServer.removeServer(_address(self._home))
        if not self._server.listen(_address(self._home)):
            log.warning("later starts cannot be heard: %s", self._server.errorString())
        return True

    def _why_not(self) -> Problem:
        """Qt only says that no lock could be written: write something ourselves to learn why."""
        try:
            write_atomically(self._home / "lock.try", b"Haversack" * 500)
            (self._home / "lock.try").unlink()
        except OSError as error:
            return problem_of_os(error) or folder_unusable(str(error))
        return folder_unusable("no lock could be written")

    def ask_first(self, link: str) -> bool:
        """Ask the program that has the folder to come to the front and open ``link``. False if it does not answer."""
        socket = QLocalSocket()
        socket.connectToServer(_address(self._home))
        if not socket.waitForConnected(ANSWER_LIMIT_MS):
            return False
        socket.write(link.encode()[:MESSAGE_LIMIT] + b"\n")
        answered = socket.waitForBytesWritten(ANSWER_LIMIT_MS) and socket.waitForReadyRead(ANSWER_LIMIT_MS)
        socket.disconnectFromServer()
        return answered

    def _greet(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(self._read)
            socket.disconnected.connect(socket.deleteLater)

    def _read(self) -> None:
        socket = self.sender()
        if not isinstance(socket, QLocalSocket) or not socket.canReadLine():
            return
        message = bytes(socket.readLine(MESSAGE_LIMIT).data()).decode(errors="replace").strip()
        socket.write(b"ok\n")
        socket.flush()
        self.started_again.emit(message)

    def release(self) -> None:
        """Give the folder back."""
        self._server.close()
        self._lock.unlock()
