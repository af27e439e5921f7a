"""What the self-test says: one line per thing looked at, and what helps below each that failed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

NAME_WIDTH = 11
INCOMPLETE = "This installation is not complete: install Haversack again."


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        name: one word.
        good: whether it is as it must be.
        text: what was seen, or why it failed.
        advice: what helps when it failed, one line each.
    """

    name: str
    good: bool
    text: str
    advice: tuple[str, ...] = ()


def good(name: str, text: str) -> Finding:
    """It is as it must be."""
    return Finding(name, good=True, text=text)


def bad(name: str, text: str, *advice: str) -> Finding:
    """It is not."""
    return Finding(name, good=False, text=text, advice=advice)


def say(name: str, text: str) -> None:
    """A line of the report. Written out at once: the next step may be the one that ends the process."""
    print(f"{name:<{NAME_WIDTH}} {text}".rstrip(), flush=True)


def tell(finding: Finding) -> None:
    """The line of a finding, and its advice."""
    say(finding.name, f"{'ok' if finding.good else 'FAILED':<7} {finding.text}")
    if not finding.good:
        for line in finding.advice:
            say("", f"        {line}")


def verdict(findings: Iterable[Finding]) -> int:
    """The last line. Returns the exit code."""
    failed = [finding.name for finding in findings if not finding.good]
    if failed:
        print(f"The self-test failed: {', '.join(failed)}.", flush=True)
        return 1
    print("All is well: lectures play on this computer.", flush=True)
    return 0
