"""What the storage page shows: frozen values, bytes unless said otherwise."""

from __future__ import annotations

import msgspec

VIDEO, SUBTITLES, PICTURES, OTHER = "video", "subtitles", "pictures", "other"


class WeekUse(msgspec.Struct, frozen=True):
    """A week with large files here. ``bytes_removable``: what removing it frees; ``done``: nothing is left to do."""

    number: int
    title: str
    bytes_removable: int
    done: bool


class CourseUse(msgspec.Struct, frozen=True):
    """A course with files here. ``bytes_own``: of files that no other course has; ``bytes_shared``: of those that
    another one has too; ``bytes_removable``: what removing it frees, its lectures and large files."""

    course_id: str
    title: str
    bytes_own: int
    bytes_shared: int
    bytes_removable: int
    weeks: tuple[WeekUse, ...] = ()


class StorageView(msgspec.Struct, frozen=True):
    """What the learner's courses take on this computer, each file counted once.

    Attributes:
        courses: largest first.
        kinds: bytes of video, subtitles, pictures and the rest, in this order.
        bytes_used: all of it; ``bytes_shared`` of it several courses have; ``bytes_catalog`` no course (pictures of the
            catalog, logos).
        bytes_others: of files that are here for other learners of this computer alone; None when that is not known.
        bytes_finished: what removing the weeks that are all done frees.
        bytes_removable: what removing all courses frees.
        bytes_free: room for downloads, with ``floor`` left free; None while the drive is not there.
    """

    courses: tuple[CourseUse, ...]
    kinds: tuple[tuple[str, int], ...]
    bytes_used: int
    bytes_shared: int
    bytes_catalog: int
    bytes_others: int | None
    bytes_finished: int
    bytes_removable: int
    bytes_free: int | None
    floor: int


class MovePlan(msgspec.Struct, frozen=True):
    """What choosing another folder would do, said before it is done.

    Attributes:
        folder: where the files would lie: what was chosen, or a folder of ours in it; empty for the usual one.
        marker_id: of that folder if it is one of courses already.
        mount: where its drive is mounted; empty on the drive of the data folder.
        bytes_total: of what must be carried; ``bytes_free`` there, with the floor left.
        adopts: it has files of courses already, which are taken over.
        carries: False where the folder that is in force is not there: nothing can be brought along.
    """

    folder: str
    marker_id: str
    mount: str
    bytes_total: int
    bytes_free: int
    adopts: bool
    carries: bool


class MoveView(msgspec.Struct, frozen=True):
    """How far the files are on their way to ``to``. ``state``: copying, waiting (a drive is not there), paused, failed.

    ``damaged``: files that were not what they should be, are left behind and come again from the server."""

    state: str
    to: str
    bytes_done: int = 0
    bytes_total: int = 0
    files_done: int = 0
    files_total: int = 0
    speed: float = 0.0
    seconds_left: float | None = None
    damaged: int = 0
    text: str = ""
    way_out: str = ""


class FolderView(msgspec.Struct, frozen=True):
    """Where the files of courses lie. ``state`` as in ``content_folder``; ``usual``: nobody chose another one."""

    path: str = ""
    usual: bool = True
    state: str = "here"
    move: MoveView | None = None
