"""A track as text: WebVTT and SubRip that every player reads, plain lines to copy and keep."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from protocol.cues.subrip import PLACES_BY_KEY, read_payload, timing
from protocol.cues.track import DEFAULT_PLACEMENT, Placement, Region, Span, Track, WordTime

_DEFAULT_REGION = Region()


def clock(position_ms: int) -> str:
    """A moment for people: ``0:14``, ``1:02:03``."""
    seconds = position_ms // 1000
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def _stamp(position_ms: int, point: str) -> str:
    seconds, fraction = divmod(position_ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{fraction:03}"


def _number(value: float) -> str:
    text = repr(value)
    if "e" in text:
        from decimal import Decimal  # here: hardly any file needs it, and every start would pay for it

        return format(Decimal(text), "f")
    return text.removesuffix(".0")


# --- WebVTT ---------------------------------------------------------------------------------------------------------


def webvtt(track: Track) -> str:
    """All that a track has, in WebVTT; reading it again gives the same track."""
    parts = ["WEBVTT\n"]
    parts.extend(_region_block(region) for region in track.regions.values())
    for number, text in enumerate(track.texts):
        identifier = track.ids.get(number, "")
        head = f"\n{identifier}\n" if identifier and "\n" not in identifier and "-->" not in identifier else "\n"
        settings = _settings(track.placements.get(number, DEFAULT_PLACEMENT))
        said = _marked(text, track.spans.get(number, ()), track.words.get(number, ()))
        start, end = _stamp(track.starts_ms[number], "."), _stamp(track.ends_ms[number], ".")
        parts.append(f"{head}{start} --> {end}{settings}\n{said}\n")
    return "".join(parts)


def _region_block(region: Region) -> str:
    lines = [f"\nREGION\nid:{region.id}\n"]
    if region.width != _DEFAULT_REGION.width:
        lines.append(f"width:{_number(region.width)}%\n")
    if region.lines != _DEFAULT_REGION.lines:
        lines.append(f"lines:{region.lines}\n")
    for name, (x, y) in (("regionanchor", region.anchor), ("viewportanchor", region.viewport_anchor)):
        if (x, y) != _DEFAULT_REGION.anchor:
            lines.append(f"{name}:{_number(x)}%,{_number(y)}%\n")
    if region.scrolls_up:
        lines.append("scroll:up\n")
    return "".join(lines)


def _settings(placed: Placement) -> str:
    if placed == DEFAULT_PLACEMENT:
        return ""
    parts = []
    if placed.vertical:
        parts.append(f"vertical:{placed.vertical}")
    if placed.line is not None:
        align = "" if placed.line_align == DEFAULT_PLACEMENT.line_align else f",{placed.line_align}"
        parts.append(f"line:{_number(placed.line)}{'' if placed.snap else '%'}{align}")
    if placed.position is not None:
        align = "" if placed.position_align == DEFAULT_PLACEMENT.position_align else f",{placed.position_align}"
        parts.append(f"position:{_number(placed.position)}%{align}")
    if placed.size != DEFAULT_PLACEMENT.size:
        parts.append(f"size:{_number(placed.size)}%")
    if placed.align != DEFAULT_PLACEMENT.align:
        parts.append(f"align:{placed.align}")
    if placed.region:
        parts.append(f"region:{placed.region}")  # last: what comes before would take the cue out of it
    return "".join(f" {part}" for part in parts)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _opening(span: Span) -> str:
    classes = "".join(f".{name}" for name in span.classes)
    if span.kind == "ruby":
        return f"<ruby{classes}>"
    return f"<{span.kind}{classes} {_escaped(span.value)}>" if span.value else f"<{span.kind}{classes}>"


def _closing(span: Span) -> str:
    return f"<rt>{_escaped(span.value)}</rt></ruby>" if span.kind == "ruby" else f"</{span.kind}>"


def _marked(
    text: str,
    spans: Sequence[Span],
    words: Sequence[WordTime],
    escape: Callable[[str], str] = _escaped,
) -> str:
    if not spans and not words:
        return escape(text)
    edges = {0, len(text), *(span.start for span in spans), *(span.end for span in spans), *(at for at, _ in words)}
    coming, times = list(reversed(spans)), list(reversed(words))
    parts: list[str] = []
    opened: list[Span] = []
    for at, until in pairwise((*sorted(edges), len(text))):
        while opened and opened[-1].end <= at:
            parts.append(_closing(opened.pop()))
        while times and times[-1].offset <= at:
            parts.append(f"<{_stamp(times.pop().at_ms, '.')}>")
        while coming and coming[-1].start <= at:
            opened.append(coming.pop())
            parts.append(_opening(opened[-1]))
        parts.append(escape(text[at:until]))
    return "".join(parts)


# --- SubRip ---------------------------------------------------------------------------------------------------------


def subrip(track: Track) -> str:
    """The moments and texts of a track in SubRip, which has little else: bold, italic, underlined, nine places."""
    parts = []
    for number, text in enumerate(track.texts):
        start, end = _stamp(track.starts_ms[number], ","), _stamp(track.ends_ms[number], ",")
        spans = [Span(*span[:3]) for span in track.spans.get(number, ()) if span.kind in ("b", "i", "u")]
        said = _marked(text, spans, (), str)
        if any(mark in text for mark in "<>&{") and not _survives(said, text, spans):
            said = _marked(text, spans, (), _escaped_for_subrip)
        place = _subrip_place(track.placements.get(number, DEFAULT_PLACEMENT))
        parts.append(f"{number + 1}\n{start} --> {end}\n{place}{said}\n")
    return "\n".join(parts)


def _survives(said: str, text: str, spans: list[Span]) -> bool:
    """Whether nothing in the text is taken for a mark, a reference or a timing when it is read again."""
    return read_payload(said) == (text, tuple(spans), None) and not any(timing(line) for line in said.split("\n"))


def _escaped_for_subrip(text: str) -> str:
    return _escaped(text).replace("{", "&#123;")


def _subrip_place(placed: Placement) -> str:
    if placed == DEFAULT_PLACEMENT:
        return ""
    key = next((key for key, place in PLACES_BY_KEY.items() if place == placed), None)
    if key is None:  # only what matters: not to hide what is shown at the bottom
        line = placed.line if placed.line is not None else -1.0
        key = "8" if (0 <= line < (5 if placed.snap else 40)) and not placed.vertical else None
    return f"{{\\an{key}}}" if key else ""


# --- plain lines ----------------------------------------------------------------------------------------------------


def plain_lines(track: Track, numbers: Iterable[int] | None = None, *, times: bool) -> str:
    """A line for each cue (of ``numbers``, or all), with the time before it or without; to copy and to keep."""
    lines = []
    for number in range(len(track)) if numbers is None else numbers:
        text = track.texts[number].replace("\n", " ")
        lines.append(f"{clock(track.starts_ms[number])}  {text}" if times else text)
    return "".join(f"{line}\n" for line in lines)
