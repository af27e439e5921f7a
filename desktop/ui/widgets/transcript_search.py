"""Find within a transcript: hits in order, and which of them is shown. Knows no widget."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING

from desktop.ui.widgets.rich_text_view import folded
from desktop.ui.widgets.transcript_lines import LineHit

if TYPE_CHECKING:
    from desktop.player.transcript import Cue


class TranscriptSearch:
    """Folds every line once; then a search is a plain one.

    Attributes:
        hits: of the last ``find``, in order.
        at: the number of the hit that is shown; -1 for none.
    """

    def __init__(self) -> None:
        self.hits: tuple[LineHit, ...] = ()
        self.at = -1
        self._cues: tuple[Cue, ...] = ()
        self._lines: list[tuple[str, list[int] | None]] | None = None

    def set_cues(self, cues: Sequence[Cue]) -> None:
        """Search these from now on."""
        self._cues, self._lines = tuple(cues), None
        self.hits, self.at = (), -1

    def _folded_lines(self) -> list[tuple[str, list[int] | None]]:
        if self._lines is None:
            # Plain English keeps its places: no need for a map of them, and ten times faster.
            self._lines = [(cue.text.lower(), None) if cue.text.isascii() else folded(cue.text) for cue in self._cues]
        return self._lines

    def find(self, text: str) -> tuple[LineHit, ...]:
        """Every place where ``text`` is; case and accents do not matter."""
        needle = " ".join(folded(text)[0].split())
        found: list[LineHit] = []
        if needle:
            for number, (line, places) in enumerate(self._folded_lines()):
                at = line.find(needle)
                while at >= 0:
                    last = at + len(needle) - 1
                    start, end = (at, last + 1) if places is None else (places[at], places[last] + 1)
                    found.append(LineHit(number, start, end))
                    at = line.find(needle, at + len(needle))
        self.hits = tuple(found)
        self.at = -1
        return self.hits

    def first_from(self, cue: int) -> int:
        """The number of the first hit in ``cue`` or after it; the first of all if there is none; -1 without hits."""
        if not self.hits:
            return -1
        number = bisect_left([hit.cue for hit in self.hits], cue)
        return number if number < len(self.hits) else 0

    def step(self, step: int) -> int:
        """The next hit (1) or the one before (-1), round and round; -1 without hits."""
        if not self.hits:
            return -1
        self.at = (self.at + step) % len(self.hits)
        return self.at
