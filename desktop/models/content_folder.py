"""Where the files of courses lie: the usual folder, or a chosen one, which may be on a drive that is pulled.

Which folder it is stands in ``content.json`` of the data folder. A chosen folder has a marker with an id of its own: an
empty mount point, another stick and a folder that somebody deleted are not taken for one in which every file is gone.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from desktop.errors import Problem, mark
from desktop.models.saved_views import decode_view, encode_view
from desktop.models.session_file import forget_unfinished, write_atomically

log = logging.getLogger(__name__)

FILE_NAME = "content.json"
MARKER = "haversack-courses.json"
HERE, READ_ONLY, ABSENT, OTHER, GONE, SILENT = "here", "read_only", "absent", "other", "gone", "silent"
"""``absent``: its drive is not connected; ``other``: another drive or folder is where it was; ``gone``: the disk is
there and the folder is not; ``silent``: the drive was asked and does not answer."""
READABLE = frozenset({HERE, READ_ONLY})
MOVING = "moving"
"""Why downloads wait while files are carried to another folder; beside the states above but ``here``."""
SILENT_S = 5.0
UNKNOWN = "?"
"""The id of a folder that nobody can name: ``content.json`` is damaged."""


class Spot(NamedTuple):
    """A folder of course files. ``id`` is that of its marker, empty for the usual folder, which has none; ``mount`` is
    where its drive was mounted when it was chosen, empty on the drive that has the data folder too."""

    folder: str
    id: str = ""
    mount: str = ""


class Place(NamedTuple):
    """What ``content.json`` holds.

    Attributes:
        now: the folder in force; None for the usual one.
        target: where the files are being carried.
        fresh: everything in the target is of this move; None while nobody has looked.
        prepared: the target has its marker.
        paused: the learner lets the move rest.
        tries: how often they let it go on.
        leaving: folders that are not in force any more, whose files are still to be removed.
        emptied: folders whose files were removed, and which go themselves next.
    """

    now: Spot | None = None
    target: Spot | None = None
    fresh: bool | None = None
    prepared: bool = False
    paused: bool = False
    tries: int = 0
    leaving: tuple[Spot, ...] = ()
    emptied: tuple[Spot, ...] = ()

    def without(self, folder: str) -> Place:
        """The same with nothing left to remove in this folder."""
        leaving = tuple(spot for spot in self.leaving if spot.folder != folder)
        return self._replace(leaving=leaving, emptied=tuple(spot for spot in self.emptied if spot.folder != folder))


class ContentFolder:
    """The folder in force, how it stands, and who may write into it. Thread-safe; one for the whole program.

    ``state``, ``path`` and ``hold`` never touch a disk; everything else may take as long as a drive takes.
    """

    def __init__(self, usual: Path, file: Path | None = None) -> None:
        """``usual``: the folder while none was chosen; ``file``: where the choice is kept, None where there is none."""
        self.usual = usual
        self._file = file
        self._lock = threading.RLock()
        self._place = _read(file)
        self._state = HERE if self._place.now is None else ABSENT
        self._looking = threading.Lock()
        self._asked_at: float | None = None
        self._turn = threading.Condition()
        self._writers = 0
        self._alone = False
        self._moving = False
        self._listeners: list[Callable[[], None]] = []

    # --- what is known -------------------------------------------------------------------------------------------

    @property
    def place(self) -> Place:
        """As it was last kept."""
        with self._lock:
            return self._place

    @property
    def path(self) -> Path:
        """The folder in force, whether it is there or not."""
        now = self.place.now
        return self.usual if now is None or now.id == UNKNOWN else Path(now.folder)

    @property
    def state(self) -> str:
        """How the folder stood when it was last looked at; ``silent`` while somebody waits for it too long."""
        asked = self._asked_at
        if asked is not None and time.monotonic() - asked > SILENT_S:
            return SILENT
        return self._state

    @property
    def readable(self) -> bool:
        """Whether what is not found there is really not there."""
        return self.state in READABLE

    def hold(self) -> str:
        """Why nothing may be downloaded into it now; empty when it may."""
        state = self.state
        return state if state != HERE else MOVING if self._moving else ""

    def problem(self) -> Problem | None:
        """What to tell whoever needs it; None while all is well. The code is ``folder_`` and the state."""
        return problem_of(self.state)

    # --- asking the disk -----------------------------------------------------------------------------------------

    def look(self) -> str:
        """Ask the disk how the folder stands. Not in the UI thread: it may not answer."""
        now = self.place.now
        if now is None:
            self._note(HERE)
            return HERE
        if not self._looking.acquire(timeout=SILENT_S):
            return SILENT  # somebody has been waiting for it all that time
        try:
            self._asked_at = time.monotonic()
            found = state_of(now)
        finally:
            self._asked_at = None
            self._looking.release()
        self._note(found)
        return found

    def look_briefly(self, seconds: float = 2.0) -> str:
        """As ``look``, and go on after so long whatever the drive does: how it stands is told later."""
        if self.place.now is None:
            return HERE
        thread = threading.Thread(target=self.look, name="haversack-look", daemon=True)
        thread.start()
        thread.join(seconds)
        return self.state

    def require(self) -> None:
        """Pass when files can be written there now.

        Raises:
            Problem: see ``problem``.
        """
        found = problem_of(self.look())
        if found is not None:
            raise found

    def make(self, folder: Path) -> None:
        """Have a folder below the one in force, which itself is made only where it is the usual one.

        Raises:
            OSError: it cannot be made; also where the drive has just been pulled.
        """
        if self.place.now is None:
            folder.mkdir(parents=True, exist_ok=True)
        else:
            folder.mkdir(exist_ok=True)

    # --- who writes ----------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def writing(self) -> Iterator[Path]:
        """The folder in force stays in force within the block. Not within another one of the same thread.

        Raises:
            Problem: as ``require``.
        """
        with self._turn:
            self._turn.wait_for(lambda: not self._alone)
            self._writers += 1
        try:
            self.require()
            yield self.path
        finally:
            with self._turn:
                self._writers -= 1
                self._turn.notify_all()

    @contextlib.contextmanager
    def alone(self, stopping: Callable[[], bool]) -> Iterator[bool]:
        """Nobody else writes there within the block. False when ``stopping`` said so before that came true."""
        with self._turn:
            self._alone = True
            while self._writers and not stopping():
                self._turn.wait(0.2)
            free = not self._writers
        try:
            yield free
        finally:
            with self._turn:
                self._alone = False
                self._turn.notify_all()

    # --- changing it ---------------------------------------------------------------------------------------------

    def change(self, how: Callable[[Place], Place], *, known: str = ABSENT) -> Place:
        """Keep another place, on the disk when this returns; told to whoever listens. ``known``: how the folder stands
        that comes into force, if one does.

        Raises:
            OSError: the data folder cannot be written; nothing changed.
        """
        with self._lock:
            before, place = self._place, how(self._place)
            if place == before:
                return place
            assert self._file is not None, "a folder that cannot be changed"
            write_atomically(self._file, encode_view(place))
            sync_folder(self._file.parent)
            self._place = place
            if place.now != before.now:
                self._state = HERE if place.now is None else known
        self.tell()
        return place

    def set_moving(self, moving: bool) -> None:
        """Whether files are being carried to another folder at this moment."""
        if moving != self._moving:
            self._moving = moving
            self.tell()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have ``listener`` called when place or state changed, in the thread that changed it. Returns what ends it."""
        with self._lock:
            self._listeners.append(listener)

        def end() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return end

    def _note(self, found: str) -> None:
        with self._lock:
            changed, self._state = found != self._state, found
        if changed:
            self.tell()

    def tell(self) -> None:
        """Have all who listen look again."""
        with self._lock:
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener()


