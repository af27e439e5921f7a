"""Notes: the last edit wins and the other text is kept; an edit beats a deletion."""

from __future__ import annotations

from protocol.actions import DeleteNote, SaveNote
from protocol.conflicts import Edit, StoredNote, judge_edit, may_delete
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
    """Make, replace, or settle a conflict between two devices."""
    if len(body.text) > LONGEST or len(body.quote) > LONGEST:
        raise bad_request(f"a note is longer than {LONGEST} characters")
    if body.at_ms is not None and not 0 <= body.at_ms <= LONGEST_MS:
        raise bad_request("a note must lie within the medium")
    enrollment = latest_enrollment(acting, body.course_id)
    title = item_in_course(enrollment, body.item_id).title
    note = Note.objects.filter(user=acting.user, public_id=check_client_id(body.note_id)).first()
    if note is None:
        new = Note(user=acting.user, created_at=acting.happened_at)
        _keep(acting, _written(acting, new, body, title))
        return
    device, words = acting.action.device_id[:64], (body.text, body.quote)
    verdict = judge_edit(_stored(note), device, body.base_revision, acting.happened_at, words)
    if verdict is Edit.REPLACE_AND_KEEP:
        _keep_copy(acting, note)
    if verdict in (Edit.REPLACE, Edit.REPLACE_AND_KEEP):
        _keep(acting, _written(acting, note, body, title))
    elif verdict is Edit.KEEP_BESIDE:
        other = Note(user=acting.user, created_at=note.created_at)
        _keep_copy(acting, _written(acting, other, body, title))


def delete_note(acting: Acting, body: DeleteNote) -> None:
    """Delete, unless somebody edited it after what the learner saw."""
    note = Note.objects.filter(user=acting.user, public_id=body.note_id).first()
    if note is None:
        return
    if may_delete(_stored(note), acting.action.device_id[:64], body.base_revision):
        note.delete()
        acting.feed.delete(NOTE, note.public_id)
    else:
        _keep(acting, note)  # told again, so that the device that deleted it gets it back


def _stored(note: Note) -> StoredNote:
    return StoredNote(note.revision, note.device_id, note.edited_at, (note.text, note.quote))


def _written(acting: Acting, note: Note, body: SaveNote, title: str) -> Note:
    note.public_id, note.course_id, note.item_id = body.note_id, body.course_id, body.item_id
    note.at_ms, note.text, note.quote = body.at_ms, body.text, body.quote
    note.label = body.label if body.label in LABELS else ""
    note.item_title = title[:300]
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
        item_title=note.item_title,
        created_at=note.created_at,
        edited_at=note.edited_at,
    )
    _keep(acting, copy)
