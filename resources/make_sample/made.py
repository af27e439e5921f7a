"""What was made from which inputs, so that only what changed is made again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from resources.make_sample.rain import SCRIPT

HERE = Path(__file__).parent
DRAWING = ("page", "grid", "rain", "motifs")
SHARED = (*DRAWING, "script", "voice", "timeline", "cues", "film", "studio")
"""Modules that shape every lecture."""


def fingerprint(*modules: str) -> str:
    """SHA-256 over the sources of modules of this package, and the course's tables."""
    digest = hashlib.sha256(SCRIPT.read_bytes())
    for module in modules:
        digest.update((HERE / f"{module.replace('-', '_')}.py").read_bytes())
    return digest.hexdigest()


class Record:
    """A JSON file: name of what was made to fingerprint of its inputs."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._made: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def is_stale(self, name: str, inputs: str, targets: Sequence[Path]) -> bool:
        """Whether the inputs changed or a target is not there."""
        return self._made.get(name) != inputs or not all(target.exists() for target in targets)

    def note(self, name: str, inputs: str) -> None:
        """Remember at once, so that an interrupted run goes on where it stopped."""
        self._made[name] = inputs
        self._path.write_text(json.dumps(self._made, indent=2, sort_keys=True) + "\n", encoding="utf-8")
