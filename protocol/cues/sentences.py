"""Where sentences end in what was said, in any script; the letters around decide, no list of languages."""

from __future__ import annotations

import re

_CLOSING = "\"'”’»)\\]」』）】"
_END = re.compile(rf"[.!?…։][{_CLOSING}]*(?=\s|\Z)|[。！？｡؟۔।॥။።][{_CLOSING}]*")
_LAST_WORD = re.compile(r"[^\s(\[\"'“‘«]*\Z")
_SHORTENED = """mr mrs ms dr prof st vs fig figs eq eqs no nos approx resp cf ca bzw usw bspw z.b d.h u.a e.g i.e p.ex
    ej sr sra m mme т.е т.д т.к рис"""
_ABBREVIATIONS = frozenset(_SHORTENED.split())
_LOOKED_BACK = 24
"""A longer word is no abbreviation."""
_SPACELESS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef]"
)


def joint(before: str, after: str) -> str:
    """What to put between two lines that follow one another: a blank, or nothing in a script without blanks."""
    if not before or not after:
        return ""
    return "" if _SPACELESS.match(before[-1]) and _SPACELESS.match(after[0]) else " "


def _only_a_point(text: str, place: int, end: int) -> bool:
    """Whether the point at ``place`` belongs to an abbreviation, a number or an initial."""
    if text[place] not in ".…":
        return False
    rest = text[end : end + 2].lstrip()
    if rest[:1].islower():
        return True
    if text[place] == "…":
        return False
    match = _LAST_WORD.search(text, max(0, place - _LOOKED_BACK), place)
    word = match[0].lower() if match else ""
    return word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha() and bool(rest))


def sentence_ends(text: str) -> list[int]:
    """The places behind the last letter of each sentence; what follows the last of them is not finished."""
    return [match.end() for match in _END.finditer(text) if not _only_a_point(text, match.start(), match.end())]
