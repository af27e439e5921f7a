"""The brand file: what an organization's own build is called and looks like. No Qt.

``brand.toml`` has ``name`` (text), ``accent`` (``#rrggbb``) and ``logo`` (a picture's path, relative to the file). All
are optional. One in the data folder goes before the one beside ``resources/brand/example.toml``. Without either the
program is called and looks as the example says, and a start need not read TOML.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from desktop.config import APP_NAME, Config, resources
from desktop.errors import Problem, mark

NAME_LIMIT = 60


class Brand(NamedTuple):
    """How the program is called and looks until a program's own brand is known. ``accent`` '' is ours."""

    name: str = APP_NAME
    accent: str = ""
    logo: Path | None = None


def read_brand(path: Path) -> Brand:
    """The brand in a file. Raises ``Problem`` (``brand_broken``) with the reason as its detail."""
    import tomllib  # only where there is a brand file

    try:
        entries = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _broken(f"{path}: {error}") from error
    name = entries.get("name", APP_NAME)
    accent = entries.get("accent", "")
    logo = entries.get("logo", "")
    if not isinstance(name, str) or not 1 <= len(name.strip()) <= NAME_LIMIT:
        raise _broken(f"{path}: name has to be a text of 1 to {NAME_LIMIT} characters")
    if not isinstance(accent, str) or (accent and not re.fullmatch(r"#[0-9a-fA-F]{6}", accent)):
        raise _broken(f"{path}: accent has to look like #2f6f5e")
    if not isinstance(logo, str):
        raise _broken(f"{path}: logo has to be a path")
    picture = path.parent / logo if logo else None
    if picture is not None and not picture.is_file():
        raise _broken(f"{path}: there is no picture {logo}")
    return Brand(name.strip(), accent, picture)


def _broken(detail: str) -> Problem:
    return Problem(
        "brand_broken",
        mark("The brand file could not be used."),
        mark("Haversack shows its own name and colours. Tell whoever set up this computer."),
        detail=detail,
    )


def load_brand(config: Config) -> tuple[Brand, Problem | None]:
    """The brand of this installation. A broken file gives ours, and the problem to tell."""
    for path in (config.home / "brand.toml", resources() / "brand" / "brand.toml"):
        if path.is_file():
            try:
                return read_brand(path), None
            except Problem as problem:
                return Brand(), problem
    return Brand(), None
