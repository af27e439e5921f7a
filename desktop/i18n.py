"""Texts and figures as the learner's language has them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale

if TYPE_CHECKING:
    from PySide6.QtCore import QDateTime

CONTEXT = "Haversack"


def locale() -> QLocale:
    """The learner's locale. A system without one (``LANG=C``) is read as British English.

    Qt's own C locale is for machines: its days read ``30 11 2026``.
    """
    found = QLocale()
    return QLocale("en_GB") if found.language() == QLocale.Language.C else found


def tr(text: str, /, n: int | None = None, **values: object) -> str:
    """The translation of ``text`` with ``{name}`` filled in.

    With ``n`` the plural form that fits is taken: English source texts are then written as ``"one|{n} many"``, and
    ``{n}`` is the number as the language writes it.
    """
    found = QCoreApplication.translate(CONTEXT, text, None, -1 if n is None else n)
    if n is not None:
        forms = found.split("|")
        found = forms[0] if n == 1 or len(forms) == 1 else forms[-1]
        values = {"n": locale().toString(n), **values}
    return found.format(**values) if values else found


def clock_text(position_ms: int) -> str:
    """``3:12`` or ``1:02:03``: a place in a medium."""
    seconds = max(0, position_ms) // 1000
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def minutes_text(minutes: int) -> str:
    """``7 min`` or ``1 h 20 min``."""
    hours, rest = divmod(max(0, minutes), 60)
    if not hours:
        return tr("{minutes} min", minutes=rest)
    return tr("{hours} h {minutes} min", hours=hours, minutes=rest) if rest else tr("{hours} h", hours=hours)


def size_text(size: int) -> str:
    """A number of bytes in the units of the locale: ``2.5 MB``."""
    return locale().formattedDataSize(max(0, size), 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)


def percent_text(percent: float) -> str:
    """``62 %`` without digits that say nothing; ``83.33 %`` where they do."""
    digits = 0 if abs(percent - round(percent)) < 0.005 else 2
    return tr("{number} %", number=locale().toString(float(percent), "f", digits))


def _local(moment: datetime) -> QDateTime:
    from PySide6.QtCore import QDateTime  # the first paint has hardly ever a moment to write

    return QDateTime.fromSecsSinceEpoch(int(moment.timestamp()))


def day_pattern(of: QLocale) -> str:
    """How a locale writes a day with the month in letters: its long form without the weekday, the month shortened."""
    pattern = re.sub(r"[\s,،፣፥፡-]*d{3,4}[\s,،፣፥፡-]*", " ", of.dateFormat(QLocale.FormatType.LongFormat))
    return pattern.strip().replace("MMMM", "MMM")


def day_text(moment: datetime) -> str:
    """A day in the learner's zone: ``24 Nov 2026`` in the locale's own order."""
    return locale().toString(_local(moment).date(), day_pattern(locale()))


def moment_text(moment: datetime) -> str:
    """A day and time in the learner's zone, with the zone's short name: ``24 Nov 2026, 12:04 CET``."""
    zone = _local(moment).timeZoneAbbreviation()
    return f"{day_text(moment)}, {time_text(moment)} {zone}".strip()


def short_moment_text(moment: datetime, now: datetime) -> str:
    """A time of day, with the day before it where that is not today's: ``24 Nov 2026, 12:04``."""
    day = day_text(moment)
    return time_text(moment) if day == day_text(now) else f"{day}, {time_text(moment)}"


def time_text(moment: datetime) -> str:
    """A time of day in the learner's zone: ``12:04``."""
    return locale().toString(_local(moment).time(), QLocale.FormatType.ShortFormat)
