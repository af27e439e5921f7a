"""Arithmetic with colours: contrast as WCAG 2 defines it, and the nearest colour that has enough of it. No Qt."""

from __future__ import annotations

import re

ENOUGH = 4.5
"""WCAG 2.2, 1.4.3 (AA) for text of normal size."""

Rgb = tuple[int, int, int]


def parse(colour: str) -> Rgb | None:
    """``#rrggbb`` or ``#rgb`` as three numbers; None for anything else."""
    found = re.fullmatch(r"#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})", colour.strip())
    if not found:
        return None
    digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def text(rgb: Rgb) -> str:
    """Three numbers as ``#rrggbb``."""
    return "#{:02x}{:02x}{:02x}".format(*rgb)


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1."""
    rgb = parse(colour)
    assert rgb is not None, colour
    shares = (part / 255 for part in rgb)
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(base: str, other: str, share: float) -> str:
    """``base`` with ``share`` (0 to 1) of ``other`` in it."""
    first, second = parse(base), parse(other)
    assert first is not None, base
    assert second is not None, other
    return text(
        (
            round(first[0] + (second[0] - first[0]) * share),
            round(first[1] + (second[1] - first[1]) * share),
            round(first[2] + (second[2] - first[2]) * share),
        )
    )


def legible(colour: str, grounds: tuple[str, ...], toward: str, enough: float = ENOUGH) -> str:
    """The colour nearest to ``colour`` on the way to ``toward`` that is legible on every ground."""
    for step in range(101):
        candidate = mix(colour, toward, step / 100)
        if all(contrast(candidate, ground) >= enough for ground in grounds):
            return candidate
    return toward
