"""A course pack in words: what it is, what it would bring, how it ended."""

from __future__ import annotations

from desktop.i18n import day_text, percent_text, size_text, tr
from desktop.models.pack_views import (
    CHECKED,
    DONE,
    IMPORTING,
    INCOMPLETE,
    LOOKING,
    NEWER,
    OLDER,
    REFUSED,
    STOPPED,
    WAITING,
    ImportView,
    PackFacts,
    PackResult,
)

NAMED_AT_MOST = 3


def facts_text(facts: PackFacts) -> str:
    """Whose it is, from when, how large."""
    parts = [facts.organization or facts.program, tr("made on {day}", day=day_text(facts.made_at))]
    parts.append(tr("version {id}", id=facts.version[:8]))
    parts.append(size_text(facts.size))
    if facts.weeks:
        numbers = ", ".join(str(number) for number in facts.weeks)
        parts.append(tr("only week {weeks}|only weeks {weeks}", n=len(facts.weeks), weeks=numbers))
    if facts.videos == "none":
        parts.append(tr("without videos"))
    return " · ".join(part for part in parts if part)


def fits(facts: PackFacts) -> bool:
    """Whether there is room for what is not here yet."""
    return facts.bytes_new <= facts.bytes_free


def outlook(view: ImportView) -> str:
    """What importing a file that was looked at would do."""
    facts = view.facts
    if facts is None:
        return ""
    new, free = size_text(facts.bytes_new), size_text(facts.bytes_free)
    if not fits(facts):
        return tr("It needs {new}, but only {free} are free here. Make room first.", new=new, free=free)
    parts = []
    if facts.bytes_new:
        parts.append(
            tr(
                "{new} of it are not on this computer yet. They go to your downloads; {free} are free.",
                new=new,
                free=free,
            )
        )
    else:
        parts.append(tr("Everything in it is on this computer already."))
    if facts.standing == OLDER:
        parts.append(
            tr("It is an older version of the course than yours. Only files that yours uses too are taken from it.")
        )
    if facts.standing == NEWER:
        parts.append(tr("It is a newer version than yours. It waits here until your program says that it is out."))
    if not facts.enrolled:
        parts.append(tr("You are not enrolled in this course yet: you can do that after the import."))
    return " ".join(parts)


def result_text(facts: PackFacts | None, result: PackResult) -> str:
    """What an import brought."""
    came = tr("1 file|{n} files", result.files_new)
    parts = []
    if result.damaged:
        named = ", ".join(f"“{title}”" for title in result.damaged[:NAMED_AT_MOST])
        more = len(result.damaged) - NAMED_AT_MOST
        if more > 0:
            named = tr("{titles} and {n} more", n=more, titles=named)
        parts.append(tr("Damaged in this file, and not imported: {titles}.", titles=named))
        parts.append(tr("Everything else is here. Copy the file again from where it came from and import that copy."))
    elif result.files_new:
        parts.append(tr("{files} came, {size}. They work offline.", files=came, size=size_text(result.bytes_new)))
    else:
        parts.append(tr("Everything in it was on this computer already."))
    if result.left:
        parts.append(
            tr(
                "1 file that your version does not use was left.|{n} files that your version does not use were left.",
                result.left,
            )
        )
    if facts is not None and not facts.enrolled:
        parts.append(tr("Enroll in the course to study it. It opens as soon as the server has confirmed that."))
    return " ".join(parts)


def percent(view: ImportView) -> int:
    """How much is done."""
    return min(100, view.bytes_done * 100 // view.bytes_total) if view.bytes_total else 0


def state_text(view: ImportView) -> str:
    """The line under the facts."""
    if view.problem:
        return " ".join(tr(part) for part in (view.problem, view.way_out) if part)
    if view.state == LOOKING:
        return tr("Looking at the file …")
    if view.state == CHECKED:
        return outlook(view)
    if view.state == WAITING:
        return tr("Waits for the import before it.")
    if view.state == IMPORTING:
        sizes = tr("{done} of {total}", done=size_text(view.bytes_done), total=size_text(view.bytes_total))
        return f"{tr('Importing')} · {percent_text(percent(view))} · {sizes}"
    if view.state in {DONE, INCOMPLETE} and view.result is not None:
        return result_text(view.facts, view.result)
    return tr("Stopped. What came is kept; it goes on from there.") if view.state == STOPPED else ""


def tone_of(view: ImportView) -> str:
    """The colour's role of that line."""
    if view.state in {REFUSED, INCOMPLETE} or view.problem:
        return "danger"
    return "danger" if view.state == CHECKED and view.facts is not None and not fits(view.facts) else "muted"