def content_folder(home: Path, usual: Path) -> ContentFolder:
    """That of an installation. The program that has the data folder makes one."""
    with contextlib.suppress(OSError):
        forget_unfinished(home / FILE_NAME)
    return ContentFolder(usual, home / FILE_NAME)


def _read(file: Path | None) -> Place:
    if file is None:
        return Place()
    try:
        return decode_view(file.read_bytes(), Place)
    except FileNotFoundError:
        return Place()
    except (OSError, ValueError) as error:
        # Not the usual folder: that would look as if everything were gone.
        log.warning("it is not known where the courses lie: %s", error)
        return Place(now=Spot("", UNKNOWN))


def state_of(spot: Spot) -> str:
    """How a folder stands now. May not return for long."""
    if not spot.id:
        return HERE
    if spot.id == UNKNOWN:
        return GONE
    root = Path(spot.folder)
    try:
        found = read_marker(root)
    except OSError:  # a drive that was pulled without a word, or that is broken
        return ABSENT
    if found == spot.id:
        return HERE if os.access(root, os.W_OK) else READ_ONLY
    if found is None and spot.mount and not os.path.ismount(spot.mount):
        return ABSENT
    return OTHER if spot.mount or found is not None else GONE


def read_marker(root: Path) -> str | None:
    """The id of a folder of courses; None where it is none.

    Raises:
        OSError: the drive does not let itself be read.
    """
    try:
        with (root / MARKER).open("rb") as file:
            if hasattr(os, "posix_fadvise"):  # what is still in memory of a drive that was pulled is no answer
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            return str(json.loads(file.read(4096))["id"])
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, KeyError, TypeError):
        return ""


def write_marker(root: Path, marker_id: str) -> None:
    """Make ``root`` a folder of courses.

    Raises:
        OSError: it cannot be written.
    """
    about = "Haversack keeps the files of courses here. Remove them in Haversack, under Downloads."
    forget_unfinished(root / MARKER)
    write_atomically(root / MARKER, json.dumps({"id": marker_id, "about": about}).encode())
    sync_folder(root)


def mount_of(path: Path) -> str:
    """Where the drive is mounted that has, or would have, ``path``."""
    found = path.absolute()
    while not os.path.ismount(found) and found != found.parent:
        found = found.parent
    return str(found)


def sync_folder(folder: Path) -> None:
    """A rename is on the disk when its folder is. Systems that cannot open folders do it by themselves."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # file systems that cannot sync a folder
            os.fsync(handle)
    finally:
        os.close(handle)


def problem_of(state: str) -> Problem | None:
    """What to say of a state; None for ``here``."""
    if state == HERE:
        return None
    text = {
        READ_ONLY: mark("The drive with your courses can only be read, so nothing can be downloaded to it."),
        ABSENT: mark("The drive with your courses is not there."),
        OTHER: mark("Another drive or folder is where the one with your courses was."),
        GONE: mark("The folder with your courses was moved or deleted."),
        SILENT: mark("The drive with your courses does not answer."),
    }[state]
    if state == READ_ONLY:
        way_out = mark("Allow writing to it, or choose another folder under Downloads, Storage.")
    elif state == GONE:
        way_out = mark("Put it back, or choose where it is now under Downloads, Storage.")
    else:
        way_out = mark("Connect it and Haversack goes on by itself, or choose another folder under Downloads, Storage.")
    return Problem(f"folder_{state}", text, way_out)


FOLDER_PROBLEMS = frozenset(f"folder_{state}" for state in (READ_ONLY, ABSENT, OTHER, GONE, SILENT))
