"""What can go wrong with a medium or with the player itself, said so that the learner knows what to do."""

from __future__ import annotations

from desktop.errors import Problem, mark

MISSING = "media_missing"
FORBIDDEN = "media_forbidden"
BROKEN = "media_broken"
CUT_SHORT = "media_cut_short"
STALLED = "media_stalled"
UNREACHABLE = "media_unreachable"
NO_PLAYER = "player_missing"
NO_PLUGINS = "player_plugins_missing"


class MediaProblem(Problem):
    """A medium cannot be played, or not to its end. The player itself goes on and takes the next one."""


class LibraryMissing(MediaProblem):
    """libVLC, or its plugins, cannot be loaded.

    Attributes:
        install_line: the one line that installs what is missing on this system; empty where it is not known.
    """

    def __init__(self, code: str, text: str, way_out: str, *, install_line: str, detail: str = "") -> None:
        super().__init__(code, text, way_out, detail=detail)
        self.install_line = install_line


def missing(name: str) -> MediaProblem:
    """The file is not there (any more)."""
    return MediaProblem(
        MISSING,
        mark("The file of this lecture is not on this computer."),
        mark("Download the lecture again; your place and your notes are kept."),
        detail=name,
    )


def forbidden(name: str) -> MediaProblem:
    """The file is there, but this person may not read it."""
    return MediaProblem(
        FORBIDDEN,
        mark("The file of this lecture may not be read by you on this computer."),
        mark("Ask for the right to read Haversack's folder, then try again."),
        detail=name,
    )


def broken(name: str, detail: str = "") -> MediaProblem:
    """What is in the file is no video and no sound, or its index is missing."""
    return MediaProblem(
        BROKEN,
        mark("The file of this lecture is damaged and cannot be played."),
        mark("Remove the download and load it again."),
        detail=f"{name} {detail}".strip(),
    )


def cut_short(name: str, at_ms: int, duration_ms: int) -> MediaProblem:
    """The medium ended well before the end it announces."""
    return MediaProblem(
        CUT_SHORT,
        mark("The file of this lecture is incomplete: it stops before the end."),
        mark("Load the download again to see the rest; your place is kept."),
        detail=f"{name} ended at {at_ms} of {duration_ms} ms",
    )


def stalled(name: str) -> MediaProblem:
    """Nothing came out of the medium for a long time."""
    return MediaProblem(
        STALLED,
        mark("This lecture does not start."),
        mark("Try again, or load the download again if it stays so."),
        detail=name,
    )


def unreachable(address: str) -> MediaProblem:
    """Nothing that can be played comes from an address. The address itself may be signed: it is not kept."""
    return MediaProblem(
        UNREACHABLE,
        mark("This lecture cannot be played over the network right now."),
        mark("Try again when the connection is better, or download the lecture first."),
        detail=address.partition("?")[0],
    )
