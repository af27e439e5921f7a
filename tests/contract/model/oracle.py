"""What must be true of server and devices once everything has been sent and read: the invariants as assertions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import select

from desktop.models.outbox import REFUSED, SETTLED
from desktop.models.views import CourseCard
from desktop.models.work import outbox
from protocol import actions as wire
from protocol.actions import ACTION_BODIES, Action
from protocol.conflicts import due_moment
from protocol.quizzes import Answer
from protocol.watching import union
from protocol.wire import Wire, decode
from server.accounts.models import User
from server.catalog.manifests import items_of
from server.learning.models import (
    Attempt,
    Deadline,
    Enrollment,
    LedgerEntry,
    Note,
    Position,
    Progress,
    SavedCourse,
)
from server.learning.moments import zone_named
from tests.contract.model.devices import Device
from tests.desktop.sync.test_push_pull import rows
from tests.server.program_folder import LECTURE, LECTURE_MS


@dataclass(frozen=True)
class Written:
    """An action on a note: the text it holds (empty: a deletion), and the texts that its author saw and replaced."""

    text: str
    over: frozenset[str]


def body_of(action: Action) -> Wire:
    """What was meant."""
    return decode(bytes(action.body), ACTION_BODIES[action.kind])


class Judged:
    """The actions of a learner that were applied, with their moments as the server took them."""

    def __init__(self, user: User, sent: Mapping[str, Action]) -> None:
        self.entries = {entry.action_id: entry for entry in LedgerEntry.objects.filter(user=user)}
        self._sent = sent

    def applied(self, kind: type[Wire]) -> list[tuple[Any, LedgerEntry]]:
        """Of one kind."""
        found = [
            (body_of(self._sent[key]), entry)
            for key, entry in self.entries.items()
            if entry.outcome == wire.APPLIED and key in self._sent
        ]
        return [(body, entry) for body, entry in found if isinstance(body, kind)]


def check_actions(device: Device, judged: Judged) -> None:
    """Invariant 1: each action is judged once, and both sides know it as the same."""
    with device.services.store.read() as connection:
        found = connection.execute(select(outbox.c.id, outbox.c.state, outbox.c.error_code, outbox.c.error_text)).all()
    for row in found:
        entry = judged.entries.get(row.id)
        assert entry is not None, f"the server never judged {row}"
        if entry.outcome == wire.APPLIED:
            assert row.state == SETTLED, row
        else:
            assert row.state == REFUSED, row
            assert entry.error is not None, row
            assert row.error_code == entry.error["code"], row
            assert row.error_text, "a refusal without a reason"


def check_effects(user: User, judged: Judged) -> None:
    """Invariant 1: what was applied has had its effect, and had it once."""
    _check_progress(user, judged)
    _check_positions(user, judged)
    decisions = [(entry.happened_at, body.saved) for body, entry in judged.applied(wire.SaveCourse)]
    kept = SavedCourse.objects.filter(user=user, saved=True).exists()
    if decisions:
        newest = max(at for at, _ in decisions)
        assert kept in {saved for at, saved in decisions if at == newest}
    else:
        assert not kept
    handed_in = {body.attempt_id: body for body, _ in judged.applied(wire.SubmitAttempt)}
    attempts = {row.public_id: row for row in Attempt.objects.filter(user=user)}
    assert attempts.keys() == handed_in.keys()
    for key, row in attempts.items():
        assert row.quiz == handed_in[key].quiz, "an attempt stays with the version it was taken in"
        assert msgspec.convert(tuple(row.answers), tuple[Answer, ...]) == handed_in[key].answers
    held = Enrollment.objects.filter(user=user).exclude(state=Enrollment.UNENROLLED)
    assert held.count() <= 1


def _check_progress(user: User, judged: Judged) -> None:
    progress = {row.item_id: row for row in Progress.objects.filter(user=user)}
    seen = [body.intervals for body, _ in judged.applied(wire.Watch)]
    inside = [[(max(0, start), min(end, LECTURE_MS)) for start, end in part] for part in seen]
    watched = progress[LECTURE].watched if LECTURE in progress else []
    assert tuple((start, end) for start, end in watched) == union(*inside)
    for kind in (wire.OpenItem, wire.CompleteItem, wire.Watch):
        for body, entry in judged.applied(kind):
            row = progress[body.item_id]
            assert row.opened_at is not None
            assert row.opened_at <= entry.happened_at
            if kind is wire.CompleteItem:
                assert row.completed_at is not None
                assert row.completed_at <= entry.happened_at


def _check_positions(user: User, judged: Judged) -> None:
    stops: dict[str, list[tuple[Any, int]]] = {}
    for body, entry in judged.applied(wire.SetPosition):
        stops.setdefault(body.item_id, []).append((entry.happened_at, body.position_ms))
    found = {row.item_id: (row.at, row.position_ms) for row in Position.objects.filter(user=user)}
    assert found == {item_id: max(made) for item_id, made in stops.items()}


def check_notes(user: User, devices: Iterable[Device], written: Iterable[Written]) -> None:
    """Nothing that was typed is lost but by somebody who saw it and wrote over it; nothing is there twice."""
    texts = [note.text for note in Note.objects.filter(user=user)]
    assert len(texts) == len(set(texts)), "a text is there twice"
    known = list(written)
    entries = [entry for device in devices for entry in device.services.outbox.entries()]
    safe = set(texts) | {entry.detail for entry in entries if entry.state == "refused"}
    replaced = frozenset[str]().union(*(one.over for one in known))
    assert {one.text for one in known if one.text} - replaced <= safe


def check_deadlines(user: User) -> None:
    """Due times are what enrollment and version say, wherever the devices are and whatever their clocks show."""
    done = set(Progress.objects.filter(user=user).exclude(completed_at=None).values_list("item_id", flat=True))
    found = {row.item_id: row for row in Deadline.objects.filter(user=user)}
    held = Enrollment.objects.filter(user=user).exclude(state=Enrollment.UNENROLLED).first()
    if held is None:
        assert not found
        return
    items = items_of(held.version_id)
    for item in items.values():
        if item.due_day is not None and item.id not in done:
            due = due_moment(held.session_starts_at, item.due_day, zone_named(held.zone))
            assert (found[item.id].due_at, found[item.id].zone) == (due, held.zone)
    assert not {item_id for item_id in found if item_id not in items and item_id not in done}


def check_alike(devices: list[Device]) -> None:
    """Invariant 2: devices that are in step show the same."""
    first = devices[0]
    for device in devices:
        device.clock.wall = first.clock.wall
    expected = rows(first.services)
    for device in devices[1:]:
        assert rows(device.services) == expected
        assert _notes(device) == _notes(first)
        assert _cards(device) == _cards(first)


def _notes(device: Device) -> list[tuple[str, str, bool, str]]:
    shown = device.services.notes.all()
    assert all(note.item_title for note in shown), "a note on nothing: its item may be gone, its title must not be"
    return [(note.id, note.text, note.pending, note.conflict_of) for note in shown]


def _cards(device: Device) -> list[CourseCard]:
    """Content of a course that was given up is not given out again: a new device knows less of it."""
    return [card for card in device.services.home.view().cards if card.state != "inactive"]


def check_replay(device: Device) -> None:
    """Invariant 2: reading all from the beginning gives what is there."""
    before = rows(device.services)
    with device.services.store.write(set()) as connection:
        connection.exec_driver_sql("UPDATE feeds SET cursor = 'another-life.1'")
    assert device.sync()
    assert rows(device.services) == before
