"""Moving the files of courses to another folder, so that a kill at any instant leaves one whole folder in force.

``content.json`` names the folder in force, and nothing else decides. When all files are in the other one (see
``folder_copy``) it comes into force in one atomic write, and only then the old files go.
"""

from __future__ import annotations

import contextlib
import logging
import os
import time
from collections.abc import Callable
from pathlib import Path

from desktop.errors import Problem, mark, problem_of_os
from desktop.models.blobs import PART
from desktop.models.content_folder import (
    GONE,
    HERE,
    MARKER,
    READ_ONLY,
    READABLE,
    ContentFolder,
    Place,
    Spot,
    read_marker,
    state_of,
    write_marker,
)
from desktop.models.folder_choice import files_of, target_unusable
from desktop.models.session_file import forget_unfinished
from desktop.models.storage_views import MoveView
from desktop.sync.folder_copy import COMING, SOURCE, TARGET, AwayError, Carrier, LeftError, problem_of_target
from desktop.sync.packs import ARRIVING
from desktop.sync.speed import Meter

log = logging.getLogger(__name__)

TOLD_EVERY_S = 0.2
COPYING, WAITING, PAUSED, FAILED = "copying", "waiting", "paused", "failed"


class FolderMove:
    """Works off what ``ContentFolder.place`` says, in one thread: ``step`` does what can be done now.

    ``view`` may be read from any thread.
    """

    def __init__(
        self,
        content: ContentFolder,
        floor: Callable[[], int],
        moved: Callable[[set[str], bool], None],
        tell: Callable[[], None] = lambda: None,
    ) -> None:
        """``floor``: bytes to leave free; ``moved``: called when another folder has come into force, with the hashes of
        files that were damaged, and whether it had files before; ``tell``: ``view`` has something new."""
        self._content = content
        self._floor = floor
        self._moved = moved
        self._tell = tell
        self._told_at = 0.0
        self._meter = Meter(0.0)
        self._view: MoveView | None = None
        self._failed: tuple[Spot, int] | None = None
        self._carrier: Carrier | None = None

    def view(self) -> MoveView | None:
        """How far it is; None while nothing is to be moved."""
        place, view = self._content.place, self._view
        if place.target is None:
            return None
        if view is not None and view.to == place.target.folder:
            return view
        return MoveView(PAUSED if place.paused else COPYING, place.target.folder)

    def step(self, stopping: Callable[[], bool]) -> None:
        """Do what is to be done now, and can be. Raises ``OSError`` if the data folder cannot be written."""
        place = self._content.place
        if place.target is None:
            self._view = self._carrier = None
        elif place.paused:
            self._say(PAUSED, place.target)
        elif self._failed != (place.target, place.tries):
            self._move(place.target, place.tries, stopping)
        for spot in self._content.place.leaving:
            if not stopping():
                self._clear(spot)
        for spot in self._content.place.emptied:
            self._drop(spot)

    # --- the move ------------------------------------------------------------------------------------------------

    def _move(self, spot: Spot, tries: int, stopping: Callable[[], bool]) -> None:
        def left() -> bool:
            place = self._content.place
            return stopping() or place.paused or place.target != spot

        self._content.set_moving(True)
        try:
            trusted = self._prepare(spot)
            carrier = self._carrier = Carrier(
                self._content,
                spot,
                trusted=trusted,
                floor=self._floor(),
                left=left,
                came=lambda size: self._count(spot, size),
            )
            self._meter = Meter(time.monotonic())
            carrier.carry()
            with self._content.alone(left) as alone:
                if not alone:
                    raise LeftError
                carrier.carry()  # what came while the last of it was carried
                self._switch(carrier, spot, trusted=trusted)
        except LeftError:
            if self._content.place == self._content.place._replace(target=spot, paused=True):
                self._say(PAUSED, spot)
        except AwayError as error:
            self._say(WAITING, spot, _away(error.whose))
        except Problem as problem:
            self._fail(spot, tries, problem)
        except OSError as error:  # of the data folder itself
            self._fail(spot, tries, problem_of_os(error) or target_unusable(str(error)))
        finally:
            self._content.set_moving(False)

    def _fail(self, spot: Spot, tries: int, problem: Problem) -> None:
        log.warning("the folder of courses cannot be moved: %s", problem)
        self._failed = (spot, tries)
        self._say(FAILED, spot, problem)

    def _prepare(self, spot: Spot) -> bool:
        """Have a folder with its marker there. Returns whether everything in it is of this move.

        Raises:
            AwayError, Problem: it cannot be had now, or at all.
        """
        root, content = Path(spot.folder), self._content
        if content.look() not in READABLE:
            raise AwayError(SOURCE)
        try:
            if spot.mount and not os.path.ismount(spot.mount):
                raise AwayError(TARGET)
            if content.place.fresh is None:  # decided once, before anything is written there
                fresh = read_marker(root) in (None, spot.id) and next(files_of(root), None) is None
                content.change(lambda place: place._replace(fresh=fresh) if place.target == spot else place)
            if not content.place.prepared:  # later a folder without a marker is another one
                root.mkdir(parents=not spot.id, exist_ok=True)
                if spot.id and read_marker(root) != spot.id:
                    # Also of one that has a marker: another computer that used it must notice.
                    write_marker(root, spot.id)
                content.change(lambda place: place._replace(prepared=True) if place.target == spot else place)
            found = state_of(spot)
        except OSError as error:
            raise problem_of_target(error, spot) from error
        if found == READ_ONLY:
            raise target_unusable("read only")
        if found != HERE:
            raise AwayError(TARGET)
        return bool(content.place.fresh)

    def _switch(self, carrier: Carrier, spot: Spot, *, trusted: bool) -> None:
        """All are there: the other folder comes into force, and the old one is left."""
        carrier.sync_names()
        if state_of(spot) != HERE:
            raise AwayError(TARGET)
        old = self._content.place.now or Spot(str(self._content.usual))

        def switched(place: Place) -> Place:
            if place.target != spot or place.paused:
                return place
            rest = place.without(old.folder)
            return Place(now=spot if spot.id else None, leaving=(*rest.leaving, old), emptied=rest.emptied)

        if self._content.change(switched, known=HERE).target is not None:
            raise LeftError
        self._view = self._carrier = None
        log.info("courses lie in another folder now; %d files were damaged", len(carrier.damaged))
        self._moved(carrier.damaged, not trusted)

    # --- afterwards ----------------------------------------------------------------------------------------------

    def _clear(self, spot: Spot) -> None:
        """Remove our files from a folder that is not in force any more. A drive that is not there waits for it."""
        place = self._content.place
        if spot.folder not in (str(self._content.path), place.target.folder if place.target else ""):
            found = state_of(spot)
            if found not in (HERE, GONE) or self._content.look() not in READABLE:
                return
            if found == HERE and not _remove_ours(Path(spot.folder)):
                return
        # In two steps: a folder whose marker is gone could not be told from one of somebody else.
        self._content.change(
            lambda now: now.without(spot.folder)._replace(emptied=(*now.emptied, spot)) if spot in now.leaving else now
        )

    def _drop(self, spot: Spot) -> None:
        """Remove a folder that has nothing of ours any more but its marker."""
        place = self._content.place
        used = (str(self._content.path), place.target.folder if place.target else "")
        if spot.folder not in used:
            _remove_root(Path(spot.folder), spot)
        self._content.change(lambda now: now._replace(emptied=tuple(left for left in now.emptied if left != spot)))

    # --- saying --------------------------------------------------------------------------------------------------

    def _count(self, spot: Spot, size: int) -> None:
        now = time.monotonic()
        self._meter.add(now, size)
        if now - self._told_at >= TOLD_EVERY_S:
            self._say(COPYING, spot)

    def _say(self, state: str, spot: Spot, problem: Problem | None = None) -> None:
        now = self._told_at = time.monotonic()
        carrier = self._carrier
        done, total = (carrier.bytes_done, carrier.bytes_total) if carrier else (0, 0)
        copying = state == COPYING
        view = MoveView(
            state=state,
            to=spot.folder,
            bytes_done=min(done, total),
            bytes_total=total,
            files_done=carrier.files_done if carrier else 0,
            files_total=carrier.files_total if carrier else 0,
            speed=self._meter.speed(now) if copying else 0.0,
            seconds_left=self._meter.seconds_left(now, max(0, total - done)) if copying else None,
            damaged=len(carrier.damaged) if carrier else 0,
            text=problem.text if problem else "",
            way_out=problem.way_out if problem else "",
        )
        if view != self._view:
            self._view = view
            self._tell()


