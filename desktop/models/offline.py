"""How things stand offline: none, part, queued, ready. Pure."""

from __future__ import annotations


def together(states: list[str]) -> str:
    """How a group of items stands offline, from how each of them does: none, part, queued, ready."""
    if states and all(found == "ready" for found in states):
        return "ready"
    if "queued" in states:
        return "queued"
    return "part" if {"ready", "part"} & set(states) else "none"
