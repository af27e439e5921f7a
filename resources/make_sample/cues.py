"""WebVTT from a timeline. Pure."""

from __future__ import annotations

from resources.make_sample.timeline import Timeline

LINE_LENGTH = 44
"""Characters that fit a line of captions on the picture; a cue has at most two lines."""


def stamp(at_ms: int) -> str:
    """``HH:MM:SS.mmm``."""
    seconds, ms = divmod(at_ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{ms:03}"


def balance(text: str) -> str:
    """Break a long text once, where the two lines are most alike in length.

    Raises:
        ValueError: it does not fit two lines.
    """
    if len(text) <= LINE_LENGTH:
        return text
    words = text.split()
    halves = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    first, second = min(halves, key=lambda pair: max(map(len, pair)))
    if max(len(first), len(second)) > LINE_LENGTH:
        raise ValueError(f"longer than two lines of {LINE_LENGTH}: {text}")
    return f"{first}\n{second}"


def webvtt(timeline: Timeline, language: str) -> str:
    """The cues in ``en`` or ``de``; the same times in both."""
    blocks = ["WEBVTT"]
    for number, spoken in enumerate(timeline.spoken, start=1):
        text = spoken.en if language == "en" else spoken.de
        blocks.append(f"{number}\n{stamp(spoken.start_ms)} --> {stamp(spoken.end_ms)}\n{balance(text)}")
    return "\n\n".join(blocks) + "\n"
