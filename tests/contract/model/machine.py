"""Random stories of two learners, their devices, the network and the server."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from desktop.errors import Problem
from desktop.models.outbox import WAITING
from desktop.models.work import outbox
from protocol.quizzes import Answer
from server.accounts.models import User
from server.authoring.programs import ProgramSource
from server.authoring.publishing import publish
from server.catalog.manifests import items_of, manifest_of
from server.feeds.pruning import prune_tombstones
from server.learning.models import Deadline, Enrollment, LedgerEntry, Progress
from server.learning.moving import move_learners
from server.programs.models import Invitation, Program
from tests.contract.model import oracle
from tests.contract.model.devices import ZONES, Device
from tests.contract.model.network import FAULTS, Network
from tests.server.api import Api
from tests.server.conftest import Clock
from tests.server.program_folder import (
    COURSE_ID,
    EXAM,
    LECTURE,
    LECTURE_MS,
    PLAN,
    PRACTICE,
    PROGRAM_ID,
    READING,
    TOOL,
)

ADA, BO = "ada@example.org", "bo@example.org"
ITEMS = (LECTURE, READING, PRACTICE, EXAM, PLAN, TOOL, "basics/more")
RIGHT = (Answer(question_id="q1", choices=("a", "b")), Answer(question_id="q2", text="secret-word"))
WRONG = (Answer(question_id="q1", choices=("a",)),)
EXPECTED = {
    "not_enrolled",
    "not_found",
    "not_here",
    "attempts_exhausted",
    "unenroll_too_late",
    "too_late",
}
"""What a device may say to its learner without asking anybody."""

devices = st.integers(0, 5)
items = st.sampled_from(ITEMS)
places = st.integers(0, LECTURE_MS)
faults = st.lists(
    st.one_of(st.just(("", 0)), st.tuples(st.sampled_from(FAULTS), st.integers(1, 40))), min_size=0, max_size=4
)


class Stories(RuleBasedStateMachine):
    """Each example is undone in the database when it ends. ``clock`` and ``versions`` are given by the test."""

    clock: ClassVar[Clock]
    versions: ClassVar[tuple[ProgramSource, ...]]
    pristine: ClassVar[Path]
    media: ClassVar[Path]
    place: ClassVar[Path | None] = None

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.clock.shift = timedelta()
        self.folder = Path(tempfile.mkdtemp(dir=self.place))
        self.network = Network()
        self.devices: list[Device] = []
        self.written: dict[str, dict[str, oracle.Written]] = {ADA: {}, BO: {}}
        self.number = 0
        self.due: tuple[Any, Any] = (None, None)
        self.finished = False

    @initialize(enrolled=st.sampled_from([True, True, True, False]))
    def learners(self, enrolled: bool) -> None:
        """Ada with two devices, Bo with one; most stories begin with both in the course."""
        program = Program.objects.get(pk=PROGRAM_ID)
        for email in (ADA, BO):
            invitation = Invitation.objects.create(program=program, email=email)
            Api().join(invitation.token)
        for email in (ADA, BO, ADA):
            device = self.add_device(email)
            if enrolled:
                device.services.enrollment.enroll(PROGRAM_ID, COURSE_ID)
                assert device.sync()

    def add_device(self, email: str) -> Device:
        """A new installation, in step."""
        home = self.folder / f"device-{len(self.devices)}"
        device = Device(home, self.media, self.network, email, self.clock.now(), self.pristine)
        self.devices.append(device)
        assert device.sync_all()
        return device

    def device(self, index: int) -> Device:
        """One of them; Ada's most of the time."""
        return self.devices[index % len(self.devices)]

    def at(self, index: int, work: Callable[[Device], None]) -> None:
        """A second later, somebody does something at a device, and may be told why that can't be."""
        self.time_passes(seconds=1)
        device = self.device(index)
        try:
            work(device)
        except Problem as problem:
            if problem.code not in EXPECTED:
                raise

    # --- time ----------------------------------------------------------------------------------------------------

    def time_passes(self, **by: float) -> None:
        """Everywhere."""
        self.clock.forward(**by)
        for device in self.devices:
            device.time_passes(timedelta(**by))

    @rule(hours=st.sampled_from([0.1, 1, 30, 24 * 16]))
    def some_time_passes(self, hours: float) -> None:
        """Minutes or days."""
        self.time_passes(hours=hours)

    @rule()
    def half_a_year_passes(self) -> None:
        """And the server tidies up."""
        self.time_passes(days=190)
        prune_tombstones()

    @rule(index=devices, hours=st.sampled_from([-24 * 365, -3, 3, 24 * 365]))
    def a_clock_is_set_wrong(self, index: int, hours: float) -> None:
        """The wall clock alone."""
        self.device(index).clock.wall += timedelta(hours=hours)

    @rule(index=devices, zone=st.sampled_from(ZONES))
    def a_learner_travels(self, index: int, zone: str) -> None:
        """The device is in another zone."""
        self.device(index).clock.move_to(zone)

    # --- what learners do ----------------------------------------------------------------------------------------

    @rule(index=devices)
    def enroll(self, index: int) -> None:
        """In the one course."""
        self.at(index, lambda device: device.services.enrollment.enroll(PROGRAM_ID, COURSE_ID))

    @rule(index=devices)
    def unenroll(self, index: int) -> None:
        """If there is anything to give up."""
        self.at(index, lambda device: device.services.enrollment.unenroll(enrollment_of(device)))

    @rule(index=devices)
    def reset_deadlines(self, index: int) -> None:
        """The session begins anew."""
        self.at(index, lambda device: device.services.enrollment.reset_deadlines(enrollment_of(device)))

    @rule(index=devices, saved=st.booleans())
    def keep_for_later(self, index: int, saved: bool) -> None:
        """Or no longer."""
        self.at(index, lambda device: device.services.enrollment.save_for_later(COURSE_ID, saved))

    @rule(index=devices, item=items)
    def open_item(self, index: int, item: str) -> None:
        """Any."""
        self.at(index, lambda device: device.services.lectures.opened(item))

    @rule(index=devices, item=items)
    def complete_item(self, index: int, item: str) -> None:
        """Also a graded quiz, which the server refuses."""
        self.at(index, lambda device: device.services.lectures.complete(item))

    @rule(index=devices, start=places, length=st.integers(1, LECTURE_MS))
    def watch(self, index: int, start: int, length: int) -> None:
        """Also beyond the end."""
        self.at(index, lambda device: device.services.lectures.watched(LECTURE, [(start, start + length)]))

    @rule(index=devices, ms=places)
    def stop_at(self, index: int, ms: int) -> None:
        """In the lecture."""
        self.at(index, lambda device: device.services.lectures.set_position(LECTURE, ms))

    @rule(index=devices, item=st.sampled_from([PRACTICE, EXAM]), right=st.booleans())
    def hand_in(self, index: int, item: str, right: bool) -> None:
        """A quiz, as the device has it."""

        def work(device: Device) -> None:
            device.services.quizzes.submit(item, RIGHT if right else WRONG, device.clock.now())

        self.at(index, work)

    # --- notes ---------------------------------------------------------------------------------------------------

    def text(self, device: Device) -> str:
        """One that was never there before, and says whose it is."""
        self.number += 1
        return f"{device.email} {self.number}"

    @rule(index=devices, item=items)
    def write_note(self, index: int, item: str) -> None:
        """A new one."""

        def work(device: Device) -> None:
            text = self.text(device)
            device.services.notes.save(item, text)
            self.written[device.email][newest_action(device)] = oracle.Written(text, frozenset())

        self.at(index, work)

    @rule(index=devices, which=st.integers(0, 20))
    def edit_note(self, index: int, which: int) -> None:
        """Any that the device shows."""
        self.at(index, lambda device: self.rewrite(device, which, self.text(device)))

    @rule(index=devices, which=st.integers(0, 20))
    def delete_note(self, index: int, which: int) -> None:
        """Any that the device shows."""
        self.at(index, lambda device: self.rewrite(device, which, ""))

    def rewrite(self, device: Device, which: int, text: str) -> None:
        """Replace a note's text, or delete it: whoever does has seen what was there."""
        shown = device.services.notes.all()
        if not shown:
            return
        note = shown[which % len(shown)]
        written = self.written[device.email]
        before = unsent_actions(device)
        if text:
            device.services.notes.save(note.item_id, text, note_id=note.id)
        else:
            device.services.notes.delete(note.id)
        joined = [written.pop(action) for action in before - unsent_actions(device) if action in written]
        over = frozenset({note.text}).union(*(one.over for one in joined))
        added = unsent_actions(device) - before
        if added:
            written[added.pop()] = oracle.Written(text, over)

    # --- the outbox ----------------------------------------------------------------------------------------------

    @rule(index=devices, which=st.integers(0, 20))
    def undo(self, index: int, which: int) -> None:
        """Something that waits."""

        def work(device: Device) -> None:
            can = [entry for entry in device.services.outbox.entries() if entry.can_undo]
            if can:
                chosen = can[which % len(can)].id
                device.services.outbox.undo(chosen)
                self.written[device.email].pop(chosen, None)

        self.at(index, work)

    @rule(index=devices)
    def try_again(self, index: int) -> None:
        """Something that was refused."""

        def work(device: Device) -> None:
            for entry in device.services.outbox.entries():
                if entry.state == "refused":
                    device.services.outbox.retry(entry.id)
                    return

        self.at(index, work)

    # --- the way -------------------------------------------------------------------------------------------------

    @rule(index=devices, coming=faults)
    def sync(self, index: int, coming: list[tuple[str, int]]) -> None:
        """Whatever happens on the way."""
        device = self.device(index)
        device.wire.coming = list(coming)
        device.sync()

    @rule(index=devices)
    def push_only(self, index: int) -> None:
        """Sent, not read."""
        self.device(index).push_only()

    @rule(index=devices)
    def pull_only(self, index: int) -> None:
        """Read, not sent."""
        self.device(index).pull_only()

    @precondition(lambda self: self.network.late)
    @rule(which=st.integers(0, 20))
    def the_late_arrives(self, which: int) -> None:
        """Out of its order."""
        self.network.deliver_late(which)

    @rule(index=devices, computer=st.booleans())
    def start_anew(self, index: int, computer: bool) -> None:
        """The program, or the computer with it."""
        device = self.device(index)
        if computer:
            device.clock.started_anew()
        device.started_anew()

    @rule()
    def the_server_starts_anew(self) -> None:
        """With nothing in its memory."""
        manifest_of.cache_clear()
        items_of.cache_clear()

    @rule(which=st.integers(0, 2))
    def publish(self, which: int) -> None:
        """A version of the course, which may be an older one."""
        program, _ = publish(self.versions[which])
        for course in program.courses.all():
            move_learners(course)

    @precondition(lambda self: len(self.devices) < 4)
    @rule()
    def another_device(self) -> None:
        """Ada's third."""
        self.add_device(ADA)

    # --- what must be true ---------------------------------------------------------------------------------------

    @invariant()
    def deadlines_stay(self) -> None:
        """Invariant 6: unless somebody enrolled, gave up, began anew, finished something, or the course changed."""
        judged = LedgerEntry.objects.filter(outcome="applied", kind__in=("enroll", "unenroll", "reset_deadlines"))
        cause = (
            judged.count(),
            sorted(Enrollment.objects.values_list("pk", "version_id", "state")),
            Progress.objects.exclude(completed_at=None).count(),
        )
        found = sorted(Deadline.objects.values_list("pk", "due_at", "zone"))
        assert cause != self.due[0] or found == self.due[1]
        self.due = (cause, found)

    def all_is_quiet(self) -> None:
        """The network mends, everything arrives, everybody reads."""
        while self.network.late:
            self.network.deliver_late(0)
        for _ in range(8):
            self.time_passes(seconds=1)
            arrived = [device.sync_all() for device in self.devices]
            if all(arrived) and not any(device.unsent() for device in self.devices):
                break
        assert not [device.unsent() for device in self.devices if device.unsent()], "it is never sent"
        arrived = [device.sync() for device in self.devices]
        assert all(arrived)

    @rule()
    def check(self) -> None:
        """Quiet, and everything is as it must be."""
        self.all_is_quiet()
        for email in (ADA, BO):
            user = User.objects.get(email=email)
            mine = [device for device in self.devices if device.email == email]
            judged = oracle.Judged(user, self.network.actions)
            for device in mine:
                oracle.check_actions(device, judged)
                assert all(note.text.startswith(email) for note in device.services.notes.all()), "another's note"
            oracle.check_effects(user, judged)
            oracle.check_notes(user, mine, self.written[email].values())
            oracle.check_deadlines(user)
            oracle.check_alike(mine)
            oracle.check_replay(mine[0])

    def teardown(self) -> None:
        """The story ends: everything is checked, and a device that was never there before reads it all."""
        try:
            if self.devices:
                self.check()
                mine = [device for device in self.devices if device.email == ADA]
                newcomer = self.add_device(ADA)
                oracle.check_alike([newcomer, *mine])
        finally:
            for device in self.devices:
                device.close()
            shutil.rmtree(self.folder)
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)


def enrollment_of(device: Device) -> str:
    """What the device's learner would click on."""
    cards = [card for card in device.services.home.view(PROGRAM_ID).cards if card.state in ("active", "completed")]
    return cards[0].enrollment_id if cards else ""


def newest_action(device: Device) -> str:
    """The last one in the outbox."""
    with device.services.store.read() as connection:
        return str(connection.execute(select(outbox.c.id).order_by(outbox.c.sequence.desc()).limit(1)).scalar_one())


def unsent_actions(device: Device) -> set[str]:
    """Those that nobody else has seen."""
    with device.services.store.read() as connection:
        query = select(outbox.c.id).where(outbox.c.state == WAITING, outbox.c.tries == 0)
        return set(connection.execute(query).scalars())
