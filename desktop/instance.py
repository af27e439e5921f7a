"""One program per data folder: a second start hands its link, or files to import, to the first.

What is said over the local socket: a line with a link (or nothing), answered by ``ok``; or ``import`` and a list of
paths as JSON, answered by a line for each new state of a file (an ``ImportView``) until all have ended.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, Signal, Slot

from desktop.errors import Problem, folder_unusable, mark, problem_of_os
from desktop.models.session_file import write_atomically

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

    from desktop.models.pack_views import ImportView

log = logging.getLogger(__name__)

ANSWER_LIMIT_MS = 2000
ASK_AGAIN_MS = 50
MESSAGE_LIMIT = 65_536
IMPORT = "import "


def _address(home: Path) -> str:
    """A name for the local socket that is the same for the same folder and person."""
    import hashlib  # with QtNetwork, when the window is there already

    return "haversack-" + hashlib.sha256(str(home).encode()).hexdigest()[:24]


def no_answer() -> Problem:
    """Another program has the folder and stays silent: it hangs, or something else took its place."""
    return Problem(
        "already_running",
        mark("Haversack is already open, but it does not answer."),
        mark("Close its window and try again. If there is none, restart the computer."),
    )


class AskedImport(QObject):
    """Files that another start asks us to import. It waits until ``end``. ``gone`` is emitted when it waits no more."""

    gone = Signal()

    def __init__(self, paths: tuple[Path, ...], socket: QLocalSocket) -> None:
        super().__init__(socket)
        self.paths = paths
        self._socket = socket
        socket.disconnected.connect(self.gone)

    def say(self, view: ImportView) -> None:
        """A new state of a file."""
        import msgspec

        self._socket.write(msgspec.json.encode(view) + b"\n")
        self._socket.flush()

    def end(self) -> None:
        """That was all."""
        self._socket.write(b"end\n")
        self._socket.flush()
        self._socket.disconnectFromServer()


class SingleInstance(QObject):
    """``claim`` says whether we are the first; the first hears of later starts by ``started_again`` (the link) and
    ``import_asked`` (an ``AskedImport``), from the moment it calls ``listen``."""

    started_again = Signal(str)
    import_asked = Signal(object)

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._home = home
        self._lock = QLockFile(str(home / "lock"))
        # A lock is stale only when its process is gone, never by age: people leave the program open for weeks.
        self._lock.setStaleLockTime(0)
        self._server: QLocalServer | None = None

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
        return True

    @Slot()
    def listen(self) -> None:
        """Hear of later starts. Soon after ``claim``: whoever starts meanwhile asks for ``ANSWER_LIMIT_MS``."""
        from PySide6.QtNetwork import QLocalServer  # a library that the first paint need not wait for

        if self._server is not None:
            return
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)
        QLocalServer.removeServer(_address(self._home))
        if not self._server.listen(_address(self._home)):
            log.warning("later starts cannot be heard: %s", self._server.errorString())

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
        socket = self._call(link.encode()[: MESSAGE_LIMIT - 1])
        if socket is None:
            return False
        socket.disconnectFromServer()
        return True

    def ask_import(self, paths: Sequence[Path], tell: Callable[[ImportView], None]) -> bool:
        """Ask the program that has the folder to import files, and wait until it has; ``tell`` hears how far they are.
        False if it does not answer, or ends before."""
        import msgspec
        from PySide6.QtNetwork import QLocalSocket

        from desktop.models.pack_views import ImportView

        wanted = IMPORT.encode() + msgspec.json.encode([str(path) for path in paths])
        socket = self._call(wanted) if len(wanted) < MESSAGE_LIMIT else None
        while socket is not None:
            here = socket.state() == QLocalSocket.LocalSocketState.ConnectedState
            # In short waits: an interruption from the keyboard is heard between them.
            socket.waitForReadyRead(ASK_AGAIN_MS)
            while socket.canReadLine():
                line = bytes(socket.readLine().data()).strip()
                if line == b"end":
                    return True
                tell(msgspec.json.decode(line, type=ImportView))
            if not here:
                return False
        return False

    def _call(self, message: bytes) -> QLocalSocket | None:
        """Say something to the program that has the folder; None if it does not answer."""
        from PySide6.QtCore import QDeadlineTimer, QThread
        from PySide6.QtNetwork import QLocalSocket

        socket, patience = QLocalSocket(), QDeadlineTimer(ANSWER_LIMIT_MS)
        socket.connectToServer(_address(self._home))
        while not socket.waitForConnected(ANSWER_LIMIT_MS):
            if patience.hasExpired():
                return None
            QThread.msleep(ASK_AGAIN_MS)  # it may have started a moment ago; there is no window of ours to hold up
            socket.connectToServer(_address(self._home))
        socket.write(message + b"\n")
        answered = socket.waitForBytesWritten(ANSWER_LIMIT_MS) and socket.waitForReadyRead(ANSWER_LIMIT_MS)
        return socket if answered else None

    def _greet(self) -> None:
        while self._server is not None and (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(self._read)
            socket.disconnected.connect(socket.deleteLater)

    def _read(self) -> None:
        from PySide6.QtNetwork import QLocalSocket

        socket = self.sender()
        if not isinstance(socket, QLocalSocket) or not socket.canReadLine():
            return
        message = bytes(socket.readLine(MESSAGE_LIMIT).data()).decode(errors="replace").strip()
        if message.startswith(IMPORT):
            self._take_import(message.removeprefix(IMPORT), socket)
            return
        socket.write(b"ok\n")
        socket.flush()
        self.started_again.emit(message)

    def _take_import(self, words: str, socket: QLocalSocket) -> None:
        try:
            paths = tuple(Path(path) for path in json.loads(words))
        except (ValueError, TypeError):
            socket.disconnectFromServer()
            return
        self.import_asked.emit(AskedImport(paths, socket))

    def release(self) -> None:
        """Give the folder back."""
        if self._server is not None:
            self._server.close()
        self._lock.unlock()
