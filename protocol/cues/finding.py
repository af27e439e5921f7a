"""Finding in transcripts while somebody types: every place of a query, also where it goes on in the next cue."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from protocol.folding import Folded, folded


class Range(NamedTuple):
    """Characters ``start`` to before ``end`` of the text of a cue."""

    cue: int
    start: int
    end: int


class Finder:
    """Finds in the texts of one track. Building it folds them once; may be done in any thread, then only read."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._folded = Folded("\n".join(texts))
        # Where each cue begins in the joined text; one more than cues, so that every end has a begin behind it.
        self._begins = array("q", accumulate((len(text) + 1 for text in texts), initial=0))
        self._cues = len(texts)

    def find(self, query: str) -> Hits:
        """Every place of ``query`` by the rules of ``protocol.folding``; none for one without a letter."""
        needle = folded(query)
        return Hits(self, self._folded.find(needle), len(needle))

    def _cue_of(self, place: int) -> int:
        return bisect_right(self._begins, place) - 1

    def _ranges(self, start: int, length: int) -> Iterator[Range]:
        first, end = self._folded.original(start, start + length)
        for cue in range(self._cue_of(first), self._cue_of(end - 1) + 1):
            begin, after = self._begins[cue], self._begins[cue + 1] - 1
            if max(first, begin) < min(end, after):
                yield Range(cue, max(first, begin) - begin, min(end, after) - begin)

    def _folded_begin(self, cue: int, starts: array[int], length: int) -> int:
        """The number of the first hit that ends in ``cue`` or after it."""
        begin = self._begins[min(cue, self._cues)]
        return bisect_left(starts, begin + 1, key=lambda start: self._folded.original(start, start + length)[1])


class Hits(Sequence[tuple[Range, ...]]):
    """The places of one query in their order; each is the range in a cue, or those in the cues that it spans."""

    def __init__(self, finder: Finder, starts: array[int], length: int) -> None:
        self._finder, self._starts, self._length = finder, starts, length

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, number: int) -> tuple[Range, ...]:  # type: ignore[override]  # no slices
        return tuple(self._finder._ranges(self._starts[number], self._length))

    def first_from(self, cue: int) -> int:
        """The number of the first hit in ``cue`` or after it; the first of all if there is none; -1 without hits."""
        if not self._starts:
            return -1
        number = self._finder._folded_begin(cue, self._starts, self._length)
        return number if number < len(self._starts) else 0

    def within(self, first: int, last: int) -> Iterator[tuple[int, Range]]:
        """Number and range of what is hit in the cues ``first`` to ``last``: what to light of the lines in sight."""
        if not self._starts:
            return
        for number in range(self._finder._folded_begin(first, self._starts, self._length), len(self._starts)):
            for found in self[number]:
                if found.cue > last:
                    return
                if found.cue >= first:
                    yield number, found


def find_in_all(finders: Mapping[str, Finder], query: str) -> dict[str, Hits]:
    """The hits of a query in several tracks, by the names of those that have any."""
    found = {name: finder.find(query) for name, finder in finders.items()}
    return {name: hits for name, hits in found.items() if hits}
