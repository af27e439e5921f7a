"""Known failures. Whatever is not a ``Problem`` is a bug: it is logged with its trace and said to be one."""

from __future__ import annotations

import errno
import logging
import traceback

log = logging.getLogger(__name__)

DISK_FULL = "disk_full"
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
SHUT = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO, errno.ENOTDIR, errno.EISDIR, errno.EEXIST})
"""What a disk or folder answers that does not let us write, whoever owns the mistake."""


def mark(text: str) -> str:
    """Mark a text for translation where it is written; it is translated where it is shown (``i18n.tr``)."""
    return text


class Problem(Exception):  # noqa: N818 (it is what people have, not what programmers raise)
    """Something that can happen to anybody, said so that they know what to do.

    Attributes:
        code: stable name for programs and tests; those of the server are in ``protocol.errors``.
        text: what happened, one sentence, marked for translation.
        way_out: what helps, one sentence, marked for translation; may be empty.
        detail: for the log and the diagnostics bundle; never shown first, never private.
    """

    def __init__(self, code: str, text: str, way_out: str = "", *, detail: str = "") -> None:
        super().__init__(f"{code}: {text}" + (f" ({detail})" if detail else ""))
        self.code = code
        self.text = text
        self.way_out = way_out
        self.detail = detail


class NotSignedInError(Problem):
    """Nobody is signed in on this installation."""

    def __init__(self) -> None:
        super().__init__("not_signed_in", mark("You are signed out."), mark("Sign in to go on."))


class UnexpectedError(Problem):
    """A bug, dressed for people. The trace is in the log."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            "bug",
            mark("Something went wrong inside Haversack."),
            mark("Your work is safe. Try again; if it happens again, report a problem from the Help menu."),
            detail=detail,
        )


def disk_full(detail: str) -> Problem:
    """No room for what must be written."""
    return Problem(
        DISK_FULL,
        mark("There is no space left on this computer's disk."),
        mark("Delete or move files that you do not need, then try again. What you did until now is kept."),
        detail=detail,
    )


def started_offline() -> Problem:
    """Whoever started the program asked it to stay away from the network."""
    return Problem("offline", mark("Haversack was started offline."), mark("Start it again without --offline."))


def folder_unusable(detail: str) -> Problem:
    """The data folder does not let us write."""
    return Problem(
        "folder_unusable",
        mark("Haversack cannot write to its data folder."),
        mark("Check that its disk is connected and works, and that the folder is yours. Then try again."),
        detail=detail,
    )


def problem_of_os(error: OSError) -> Problem | None:
    """What a person should be told about a failure of the disk; None for what can only be a bug."""
    if error.errno in FULL:
        return disk_full(str(error))
    if error.errno in SHUT:
        return folder_unusable(str(error))
    return None


def as_problem(error: Exception, doing: str) -> Problem:
    """Sort a failure at the end of a thread's work: known ones are passed on, the rest is logged as a bug."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, OSError) and (found := problem_of_os(error)) is not None:
        return found
    log.error("%s failed: %s", doing, "".join(traceback.format_exception(error)))
    return UnexpectedError(f"{type(error).__name__}: {error}")
