"""One program per data folder: a second start hands its link to the first, which comes to the front."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

log = logging.getLogger(__name__)

ANSWER_LIMIT_MS = 1500
MESSAGE_LIMIT = 4096


def _address(home: Path) -> str:
    """A name for the local socket that is the same for the same folder and person."""
    return "haversack-" + hashlib.sha256(str(home).encode()).hexdigest()[:24]


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
        """Take the data folder. False if another program has it; it is then asked with ``ask_first``."""
        if not self._lock.tryLock(0):
            return False
        QLocalServer.removeServer(_address(self._home))
        if not self._server.listen(_address(self._home)):
            log.warning("later starts cannot be heard: %s", self._server.errorString())
        return True

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
