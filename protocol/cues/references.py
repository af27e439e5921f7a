"""Character references (``&amp;``, ``&#8217;``) as the HTML standard reads them.

Not ``html.unescape``: that raises an error for a number of more than 4,300 digits, and drops characters that the
standard keeps.
"""

from __future__ import annotations

import re
from html.entities import html5

_REFERENCE = re.compile(r"&(?:#[xX]([0-9a-fA-F]+);?|#([0-9]+);?|([A-Za-z][A-Za-z0-9]{0,40};?))")
_LOOSE = "\ufffd"
# What a browser makes of the numbers 0x80 to 0x9F: Windows-1252, where it has something there.
_WINDOWS = {
    number: bytes([number]).decode("cp1252")
    for number in range(0x80, 0xA0)
    if number not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_SHORTEST, _LONGEST_LOOSE = 2, 6
"""Of the names that count without their semicolon."""


def _numbered(digits: str, base: int) -> str:
    digits = digits.lstrip("0")
    if len(digits) > 7:
        return _LOOSE
    number = int(digits or "0", base)
    if number == 0 or number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:
        return _LOOSE
    return _WINDOWS.get(number, chr(number))


def _named(name: str) -> str | None:
    found = html5.get(name)
    if found is not None:
        return found
    for length in range(min(len(name), _LONGEST_LOOSE), _SHORTEST - 1, -1):
        if (found := html5.get(name[:length])) is not None:
            return found + name[length:]
    return None


def _of(match: re.Match[str]) -> str:
    hexadecimal, decimal, name = match.groups()
    if hexadecimal:
        return _numbered(hexadecimal, 16)
    if decimal:
        return _numbered(decimal, 10)
    return _named(name) or match[0]


def _of_closed(match: re.Match[str]) -> str:
    if not match[0].endswith(";"):
        return match[0]
    return html5.get(match[3], match[0]) if match[3] else _of(match)


def without_references(text: str) -> str:
    """``text`` with every reference replaced, also those without their semicolon, as HTML has it."""
    return _REFERENCE.sub(_of, text) if "&" in text else text


def without_closed_references(text: str) -> str:
    """Only those that end with a semicolon: for formats that know no references but are full of them."""
    return _REFERENCE.sub(_of_closed, text) if "&" in text else text
