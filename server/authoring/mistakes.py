"""Mistakes of authors: all of them at once, each with its place and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path


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


def read_text(path: Path, report: Report) -> str | None:
    """A UTF-8 file without its byte order mark; None after a mistake."""
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        report.mistake(path, line, "this is not UTF-8; save the file as UTF-8")
        return None
