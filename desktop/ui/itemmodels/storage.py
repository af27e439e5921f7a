"""What courses take on this computer, as rows: the largest first, the weeks of one of them below it."""

from __future__ import annotations

from desktop.i18n import percent_text, size_text, tr
from desktop.models.storage_views import OTHER, PICTURES, SUBTITLES, VIDEO, CourseUse, StorageView, WeekUse
from desktop.ui.itemmodels.action_rows import ActionRow, RowAction

OPEN, REMOVE, WEEKS = "open", "remove", "weeks"
BETWEEN = "#"
"""Between course and week in the id of a week's row."""


def kind_text(kind: str) -> str:
    """What a kind of files is called."""
    return {
        VIDEO: tr("Video and sound"),
        SUBTITLES: tr("Subtitles"),
        PICTURES: tr("Pictures"),
        OTHER: tr("Texts, quizzes and files"),
    }[kind]


def storage_rows(view: StorageView, unfolded: str) -> list[ActionRow]:
    """A row for each course, with the weeks of the one that is ``unfolded``."""
    rows: list[ActionRow] = []
    for course in view.courses:
        rows.append(_course_row(course, view.bytes_used, unfolded=course.course_id == unfolded))
        if course.course_id == unfolded:
            rows += [_week_row(course, week) for week in course.weeks]
    return rows


def _course_row(course: CourseUse, used: int, *, unfolded: bool) -> ActionRow:
    size = course.bytes_own + course.bytes_shared
    share = size / used if used else 0.0
    lines = [tr("{size} · {percent} of all", size=size_text(size), percent=percent_text(round(100 * share)))]
    if course.bytes_shared:
        lines.append(tr("{size} of it are shared with other courses", size=size_text(course.bytes_shared)))
    actions = [RowAction(OPEN, tr("Open course"))]
    if course.weeks:
        actions.append(RowAction(WEEKS, tr("Hide weeks") if unfolded else tr("Show weeks")))
    if course.bytes_removable:
        actions.append(RowAction(REMOVE, tr("Remove from this computer")))
    return ActionRow(
        id=course.course_id,
        title=course.title,
        lines=tuple(lines),
        icon="hard-drives",
        progress=share,
        actions=tuple(actions),
        spoken=". ".join(
            [tr("{title} takes {size} on this computer", title=course.title, size=size_text(size)), *lines[1:]]
        ),
    )


def _week_row(course: CourseUse, week: WeekUse) -> ActionRow:
    title = tr("Week {number}", number=week.number)
    if week.title and week.title != title:
        title = f"{title} · {week.title}"
    return ActionRow(
        id=f"{course.course_id}{BETWEEN}{week.number}",
        title=title,
        lines=(tr("{size} of lectures and large files", size=size_text(week.bytes_removable)),),
        icon="calendar-blank",
        chip=tr("Finished") if week.done else "",
        tone="success",
        actions=(RowAction(REMOVE, tr("Remove from this computer")),),
    )
