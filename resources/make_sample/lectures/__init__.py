"""The lectures: what is said, in two languages, and what is drawn while it is said."""

from __future__ import annotations

from importlib import import_module

from resources.make_sample.script import Lecture

MODULES = (
    "welcome",
    "spacing",
    "retrieval",
    "interleaving",
    "notes",
    "week",
    "tables",
    "where",
    "folding",
    "nulls",
    "joins",
    "left_joins",
)


def every_lecture() -> tuple[Lecture, ...]:
    """All lectures, in the order of study."""
    return tuple(import_module(f"{__name__}.{name}").LECTURE for name in MODULES)
