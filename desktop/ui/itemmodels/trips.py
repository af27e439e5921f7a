"""Trips in words: what a choice takes, how far packing is, and what a check found, as sentences and rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desktop.i18n import percent_text, size_text, tr
from desktop.models import trip_views as views
from desktop.models.trip_views import Finding, PackedWeek, TripCourse, TripPlan, Week
from desktop.ui.itemmodels.action_rows import ActionRow, RowAction
from desktop.ui.itemmodels.downloads import time_left_text
from desktop.ui.theme.icons import kind_icon

OPEN = "open"
FETCH = "fetch"
SIGN_IN = "sign_in"
OUTBOX = "outbox"


def weeks_text(courses: Iterable[TripCourse], weeks: Iterable[Week]) -> str:
    """``Week 3 of “SQL”, week 1 of “Art”``."""
    titles = {course.course_id: course.title for course in courses}
    named = [
        tr("week {number} of “{course}”", number=number, course=titles.get(course_id, ""))
        for course_id, number in weeks
    ]
    return ", ".join(named)


def plan_text(plan: TripPlan) -> str:
    """What is chosen and what it takes."""
    if not plan.weeks:
        return tr("Nothing is chosen yet.")
    chosen = tr("1 week|{n} weeks", len(plan.weeks))
    if len({course_id for course_id, _ in plan.weeks}) > 1:
        courses = tr("1 course|{n} courses", len({course_id for course_id, _ in plan.weeks}))
        chosen = tr("{weeks} of {courses}", weeks=chosen, courses=courses)
    missing, total, free = (size_text(size) for size in (plan.bytes_missing, plan.bytes_total, plan.bytes_free))
    if not plan.bytes_missing:
        return tr("{chosen}: all of it is on this computer already, {total}.", chosen=chosen, total=total)
    return tr(
        "{chosen}: {missing} to fetch, {total} in all. {free} are free here.",
        chosen=chosen,
        missing=missing,
        total=total,
        free=free,
    )


def verdict_text(plan: TripPlan, courses: Iterable[TripCourse], speed: float) -> str:
    """Whether it fits; what to leave out if not; how long it takes where the speed is known (bytes a second)."""
    if not plan.weeks or not plan.bytes_missing:
        return ""
    if not plan.fits:
        over = size_text(plan.bytes_missing - plan.bytes_free)
        said = tr("It does not fit: {size} too much.", size=over)
        if len(plan.leave_out) == len(plan.weeks):
            return f"{said} {tr('Make room under Storage first.')}"
        left_out = weeks_text(courses, plan.leave_out)
        return f"{said} {tr('It fits without {weeks}.', weeks=left_out)}"
    if speed > 0:
        return tr("It fits: {time} at the speed of the last download.", time=duration_text(plan.bytes_missing / speed))
    return tr("It fits.")


def duration_text(seconds: float) -> str:
    """``about 3 minutes``."""
    if seconds < 60:
        return tr("less than a minute")
    if seconds < 3600:
        return tr("about a minute|about {n} minutes", round(seconds / 60))
    return tr("about an hour|about {n} hours", round(seconds / 3600))


@dataclass(frozen=True)
class Live:
    """How far packing is, with what arrives right now."""

    done: int
    total: int
    seconds_left: float | None
    hold: str


def live_text(live: Live) -> str:
    """``41 MB of 64 MB · 64 % · about a minute left``."""
    parts = [
        tr("{done} of {total}", done=size_text(live.done), total=size_text(live.total)),
        percent_text(int(100 * live.done / live.total) if live.total else 100),
    ]
    if live.seconds_left is not None:
        parts.append(time_left_text(live.seconds_left))
    return " · ".join(parts)


def hold_text(hold: str) -> str:
    """Why nothing comes now; empty when something does."""
    return {
        "paused": tr("All downloads are paused."),
        "metered": tr("This network counts what is used, so downloads wait for another one."),
        "hours": tr("Downloads wait for the hours that you chose."),
        "network": tr("Waiting for a network. Downloads go on by themselves where they stopped."),
    }.get(hold, "")


def packed_row(week: PackedWeek, done: int) -> ActionRow:
    """A week of the trip; ``done``: bytes that are here by now."""
    chip, tone = {
        "packing": (tr("Coming"), "accent"),
        "paused": (tr("Paused"), "warning"),
        "failed": (tr("Stopped"), "danger"),
        "missing": (tr("Not here"), "danger"),
        "ready": (tr("Here"), "success"),
    }.get(week.state, (week.state, "plain"))
    total = size_text(week.bytes_total)
    size = total if week.state == "ready" else tr("{done} of {total}", done=size_text(done), total=total)
    lines = [size]
    if week.problem:
        lines.insert(0, " ".join(tr(part) for part in (week.problem, week.way_out) if part))
    name = tr("Week {number}: {title}", number=week.number, title=week.title)
    share = done / week.bytes_total if week.bytes_total else 1.0
    return ActionRow(
        id=f"{week.course_id}/{week.number}",
        title=name,
        lines=tuple(lines),
        icon="check-circle" if week.state == "ready" else "download-simple",
        chip=chip,
        tone=tone,
        progress=None if week.state == "ready" else min(1.0, share),
        group=week.course_title,
        actions=(RowAction(OPEN, tr("Open week")),),
    )


def _reasons(n: int) -> dict[str, tuple[str, str]]:
    """Why items will not work offline, and what to do."""
    return {
        views.NOT_HERE: (
            tr("A file of it is not on this computer.|{n} files of it are not on this computer.", n),
            tr("Fetch it before you leave."),
        ),
        views.DAMAGED: (
            tr("A file of it was damaged after it had come.|{n} files of it were damaged after they had come.", n),
            tr("Fetch it again before you leave."),
        ),
        views.NO_ANSWERS: (
            tr("The answer of a question is not part of it.|The answers of {n} questions are not part of it.", n),
            tr("It cannot be judged here: take it while there is a network."),
        ),
        views.UNREADABLE: (
            tr("A file of it cannot be opened.|{n} files of it cannot be opened.", n),
            tr("It is what your program sent. Try it before you leave, and tell your program if it does not open."),
        ),
        views.NEWER: (
            tr("It needs a newer version of Haversack."),
            tr("Install the newest version before you leave."),
        ),
        views.NO_VIDEO: (
            tr("The lecture has no file that could be taken along."),
            tr("Look at it while there is a network."),
        ),
        views.TOOL: (
            tr("It is done with a tool on another site, which needs a network."),
            tr("Do it before you leave or afterwards. What is to be read about it is here."),
        ),
        views.EMBEDDED: (
            tr("It shows a page of another site.|It shows {n} pages of other sites.", n),
            tr("The text around it can be read. Look at the rest in your browser before you leave."),
        ),
        views.NEEDS_NETWORK: (
            tr("It is answered over the network."),
            tr("Do it before you leave or afterwards."),
        ),
    }


def _remarks(n: int) -> dict[str, tuple[str, str]]:
    """What is good to know of items that work all the same, and what to do."""
    return {
        views.GRADE_LATER: (
            tr("You can take it. The grade comes once there is a network again."),
            "",
        ),
        views.HAND_IN_LATER: (
            tr("You can read the task and work on it. It is not handed in while there is no network."),
            "",
        ),
        views.WEB_PICTURES: (
            tr(
                "A picture lies on another site and is not shown.|{n} pictures lie on other sites and are not shown.", n
            ),
            "",
        ),
        views.WEB_LINKS: (
            tr("A link leads to the web and needs a network.|{n} links lead to the web and need a network.", n),
            "",
        ),
        views.UNPROVED: (
            tr("Its file is whole, but of a kind that cannot be looked into."),
            tr("Play a moment of it before you leave."),
        ),
    }


def finding_row(finding: Finding) -> ActionRow:
    """What a check has to say of an item."""
    said = (_remarks if finding.works else _reasons)(finding.count).get(finding.reason, ())
    lines = tuple(part for part in said if part)
    actions = [RowAction(OPEN, tr("Open"))]
    if finding.reason in (views.NOT_HERE, views.DAMAGED):
        actions.insert(0, RowAction(FETCH, tr("Fetch again") if finding.reason == views.DAMAGED else tr("Fetch")))
    return ActionRow(
        id=f"{finding.item_id}#{finding.reason}",
        title=finding.title,
        lines=lines,
        icon=kind_icon(finding.kind),
        group=tr("{course} · week {number}", course=finding.course_title, number=finding.week),
        actions=tuple(actions),
    )


def signed_out_row() -> ActionRow:
    """Nobody is signed in any more."""
    return ActionRow(
        id="sign-in",
        title=tr("You are signed out"),
        lines=(
            tr("What is here works all the same. Nothing more is fetched or sent until you sign in, with a network."),
        ),
        icon="sign-in",
        actions=(RowAction(SIGN_IN, tr("Sign in")),),
    )


def waiting_row(waiting: int) -> ActionRow:
    """Something is still to be sent."""
    return ActionRow(
        id="outbox",
        title=tr("1 entry waits to be sent|{n} entries wait to be sent", waiting),
        lines=(tr("They are kept, and go out when there is a network again."),),
        icon="paper-plane-tilt",
        actions=(RowAction(OUTBOX, tr("Open the Outbox")),),
    )
