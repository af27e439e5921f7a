"""Notes: the last edit wins and the other text is kept; an edit beats a deletion."""

from __future__ import annotations

from protocol.actions import DeleteNote, SaveNote
from protocol.ids import new_uuid7
from protocol.learning import NOTE
from server.learning.acting import Acting, check_client_id, item_in_course, latest_enrollment
from server.learning.models import Note
from server.learning.studying import LONGEST_MS
from server.learning.wire import note_to_wire
from server.refusals import bad_request

LONGEST = 100_000
LABELS = ("", "important", "unclear")


def save_note(acting: Acting, body: SaveNote) -> None:
    """Make, replace, or settle a conflict between two devices.

    A device knows what it wrote itself, so a chain of its own edits is no conflict even when the first of them had
    not come back by the feed before the second was made.
    """
    if len(body.text) > LONGEST or len(body.quote) > LONGEST:
        raise bad_request(f"a note is longer than {LONGEST} characters")
    if body.at_ms is not None and not 0 <= body.at_ms <= LONGEST_MS:
        raise bad_request("a note must lie within the medium")
    enrollment = latest_enrollment(acting, body.course_id)
    item_in_course(enrollment, body.item_id)
    note = Note.objects.filter(user=acting.user, public_id=check_client_id(body.note_id)).first()
    if note is None:
        _keep(acting, _written(acting, Note(user=acting.user, created_at=acting.happened_at), body))
        return
    seen = note.revision == body.base_revision or note.device_id == acting.action.device_id
    if seen:
        _keep(acting, _written(acting, note, body))
    elif acting.happened_at >= note.edited_at:
        if note.text != body.text:
            _keep_copy(acting, note)
        _keep(acting, _written(acting, note, body))
    elif note.text != body.text:
        other = Note(user=acting.user, created_at=note.created_at)
        _keep_copy(acting, _written(acting, other, body))


def delete_note(acting: Acting, body: DeleteNote) -> None:
    """Delete, unless somebody edited it after what the learner saw."""
    note = Note.objects.filter(user=acting.user, public_id=body.note_id).first()
    if note is None:
        return
    if note.revision == body.base_revision or note.device_id == acting.action.device_id:
        note.delete()
        acting.feed.delete(NOTE, note.public_id)
    else:
        _keep(acting, note)  # told again, so that the device that deleted it gets it back


def _written(acting: Acting, note: Note, body: SaveNote) -> Note:
    note.public_id, note.course_id, note.item_id = body.note_id, body.course_id, body.item_id
    note.at_ms, note.text, note.quote = body.at_ms, body.text, body.quote
    note.label = body.label if body.label in LABELS else ""
    note.edited_at, note.device_id = acting.happened_at, acting.action.device_id[:64]
    return note


def _keep(acting: Acting, note: Note) -> None:
    note.revision = acting.feed.put(NOTE, note.public_id, note_to_wire(note))
    note.save()


def _keep_copy(acting: Acting, note: Note) -> None:
    copy = Note(
        user=acting.user,
        public_id=new_uuid7(),
        conflict_of=note.public_id,
        course_id=note.course_id,
        item_id=note.item_id,
        at_ms=note.at_ms,
        text=note.text,
        label=note.label,
        quote=note.quote,
        created_at=note.created_at,
        edited_at=note.edited_at,
    )
    _keep(acting, copy)
