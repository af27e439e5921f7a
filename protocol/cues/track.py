"""A track: the cues of one file, in the order in which they are said. Immutable, and small for very long ones."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple, overload

DEFAULT_CUE_MS = 4_000
"""How long a cue stays that has no end after its start, if no other begins before."""
LATEST_MS = 2**53
"""No moment is later; a file may say anything."""


class Span(NamedTuple):
    """A stretch of a cue's text that is marked: characters ``start`` to before ``end``, neither of them a blank.

    ``kind`` is ``b``, ``i``, ``u``, ``c`` (only classes), ``v`` (``value``: who speaks), ``lang`` (``value``: the
    language) or ``ruby`` (``value``: what stands above the text). Outer spans come before inner ones.
    """

    start: int
    end: int
    kind: str
    value: str = ""
    classes: tuple[str, ...] = ()


class WordTime(NamedTuple):
    """From ``at_ms`` on, the text of the cue from character ``offset`` on is said."""

    offset: int
    at_ms: int


class Placement(NamedTuple):
    """Where a cue wants to be on the picture; names, units and defaults are those of WebVTT's cue settings.

    ``line`` counts lines if ``snap``, else it is a percentage of the height; None is *auto*, as for ``position``.
    """

    line: float | None = None
    snap: bool = True
    line_align: str = "start"
    position: float | None = None
    position_align: str = "auto"
    size: float = 100.0
    align: str = "center"
    vertical: str = ""
    region: str = ""


class Region(NamedTuple):
    """A part of the picture that cues can share; percentages of the picture, ``lines`` in lines of text."""

    id: str = ""
    width: float = 100.0
    lines: int = 3
    anchor: tuple[float, float] = (0.0, 100.0)
    viewport_anchor: tuple[float, float] = (0.0, 100.0)
    scrolls_up: bool = False


DEFAULT_PLACEMENT = Placement()


@dataclass(frozen=True, slots=True)
class Cue:
    """What is said from ``start_ms`` until before ``end_ms``. ``text`` may have several lines, never an empty one."""

    start_ms: int
    end_ms: int
    text: str
    speaker: str = ""


class RawCue(NamedTuple):
    """A cue as a reader found it; its end may be before its start, and its text may be empty."""

    start_ms: int
    end_ms: int
    text: str
    spans: tuple[Span, ...] = ()
    words: tuple[WordTime, ...] = ()
    placement: Placement = DEFAULT_PLACEMENT
    id: str = ""


@dataclass(frozen=True, slots=True)
class Track(Sequence[Cue]):
    """Cues by number, sorted by their start; of those that start together the longest is first.

    Moments are read-only arrays of 64-bit integers, ``texts`` plain strings; what few cues have is kept by number:
    ``spans``, ``words``, ``placements`` and ``ids``. Every end is after its start.
    """

    starts_ms: memoryview
    ends_ms: memoryview
    texts: tuple[str, ...]
    spans: Mapping[int, tuple[Span, ...]] = field(default_factory=lambda: MappingProxyType({}))
    words: Mapping[int, tuple[WordTime, ...]] = field(default_factory=lambda: MappingProxyType({}))
    placements: Mapping[int, Placement] = field(default_factory=lambda: MappingProxyType({}))
    ids: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    regions: Mapping[str, Region] = field(default_factory=lambda: MappingProxyType({}))

    def __len__(self) -> int:
        return len(self.texts)

    @overload
    def __getitem__(self, number: int) -> Cue: ...

    @overload
    def __getitem__(self, number: slice) -> Sequence[Cue]: ...

    def __getitem__(self, number: int | slice) -> Cue | Sequence[Cue]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self.texts)))]
        text = self.texts[number]  # raises IndexError, as a sequence must
        number %= len(self.texts)
        return Cue(self.starts_ms[number], self.ends_ms[number], text, self.speaker(number))

    def __iter__(self) -> Iterator[Cue]:
        return (self[number] for number in range(len(self.texts)))

    def speaker(self, number: int) -> str:
        """Who begins to speak in a cue, if the file says so."""
        return next((span.value for span in self.spans.get(number, ()) if span.kind == "v"), "")

    def placement(self, number: int) -> Placement:
        """Where a cue wants to be."""
        return self.placements.get(number, DEFAULT_PLACEMENT)

    @property
    def end_ms(self) -> int:
        """When the last word was said; 0 for no cue."""
        return max(self.ends_ms, default=0)


def _moments(values: Iterable[int]) -> memoryview:
    return memoryview(array("q", values)).toreadonly()


def _repaired(cues: list[RawCue]) -> None:
    """Put an end after its start wherever there is none: when the next cue begins, but before long.

    ``cues`` are sorted by their start.
    """
    following = LATEST_MS + DEFAULT_CUE_MS
    for number in range(len(cues) - 1, -1, -1):
        cue = cues[number]
        if number + 1 < len(cues) and cues[number + 1].start_ms > cue.start_ms:
            following = cues[number + 1].start_ms
        if cue.end_ms <= cue.start_ms:
            cues[number] = cue._replace(end_ms=min(following, cue.start_ms + DEFAULT_CUE_MS))


def make_track(cues: Iterable[RawCue], regions: Mapping[str, Region] | None = None) -> Track:
    """The track of what a reader found, in any order. Cues without text are left out, ends are repaired."""
    kept = [cue for cue in cues if cue.text]
    if any(cue.start_ms > after.start_ms for cue, after in pairwise(kept)):
        kept.sort(key=lambda cue: cue.start_ms)
    if any(cue.end_ms <= cue.start_ms for cue in kept):
        _repaired(kept)
    if any(cue.start_ms == after.start_ms for cue, after in pairwise(kept)):
        kept.sort(key=lambda cue: (cue.start_ms, -cue.end_ms))  # the order of WebVTT; equal ones stay as they were
    return Track(
        _moments(cue.start_ms for cue in kept),
        _moments(cue.end_ms for cue in kept),
        tuple(cue.text for cue in kept),
        MappingProxyType({number: cue.spans for number, cue in enumerate(kept) if cue.spans}),
        MappingProxyType({number: cue.words for number, cue in enumerate(kept) if cue.words}),
        MappingProxyType(
            {number: cue.placement for number, cue in enumerate(kept) if cue.placement is not DEFAULT_PLACEMENT}
        ),
        MappingProxyType({number: cue.id for number, cue in enumerate(kept) if cue.id}),
        MappingProxyType(dict(regions or {})),
    )
