"""Long transcripts in two scripts, made up: what is measured is their length, not their sense."""

from __future__ import annotations

LINES = 10_000
ENGLISH = "So when two tables share a key, we can\njoin them, which makes line {}."
CHINESE = "我们来看看，有了共同的键，\n就可以把两个表连接起来，第 {} 行。"


def _stamp(at_ms: int, point: str) -> str:
    seconds, fraction = divmod(at_ms, 1_000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{fraction:03}"


def webvtt_text(said: str) -> str:
    """``LINES`` cues of three seconds."""
    cues = (
        f"{_stamp(n * 3_000, '.')} --> {_stamp(n * 3_000 + 2_900, '.')}\n{said.format(n)}\n\n" for n in range(LINES)
    )
    return "WEBVTT\n\n" + "".join(cues)


def subrip_text(said: str) -> str:
    """The same in SubRip."""
    return "".join(
        f"{n + 1}\n{_stamp(n * 3_000, ',')} --> {_stamp(n * 3_000 + 2_900, ',')}\n{said.format(n)}\n\n"
        for n in range(LINES)
    )
