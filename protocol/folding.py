"""Text without what a searcher does not mean: case, accents, kinds of blanks, quotes and dashes.

The rules, in their order, for each letter with the marks upon it:

1. Compatibility decomposition (NFKD): full width, ligatures, superscripts, circled digits become the plain ones.
2. Marks above and below letters go (é, ơ, Hebrew and Arabic vowels). Those that make another letter stay: the marks of
   kana (か is not が), of Indic scripts and of Thai. Soft hyphens, joiners and marks of direction go, too.
3. Full case folding (ß is ss, final ς is σ), İ and ı are i.
4. Letters with a stroke, typographic quotes and dashes, Persian and Arabic variants of one letter, and digits of every
   script become the one that is on everybody's keyboard (``SAME``).
5. What remains is composed (NFC): a syllable of Hangul is one letter, however it was written, and 하 is not 한.

Any run of blanks is one blank; beside a letter of a script that is written without blanks (Chinese, Japanese, Thai,
Lao, Khmer, Burmese) it is none, because there it only divides lines.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from functools import lru_cache

SAME = {
    **dict(zip("øđłħŧıŀ", "odlhtil", strict=True)), "æ": "ae", "œ": "oe", "ĸ": "k",
    **dict.fromkeys("‘’‚‛′`´ʼʻ", "'"), **dict.fromkeys("“”„‟″«»", '"'), **dict.fromkeys("‐‑‒–—―−", "-"),
    "ي": "ی", "ى": "ی", "ك": "ک", "ٱ": "ا", "ـ": "",
}  # fmt: skip
"""What stands for the letter before it after folding; '' for nothing."""
_SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fff\u3001-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_IS_SPACELESS = re.compile(f"[{_SPACELESS}]")
_BLANKS = r"\s\u00a0\u3000"


def _goes(letter: str) -> bool:
    """Whether a decomposed letter is a mark, or nothing that can be seen."""
    order = unicodedata.combining(letter)
    if order:
        return order >= 200 or order == 1 or 10 <= order <= 36
    return unicodedata.category(letter) == "Cf" or "\ufe00" <= letter <= "\ufe0f"


@lru_cache(maxsize=16_384)
def folded_piece(piece: str) -> str:
    """A letter with the marks behind it, folded: rules 1 to 5. A blank is a blank."""
    if piece.isspace():
        return " "
    # A mark that stands for itself is a blank with a mark upon it; without the mark nothing is left of it.
    kept = "".join(letter for letter in unicodedata.normalize("NFKD", piece) if not (_goes(letter) or letter.isspace()))
    plain = []
    for letter in kept.casefold():
        if letter in SAME:
            plain.append(SAME[letter])
        elif not letter.isascii() and (digit := unicodedata.decimal(letter, -1)) >= 0:
            plain.append(str(digit))
        else:
            plain.append(letter)
    return unicodedata.normalize("NFC", "".join(plain))


def _joins(letter: str) -> bool:
    """Whether a letter belongs to the one before it: marks, inner and last parts of Hangul, half-width voice marks."""
    return (
        unicodedata.combining(letter) != 0
        or "\u1160" <= letter <= "\u11ff"
        or letter in "\uff9e\uff9f"
        or "\ufe00" <= letter <= "\ufe0f"
    )


class Folded:
    """``text`` folded, and where each of its letters was. Takes a few milliseconds for an hour of speech."""

    __slots__ = ("_ends", "_folded_ends", "_folded_starts", "_original", "_starts", "inner", "text")

    def __init__(self, text: str) -> None:
        self._folded_starts, self._folded_ends = array("q"), array("q")
        self._starts, self._ends = array("q"), array("q")
        self.inner: set[int] = set()
        """Places in the folded text that are in the middle of what was one letter: the second s of ß."""
        self._original = text
        self.text = self._fold(text)

    def _fold(self, text: str) -> str:
        letters = set(text)
        alone = {letter: folded_piece(letter) for letter in letters}
        joining = {letter for letter in letters if _joins(letter)}
        uneven = {letter for letter, plain in alone.items() if len(plain) != 1 and letter not in joining}
        pieces = [f"[{_BLANKS}]{{2,}}"]
        if joining:
            members = "".join(map(re.escape, joining))
            pieces.append(f"[^{members}{_BLANKS}]?[{members}]+")
        if uneven:
            pieces.append(f"[{''.join(map(re.escape, uneven))}]")
        if _IS_SPACELESS.search(text):
            pieces.append(f"(?<=[{_SPACELESS}])[{_BLANKS}]|[{_BLANKS}](?=[{_SPACELESS}])")
        table = str.maketrans({letter: plain for letter, plain in alone.items() if len(plain) == 1 and plain != letter})
        parts: list[str] = []
        at = length = 0
        for match in re.finditer("|".join(pieces), text):
            start, end = match.span()
            if start > at:
                parts.append(text[at:start].translate(table))
                length += start - at
            if text[start].isspace():
                # A single one is here only because of the script beside it.
                plain = self._blank(text, start, end) if end - start > 1 else ""
            else:
                plain = folded_piece(match[0])
            self._folded_starts.append(length)
            self._starts.append(start)
            if plain:
                parts.append(plain)
                length += len(plain)
                if len(plain) > 1:
                    self.inner.update(range(length - len(plain) + 1, length))
            self._folded_ends.append(length)
            self._ends.append(end)
            at = end
        parts.append(text[at:].translate(table))
        return "".join(parts)

    @staticmethod
    def _blank(text: str, start: int, end: int) -> str:
        beside = text[max(0, start - 1) : start] + text[end : end + 1]
        return "" if _IS_SPACELESS.search(beside) else " "

    def find(self, needle: str) -> array[int]:
        """Where ``needle``, folded, begins in the folded text; never in the middle of what was one letter."""
        starts = array("q", (match.start() for match in re.finditer(re.escape(needle), self.text)) if needle else ())
        return array("q", (start for start in starts if start not in self.inner)) if self.inner else starts

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the folded text (not empty) was in the original one, with all the marks of its letters."""
        piece = bisect_right(self._folded_starts, start) - 1
        if piece < 0:
            first = start
        elif start < self._folded_ends[piece]:
            first = self._starts[piece]
        else:
            first = self._ends[piece] + start - self._folded_ends[piece]
        last = end - 1
        piece = bisect_right(self._folded_starts, last) - 1
        if piece < 0:
            after = end
        elif last < self._folded_ends[piece]:
            after = self._ends[piece]
        else:
            after = self._ends[piece] + last - self._folded_ends[piece] + 1
        while after < len(self._original) and unicodedata.category(self._original[after])[0] == "M":
            after += 1  # a vowel of Thai or Hindi belongs to its letter, also where only that was asked for
        return first, after


def folded(text: str) -> str:
    """``text`` folded, without blanks around it: what to look for in a ``Folded`` text."""
    return Folded(text.strip()).text.strip()


def occurrences(text: str, query: str) -> list[tuple[int, int]]:
    """Every place of ``query`` in ``text``: first and last + 1 letter."""
    needle, hay = folded(query), Folded(text)
    return [hay.original(start, start + len(needle)) for start in hay.find(needle)]
