"""What a benchmark reports, and how it is printed."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

import msgspec


class CannotMeasureError(Exception):
    """Something that a benchmark needs is not here; the text says what and how to get it."""


class Figure(msgspec.Struct, frozen=True):
    """One measured figure beside its peer's.

    Attributes:
        name: what was measured.
        unit: of ``figure`` and ``peer_figure``: ms, MB, % …
        figure: the median of ours.
        peer: what it is compared with, measured in the same run; for a fixed limit, what the limit is.
        peer_figure: the median of the peer, or the limit.
        ratio: ``figure`` divided by ``peer_figure``.
        budget: the ratio that must not be passed, or that must be reached where more is better.
        ok: whether the budget is kept; None where none is set.
    """

    name: str
    unit: str
    figure: float
    peer: str
    peer_figure: float
    ratio: float
    budget: float | None
    ok: bool | None


def compare(
    name: str,
    unit: str,
    ours: Sequence[float],
    peer: str,
    theirs: Sequence[float],
    budget: float | None = None,
    kept: Literal["at_most", "at_least"] = "at_most",
) -> Figure:
    """The medians of two interleaved series as one figure.

    Raises:
        statistics.StatisticsError: a series is empty.
    """
    figure, peer_figure = statistics.median(ours), statistics.median(theirs)
    ratio = figure / peer_figure if peer_figure else float("inf")
    ok = None if budget is None else (ratio <= budget if kept == "at_most" else ratio >= budget)
    return Figure(name, unit, round(figure, 2), peer, round(peer_figure, 2), round(ratio, 3), budget, ok)


def against_limit(name: str, unit: str, ours: Sequence[float], limit: float, what: str = "limit") -> Figure:
    """A figure with a fixed limit instead of a peer; its budget is to stay at or below it."""
    return compare(name, unit, ours, what, [limit], 1.0)


def interleave(rounds: int, *measures: Callable[[], float]) -> list[list[float]]:
    """Run ``measures`` in turn, ``rounds`` times, so that a machine that drifts drifts for all. A list for each."""
    series: list[list[float]] = [[] for _ in measures]
    for _ in range(rounds):
        for found, measure in zip(series, measures, strict=True):
            found.append(measure())
    return series


HEADINGS = ("name", "figure", "unit", "peer", "peer's", "ratio", "budget", "ok")


def table(figures: Iterable[Figure]) -> str:
    """The figures as lines of a table for people."""
    rows = [HEADINGS]
    for one in figures:
        budget = "" if one.budget is None else f"{one.budget:g}"
        verdict = "" if one.ok is None else ("yes" if one.ok else "NO")
        row = (one.name, f"{one.figure:g}", one.unit, one.peer, f"{one.peer_figure:g}", f"{one.ratio:.2f}")
        rows.append((*row, budget, verdict))
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
