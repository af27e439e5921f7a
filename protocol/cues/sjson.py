"""The transcripts of Open edX: a JSON object of three lists, ``start`` and ``end`` in milliseconds and ``text``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import msgspec

from protocol.cues.payload import tidied
from protocol.cues.references import without_closed_references
from protocol.cues.track import LATEST_MS, RawCue


class _Sjson(msgspec.Struct):
    start: list[Any]
    end: list[Any]
    text: list[Any]


def _moment(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return min(max(0, round(value)), LATEST_MS)


def read_sjson(text: str) -> Iterator[RawCue]:
    """The cues of a text; none if it is no such object. Entries that make no sense are left out."""
    try:
        found = msgspec.json.decode(text, type=_Sjson)
    except (msgspec.MsgspecError, RecursionError, UnicodeEncodeError):
        return
    for start, end, said in zip(found.start, found.end, found.text, strict=False):
        start_ms, end_ms = _moment(start), _moment(end)
        if start_ms is not None and isinstance(said, str):
            plain = said.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
            yield RawCue(start_ms, end_ms or 0, tidied(without_closed_references(plain)))
