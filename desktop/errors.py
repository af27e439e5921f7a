"""Known failures. Whatever is not a ``Problem`` is a bug: it is logged with its trace and said to be one."""

from __future__ import annotations


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
