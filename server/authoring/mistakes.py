"""Mistakes of authors: all of them at once, each with its place and what to do."""

from __future__ import annotations

import codecs
import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

TEXT_BYTES = 2_000_000
"""Of a text, a quiz or a file of cues: a long novel has less."""


@dataclass(frozen=True, order=True)
class Mistake:
    """``file`` is relative to the program's folder; ``line`` counts from 1."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


class MistakesError(Exception):
    """Nothing was imported. ``mistakes`` are sorted by place."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(set(mistakes)))
        super().__init__("\n".join(map(str, self.mistakes)))


@dataclass
class Report:
    """Collects mistakes and warnings of one program folder."""

    root: Path
    mistakes: list[Mistake] = field(default_factory=list)
    warnings: list[Mistake] = field(default_factory=list)

    def name(self, path: Path) -> str:
        """How a file is called in messages: relative to the program's folder, with slashes."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.as_posix()

    def mistake(self, path: Path, line: int, text: str) -> None:
        """Something that must be mended."""
        self.mistakes.append(Mistake(self.name(path), line, text))

    def warning(self, path: Path, line: int, text: str) -> None:
        """Something that works, but not well."""
        self.warnings.append(Mistake(self.name(path), line, text))

    def raise_if_any(self) -> None:
        """Stop here when there is a mistake.

        Raises:
            MistakesError: with all of them.
        """
        if self.mistakes:
            raise MistakesError(self.mistakes)


def nearest(word: str, known: Iterable[str]) -> str:
    """“ Did you mean …?”, or nothing."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f" Did you mean “{close[0]}”?" if close else ""


def read_text(path: Path, report: Report, at_most: int = TEXT_BYTES) -> str | None:
    """A UTF-8 file without its byte order mark, its lines ended by a line feed; None after a mistake."""
    data = read_bytes(path, report, at_most)
    if data is None:
        return None
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        report.mistake(path, 1, "this is UTF-16; save the file as UTF-8")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        report.mistake(path, _line(data[: error.start]), "this is not UTF-8; save the file as UTF-8")
        return None
    if (at := data.find(b"\0")) >= 0:
        report.mistake(path, _line(data[:at]), "there is a NUL character here; is this a text, saved as UTF-8?")
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_bytes(path: Path, report: Report, at_most: int) -> bytes | None:
    """A file that must not be large; None after a mistake."""
    try:
        with path.open("rb") as file:
            data = file.read(at_most + 1)
    except OSError as error:
        report.mistake(path, 1, f"this file can't be read ({error.strerror})")
        return None
    if len(data) > at_most:
        report.mistake(path, 1, f"this file has more than {at_most / 1e6:g} MB; make it smaller")
        return None
    return data


def _line(before: bytes) -> int:
    return before.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
