"""Notes as rows."""

from __future__ import annotations

from desktop.i18n import clock_text, day_text, tr
from desktop.models.views import NoteView
from desktop.ui.itemmodels.action_rows import ActionRow, RowAction

EDIT = "edit"
DELETE = "delete"
IMPORTANT = "important"
UNCLEAR = "unclear"


def label_text(label: str) -> str:
    """A note's label in words; empty for none."""
    return {IMPORTANT: tr("Important"), UNCLEAR: tr("Unclear")}.get(label, "")


def note_row(note: NoteView, *, with_item: bool) -> ActionRow:
    """A note; ``with_item`` names the course and the item, for lists over several of them."""
    facts = []
    if with_item:
        facts.append(note.item_title)
    facts.append(day_text(note.edited_at))
    if note.pending:
        facts.append(tr("waiting to be sent"))
    if note.conflict_of:
        facts.append(tr("the other version of a note that was edited on two devices"))
    return ActionRow(
        id=note.id,
        title=note.text or tr("(no text)"),
        lines=(" · ".join(facts),),
        quote=note.quote,
        chip=label_text(note.label),
        tone="warning" if note.label == UNCLEAR else "accent",
        at=clock_text(note.at_ms) if note.at_ms is not None else "",
        group=note.course_title if with_item else "",
        actions=(RowAction(EDIT, tr("Edit")), RowAction(DELETE, tr("Delete"))),
    )
