"""Places in a text as Qt counts them: letters beyond the first plane (😀, 𝕏, rare ideographs) are two units there."""

from __future__ import annotations

from bisect import bisect_left


class Units:
    """Turns places of a Python text into places of the same text in a Qt document or layout."""

    def __init__(self, text: str) -> None:
        astral = not text.isascii() and max(text) > "\uffff"
        self._astral = [place for place, letter in enumerate(text) if letter > "\uffff"] if astral else []

    def at(self, place: int) -> int:
        """How many units lie before a place."""
        return place + bisect_left(self._astral, place)