def _away(whose: str) -> Problem:
    text = {
        TARGET: mark("The drive that your courses are being moved to is not there."),
        SOURCE: mark("The drive with your courses is not there."),
    }[whose]
    return Problem(f"folder_{whose}_away", text, mark("Connect it, and the move goes on by itself."))


def _remove_ours(root: Path) -> bool:
    """Files of courses, copies that were begun, folders that are empty then; nothing of anybody else's.

    False if something could not be removed, as an open file on Windows: later again."""
    good = True
    for folder in [path for path in _inside(root, files=False) if len(path.name) == 2 or path.name == ARRIVING]:
        for path in _inside(folder, files=True):
            name = path.name.removesuffix(COMING).removesuffix(PART)
            if len(name) == 64 and set(name) <= set("0123456789abcdef"):
                try:
                    path.unlink(missing_ok=True)
                except OSError as error:
                    log.info("a file could not be removed yet: %s", error)
                    good = False
        with contextlib.suppress(OSError):
            folder.rmdir()
    return good


def _remove_root(root: Path, spot: Spot) -> None:
    with contextlib.suppress(OSError):
        if spot.id and read_marker(root) in (None, spot.id):
            forget_unfinished(root / MARKER)
            (root / MARKER).unlink(missing_ok=True)
        root.rmdir()  # if it is empty


def _inside(root: Path, *, files: bool) -> list[Path]:
    try:
        return [path for path in root.iterdir() if path.is_dir() != files]
    except OSError:
        return []
