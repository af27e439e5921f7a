"""A cue's text while it is read: marked stretches and moments of words, kept in step while stray blanks go."""

from __future__ import annotations

import re

from protocol.cues.track import Span, WordTime

# What is no blank for the eye, or would begin a new line in the middle of one; a no-break space stays what it is.
_STRAY = "\t\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029"
_BLANKS = re.compile(f"[ {_STRAY}]+")
_UNTIDY = re.compile(rf"[{_STRAY}]|  |\s\n|\n\s|\A\s|\s\Z")


def tidied(text: str) -> str:
    """Lines without blanks around them, none of them empty, with one blank where there were several."""
    if not _UNTIDY.search(text):
        return text
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _places(text: str, tidy: str) -> list[int]:
    """For each character of ``text``, and its end, where it is in ``tidy``; for one that went, what follows."""
    places: list[int] = []
    at = 0
    for letter in text:
        if at < len(tidy) and (tidy[at] == letter or (tidy[at].isspace() and letter.isspace())):
            places.append(at)
            at += 1
        else:
            places.append(at)
    places.append(len(tidy))
    return places


def settled(text: str, spans: list[Span], words: list[WordTime]) -> tuple[str, tuple[Span, ...], tuple[WordTime, ...]]:
    """The tidy text, and where its marks are then. Marks begin and end at letters; those without any are left out."""
    tidy = tidied(text)
    if not spans and not words:
        return tidy, (), ()
    places = _places(text, tidy) if tidy != text else None
    moved: list[Span] = []
    for span in spans:
        start, end = (span.start, span.end) if places is None else (places[span.start], places[span.end])
        while start < end and tidy[start].isspace():
            start += 1
        while start < end and tidy[end - 1].isspace():
            end -= 1
        if start < end:
            moved.append(Span(start, end, *span[2:]))
    timed: list[WordTime] = []
    at = 0
    for offset, at_ms in words:
        at = max(at, offset if places is None else places[offset])
        while at < len(tidy) and tidy[at].isspace():
            at += 1
        # A later word is not said before an earlier one; two moments of one place: the first counts.
        if at < len(tidy) and (not timed or (at > timed[-1].offset and at_ms >= timed[-1].at_ms)):
            timed.append(WordTime(at, at_ms))
    return tidy, tuple(moved), tuple(timed)
