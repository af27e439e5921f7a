"""The text of a WebVTT cue, by the parsing rules of the W3C: https://www.w3.org/TR/webvtt1/#cue-text-parsing-rules

The tree of the standard is kept flat: plain text, and spans over it, outer ones first. What stands above the letters
(ruby text) is no part of the text, as in the standard's rules for titles of chapters; it is the value of its span.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from protocol.cues.payload import settled, tidied
from protocol.cues.references import without_references
from protocol.cues.track import Span, WordTime
from protocol.cues.webvtt_settings import timestamp

_TAG = re.compile(r"<([^>]*)>?")
_START = re.compile(r"([^ \t\n\f.]*)((?:\.[^ \t\n\f.]*)*)(?:[ \t\n\f](.*))?", re.DOTALL)
_ASCII_BLANKS = re.compile(r"[ \t\n\f\r]+")
_KINDS = frozenset({"c", "i", "b", "u", "ruby", "v", "lang"})
DEEPEST = 64
"""Tags inside tags beyond this are ignored: nobody means them, and they would cost without end."""


class _Open(NamedTuple):
    kind: str
    value: str
    classes: tuple[str, ...]
    start: int
    place: int
    """Where its span goes, so that outer ones come first."""


def read_payload(payload: str) -> tuple[str, tuple[Span, ...], tuple[WordTime, ...]]:
    """Tidy text, marked stretches, and moments of words as the file has them."""
    if "<" not in payload:
        return tidied(without_references(payload)), (), ()
    return _Reading().read(payload)


class _Reading:
    """The state while one cue's text is read."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._open: list[_Open] = []
        self._spans: list[Span | None] = []
        self._words: list[WordTime] = []
        self._ruby_start = 0
        """Where the letters begin that the next ruby text stands above."""
        self._ruby_place = 0
        """Where the span of those letters goes."""
        self._ruby_text: list[str] | None = None
        """What was read of the text above them; None while none is read."""

    def read(self, payload: str) -> tuple[str, tuple[Span, ...], tuple[WordTime, ...]]:
        """The whole of it."""
        at = 0
        for match in _TAG.finditer(payload):
            self._text(payload[at : match.start()])
            self._tag(match[1])
            at = match.end()
        self._text(payload[at:])
        while self._open:
            self._close()
        spans = [span for span in self._spans if span is not None]
        return settled("".join(self._parts), spans, self._words)

    def _text(self, text: str) -> None:
        if not text:
            return
        text = without_references(text)
        if self._ruby_text is not None:
            self._ruby_text.append(text)
        else:
            self._parts.append(text)
            self._length += len(text)

    def _tag(self, tag: str) -> None:
        if tag.startswith("/"):
            self._end(tag[1:])
        elif tag[:1].isascii() and tag[:1].isdigit():
            at_ms = timestamp(tag)
            if at_ms is not None and self._ruby_text is None:
                self._words.append(WordTime(self._length, at_ms))
        elif match := _START.fullmatch(tag):
            self._start(*match.groups())

    def _start(self, kind: str, classes: str, annotation: str | None) -> None:
        if len(self._open) >= DEEPEST:
            return
        if kind == "rt":
            if not self._open or self._open[-1].kind != "ruby" or self._ruby_text is not None:
                return
            self._ruby_text = []
        elif kind not in _KINDS:
            return
        value = ""
        if annotation is not None and kind in ("v", "lang"):
            value = _ASCII_BLANKS.sub(" ", without_references(annotation)).strip(" ")
        if kind == "ruby" and self._ruby_text is None:
            self._ruby_start, self._ruby_place = self._length, len(self._spans)
        named = tuple(name for name in classes.split(".") if name)
        self._open.append(_Open(kind, value, named, self._length, len(self._spans)))
        self._spans.append(None)

    def _end(self, kind: str) -> None:
        if not self._open:
            return
        current = self._open[-1].kind
        if kind == current:
            self._close()
        elif kind == "ruby" and current == "rt":
            self._close()
            self._close()

    def _close(self) -> None:
        closed = self._open.pop()
        if closed.kind == "rt":
            above = tidied("".join(self._ruby_text or ())).replace("\n", " ")
            self._ruby_text = None
            ruby = self._open[-1]
            if above and self._length > self._ruby_start:
                # One ruby may have several pairs; each is a span of its own.
                self._spans[self._ruby_place] = Span(self._ruby_start, self._length, "ruby", above, ruby.classes)
            self._ruby_start, self._ruby_place = self._length, len(self._spans)
            self._spans.append(None)
        elif self._ruby_text is None and closed.kind != "ruby" and (closed.kind != "c" or closed.classes):
            self._spans[closed.place] = Span(closed.start, self._length, closed.kind, closed.value, closed.classes)
