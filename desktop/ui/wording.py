"""Names of kinds, levels and states as the learner reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale

from desktop.i18n import minutes_text, tr

if TYPE_CHECKING:
    from desktop.models.views import ItemRow


def item_kind_text(kind: str) -> str:
    """What an item is called; *Activity* for a kind that needs a newer program."""
    names = {
        "video": tr("Video"),
        "reading": tr("Reading"),
        "practice_quiz": tr("Practice quiz"),
        "graded_quiz": tr("Quiz"),
        "assignment": tr("Assignment"),
        "external_tool": tr("Tool"),
        "survey": tr("Survey"),
        "discussion": tr("Discussion"),
    }
    return names.get(kind, tr("Activity"))


def course_kind_text(kind: str) -> str:
    """What a course is called."""
    return tr("Guided project") if kind == "guided_project" else tr("Course")


def level_text(level: str) -> str:
    """A level; the word itself for one this version does not know."""
    names = {
        "beginner": tr("Beginner"),
        "intermediate": tr("Intermediate"),
        "advanced": tr("Advanced"),
        "mixed": tr("All levels"),
    }
    return names.get(level, level)


WITH_COUNTRY = {"en": "English", "es": "Español"}
"""Qt names these two by their largest country; a course only says the language."""


def language_text(tag: str) -> str:
    """A language by its own name: ``Deutsch`` for ``de``; the tag itself if nobody knows it."""
    if tag in WITH_COUNTRY:
        return WITH_COUNTRY[tag]
    name = QLocale(tag).nativeLanguageName()
    return name[:1].upper() + name[1:] if name else tag


def item_state_text(item: ItemRow) -> str:
    """How far an item is."""
    if not item.known:
        return tr("Needs a newer Haversack")
    if item.grade_pending:
        return tr("Grade pending")
    if item.state == "done":
        return tr("Done")
    if item.overdue:
        return tr("Overdue")
    return tr("Started") if item.state == "started" else tr("Not started")


def offline_text(state: str) -> str:
    """Whether something is on this computer."""
    names = {
        "ready": tr("Works offline"),
        "part": tr("Partly offline"),
        "queued": tr("Waiting to download"),
        "none": tr("Needs a network"),
    }
    return names.get(state, "")


def offline_icon(state: str) -> str:
    """The icon for ``offline_text``; '' where nothing is on this computer."""
    return {"ready": "check-circle", "part": "circle-half", "queued": "clock"}.get(state, "")


def item_line(kind: str, title: str, minutes: int) -> str:
    """``Video · Joining tables · 7 min``."""
    parts = [item_kind_text(kind), title]
    if minutes:
        parts.append(minutes_text(minutes))
    return " · ".join(parts)
