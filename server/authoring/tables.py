"""Reading TOML tables: each key is asked for once with its type, what is wrong is reported with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from server.authoring.mistakes import Report, nearest, read_text
from server.authoring.toml_lines import KeyPath, lines_of

LONG, NAME = 100_000, 200
"""Characters of a text, and of a name or the like."""
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_LINE = 20_000
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")


class Table:
    """One table of a document. After everything was asked for, ``finish`` reports the keys that nobody knows."""

    def __init__(
        self, path: Path, data: dict[str, Any], lines: dict[KeyPath, int], here: KeyPath, report: Report
    ) -> None:
        self.path = path
        self.report = report
        self._data = data
        self._lines = lines
        self._here = here
        self._asked: set[str] = set()

    def line(self, *key: str | int) -> int:
        """Where a key is, or the nearest thing around it."""
        place: KeyPath = (*self._here, *key)
        while place not in self._lines:
            place = place[:-1]
        return self._lines[place]

    def mistake(self, text: str, *key: str | int) -> None:
        """Report at a key of this table."""
        self.report.mistake(self.path, self.line(*key), text)

    def warning(self, text: str, *key: str | int) -> None:
        """Warn at a key of this table."""
        self.report.warning(self.path, self.line(*key), text)

    def has(self, key: str) -> bool:
        """Whether the author gave it. Counts as asked for."""
        self._asked.add(key)
        return key in self._data

    def _value(self, key: str, *, required: bool) -> Any:
        self._asked.add(key)
        if key not in self._data and required:
            self.mistake(f"“{key}” is missing; add it here")
        return self._data.get(key)

    def text(self, key: str, default: str = "", *, required: bool = False, at_most: int = LONG) -> str:
        """A string of up to ``at_most`` characters; a required one must not be empty."""
        value = self._value(key, required=required)
        if value is None:
            return default
        if not isinstance(value, str):
            self.mistake(f"“{key}” must be a text in quotes", key)
            return default
        said = str(value).strip()
        if required and not said:
            self.mistake(f"“{key}” is empty; write something", key)
        if "\0" in said:
            self.mistake(f"“{key}” holds a NUL character; remove it", key)
            return default
        if len(said) > at_most:
            self.mistake(f"“{key}” has {len(said)} characters; at most {at_most} are possible", key)
            return default
        return said

    def slug(self, key: str) -> str:
        """A required id of lower-case letters, digits and hyphens."""
        value = self.text(key, required=True)
        if value and (not SLUG.fullmatch(value) or len(value) > 64):
            self.mistake(f"“{value}” can't be an id: use up to 64 lower-case letters, digits and single hyphens", key)
        return value

    def choice(self, key: str, known: Iterable[str], default: str = "", *, required: bool = False) -> str:
        """One of the known words."""
        known = list(known)
        value = self.text(key, default, required=required)
        if value and value not in known and key in self._data:
            self.mistake(f"“{value}” is not known; use one of: {', '.join(known)}.{nearest(value, known)}", key)
            return default
        return value

    def number(self, key: str, default: float | None = None, *, least: float = 0, required: bool = False) -> float:
        """A number from ``least`` on. Without a default a missing one is 0."""
        value = self._value(key, required=required)
        if value is None:
            return default if default is not None else 0.0
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= 1e15:
            self.mistake(f"“{key}” must be a number from {least:g} on, without quotes", key)
            return default if default is not None else least
        return float(value)

    def whole(self, key: str, *, least: int = 0) -> int | None:
        """An integer from ``least`` on, or None when absent or wrong."""
        value = self._value(key, required=False)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= 100_000:
            self.mistake(f"“{key}” must be a whole number from {least} on, without quotes", key)
            return None
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """true or false."""
        value = self._value(key, required=False)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.mistake(f"“{key}” must be true or false, without quotes", key)
            return default
        return value

    def day(self, key: str) -> date | None:
        """A date like 2027-01-15."""
        value = self._value(key, required=False)
        if value is None:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            self.mistake(f"“{key}” must be a date like 2027-01-15, without quotes", key)
            return None
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        value = self._value(key, required=False)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(entry, str) and entry.strip() for entry in value):
            self.mistake(f'“{key}” must be a list of texts: ["one", "two"]', key)
            return ()
        for index, entry in enumerate(value):
            if "\0" in entry or len(entry) > NAME:
                self.mistake(f"an entry of “{key}” has more than {NAME} characters, or a NUL character", key, index)
                return ()
        return tuple(entry.strip() for entry in value)

    def text_or_texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """One text or a list of them."""
        if isinstance(self._data.get(key), list):
            return self.texts(key)
        value = self.text(key, required=required)
        return (value,) if value else ()

    def table(self, key: str) -> Table | None:
        """A table within; None when absent or something else."""
        value = self._value(key, required=False)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.mistake(f"“{key}” must be a table: [{key}]", key)
            return None
        return Table(self.path, value, self._lines, (*self._here, key), self.report)

    def tables(self, key: str, *, required: bool = False) -> list[Table]:
        """A list of tables."""
        value = self._value(key, required=required)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            self.mistake(f"“{key}” must be a list of tables: [[{key}]]", key)
            return []
        if required and not value:
            self.mistake(f"“{key}” is empty; add at least one", key)
        return [
            Table(self.path, entry, self._lines, (*self._here, key, index), self.report)
            for index, entry in enumerate(value)
        ]

    def pairs(self) -> dict[str, Any]:
        """All keys and values, for tables whose keys are the author's own."""
        self._asked.update(self._data)
        return self._data

    def finish(self) -> None:
        """Report every key that was never asked for."""
        for key in self._data:
            if key not in self._asked:
                self.mistake(f"“{key}” is not known here.{nearest(key, self._asked)}", key)


def read_document(path: Path, report: Report) -> Table | None:
    """The top table of a TOML file; None after a mistake."""
    text = read_text(path, report)
    if text is None:
        return None
    if too_long := next((number for number, row in enumerate(text.split("\n"), 1) if len(row) > _LONGEST_LINE), None):
        report.mistake(path, too_long, f"this line has more than {_LONGEST_LINE} characters; break it")
        return None
    try:
        data = tomllib.loads(text)
        lines = lines_of(text)
    except RecursionError:
        report.mistake(path, 1, "lists or tables are nested too deeply here; make it plainer")
        return None
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else text.count("\n") + 1
        report.mistake(path, line, f"this is not TOML: {_PLACE.sub('', str(error))}")
        return None
    return Table(path, data, lines, (), report)
