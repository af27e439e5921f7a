"""Random stories of two learners, their devices, the network and the server."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from datetime import datetime, timedelta
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
from tests.contract.model.carried import Carried
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
"""Learners who are in the course when a story begins."""
CY, DI = "cy@example.org", "di@example.org"
"""Learners who are not."""
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
whatever, pick = st.none(), st.integers(0, 5)
deeds = st.one_of(
    st.tuples(st.sampled_from(["enroll", "unenroll", "reset", "try_again"]), whatever, whatever),
    st.tuples(st.just("keep"), st.booleans(), whatever),
    st.tuples(st.sampled_from(["open", "complete", "write"]), items, whatever),
    st.tuples(st.just("watch"), places, st.integers(1, LECTURE_MS)),
    st.tuples(st.just("stop"), places, whatever),
    st.tuples(st.just("hand_in"), st.sampled_from([PRACTICE, EXAM]), st.booleans()),
    st.tuples(st.just("edit"), pick, whatever),
    st.tuples(st.sampled_from(["edit", "delete"]), pick, whatever),
    st.tuples(st.just("undo"), pick, whatever),
)
"""What learners do: the name of a method of ``Stories``, and two arguments."""
events = st.one_of(
    st.tuples(st.just("hours_pass"), st.sampled_from([0.1, 1, 30, 24 * 16]), whatever),
    st.tuples(st.just("half_a_year_passes"), whatever, whatever),
    st.tuples(st.just("clock_is_set"), devices, st.sampled_from([-24 * 365, -3, 3, 24 * 365])),
    st.tuples(st.just("travels"), devices, st.sampled_from(ZONES)),
    st.tuples(st.just("starts_anew"), devices, st.booleans()),
    st.tuples(st.just("published"), st.integers(0, 2), whatever),
    st.tuples(st.just("late_arrives"), pick, whatever),
    st.tuples(st.just("work_is_saved"), devices, whatever),
    st.tuples(st.just("work_is_delivered"), pick, st.booleans()),
)
"""What else happens, in the same form."""
several = st.lists(deeds, min_size=2, max_size=10)
faults = st.lists(
    st.one_of(st.just(("", 0)), st.tuples(st.sampled_from(FAULTS), st.integers(1, 40))), min_size=1, max_size=4
)
on_the_way: st.SearchStrategy[list[tuple[str, int]] | None] = st.one_of(st.none(), st.just([]), faults)


class Stories(Carried, RuleBasedStateMachine):
    """Each example is undone in the database when it ends. ``clock`` and ``versions`` are given by the test."""

    clock: ClassVar[Clock]
    versions: ClassVar[tuple[ProgramSource, ...]]
    pristine: ClassVar[Path]
    media: ClassVar[Path]
    place: ClassVar[Path | None] = None
    begun: ClassVar[dict[bool, list[Device]]]
    """Devices as every story finds them, closed; by whether their learners are in the course."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.clock.shift = timedelta()
        self.folder = Path(tempfile.mkdtemp(dir=self.place))
        self.network = Network()
        self.devices: list[Device] = []
        self.files: list[tuple[Device, Path]] = []
        self.group = (ADA, BO)
        self.written: dict[str, dict[str, oracle.Written]] = {email: {} for email in (ADA, BO, CY, DI)}
        self.number = 0
        self.due: tuple[Any, Any] = (None, None)
        self.checked = False

    @initialize(enrolled=st.sampled_from([True, True, True, False]))
    def learners(self, enrolled: bool) -> None:
        """Two devices of the first, one of the second."""
        self.group = (ADA, BO) if enrolled else (CY, DI)
        if enrolled:
            for email, number in itertools.product(self.group, range(2)):
                text = f"{email} at the beginning {number}"
                self.written[email][text] = oracle.Written(text, frozenset())
        for number, device in enumerate(self.begun[enrolled]):
            home = self.folder / f"device-{number}"
            self.devices.append(device.copied(home, self.network, self.clock.now()))

    def add_device(self) -> Device:
        """One more of the first learner's, in step."""
        home = self.folder / f"device-{len(self.devices)}"
        device = Device(home, self.media, self.network, self.group[0], self.clock.now())
        self.devices.append(device)
        device.sign_in(self.pristine)
        assert device.sync_all()
        return device

    def device(self, index: int) -> Device:
        """One of them; most of the time the first learner's."""
        return self.devices[index % len(self.devices)]

    # --- the world -----------------------------------------------------------------------------------------------

    def time_passes(self, **by: float) -> None:
        """Everywhere."""
        self.clock.forward(**by)
        for device in self.devices:
            device.time_passes(timedelta(**by))

    @rule(event=events)
    def something_happens(self, event: tuple[str, Any, Any]) -> None:
        """To time and clocks, to a device, to the course."""
        name, one, two = event
        getattr(self, name)(one, two)

    def hours_pass(self, hours: float, _two: Any) -> None:
        """Minutes or days."""
        self.time_passes(hours=hours)

    def half_a_year_passes(self, _one: Any, _two: Any) -> None:
        """And the server tidies up."""
        self.time_passes(days=190)
        prune_tombstones()

    def clock_is_set(self, index: int, hours: float) -> None:
        """The wall clock alone, and wrong."""
        self.device(index).clock.wall += timedelta(hours=hours)

    def travels(self, index: int, zone: str) -> None:
        """The device is in another zone."""
        self.device(index).clock.move_to(zone)

    def starts_anew(self, index: int, computer: bool) -> None:
        """The program, or the computer with it."""
        device = self.device(index)
        if computer:
            device.clock.started_anew()
        device.started_anew()

    def published(self, which: int, _two: Any) -> None:
        """A version of the course, which may be an older one; and the server forgets what it has in memory."""
        manifest_of.cache_clear()
        items_of.cache_clear()
        program, _ = publish(self.versions[which])
        for course in program.courses.all():
            move_learners(course)

    def late_arrives(self, which: int, _two: Any) -> None:
        """Out of its order."""
        if self.network.late:
            self.network.deliver_late(which)

    # --- what learners do ----------------------------------------------------------------------------------------

    @rule(index=devices, deeds=several, coming=on_the_way)
    def a_day(self, index: int, deeds: list[tuple[str, Any, Any]], coming: list[tuple[str, int]] | None) -> None:
        """Somebody does this and that at a device, one thing a second, and may be told why something can't be; in the
        evening there is a network, such as it is, or none."""
        device = self.device(index)
        self.sit(device, deeds)
        if coming is not None:
            device.wire.coming = list(coming)
            device.sync()

    @rule(index=devices, deeds=several, more=several, comes_back=st.booleans())
    def a_day_by_file(
        self, index: int, deeds: list[tuple[str, Any, Any]], more: list[tuple[str, Any, Any]], comes_back: bool
    ) -> None:
        """There is no network: somebody carries a file, and meanwhile work goes on."""
        device = self.device(index)
        self.sit(device, deeds)
        self.work_is_saved(index, None)
        self.sit(device, more)
        self.work_is_delivered(-1, comes_back)

    @rule(deeds=several, others=several)
    def a_day_apart(self, deeds: list[tuple[str, Any, Any]], others: list[tuple[str, Any, Any]]) -> None:
        """Two devices of one learner, and none hears of the other until the evening."""
        mine = [device for device in self.devices if device.email == self.group[0]]
        self.sit(mine[0], deeds)
        self.sit(mine[1], others)
        for device in mine[:2]:
            device.sync()

    def sit(self, device: Device, deeds: list[tuple[str, Any, Any]]) -> None:
        """One thing after another."""
        for name, one, two in deeds:
            self.time_passes(seconds=1)
            try:
                getattr(self, name)(device, one, two)
            except Problem as problem:
                if problem.code not in EXPECTED:
                    raise

    def enroll(self, device: Device, _one: Any, _two: Any) -> None:
        """In the one course."""
        device.services.enrollment.enroll(PROGRAM_ID, COURSE_ID)

    def unenroll(self, device: Device, _one: Any, _two: Any) -> None:
        """If there is anything to give up."""
        device.services.enrollment.unenroll(enrollment_of(device))

    def reset(self, device: Device, _one: Any, _two: Any) -> None:
        """The session begins anew."""
        device.services.enrollment.reset_deadlines(enrollment_of(device))

    def keep(self, device: Device, saved: bool, _two: Any) -> None:
        """For later, or no longer."""
        device.services.enrollment.save_for_later(COURSE_ID, saved)

    def open(self, device: Device, item: str, _two: Any) -> None:
        """Any item."""
        device.services.lectures.opened(item)

    def complete(self, device: Device, item: str, _two: Any) -> None:
        """Also a graded quiz, which the server refuses."""
        device.services.lectures.complete(item)

    def watch(self, device: Device, start: int, length: int) -> None:
        """Also beyond the end."""
        device.services.lectures.watched(LECTURE, [(start, start + length)])

    def stop(self, device: Device, ms: int, _two: Any) -> None:
        """In the lecture."""
        device.services.lectures.set_position(LECTURE, ms)

    def hand_in(self, device: Device, item: str, right: bool) -> None:
        """A quiz, as the device has it."""
        device.services.quizzes.submit(item, RIGHT if right else WRONG, device.clock.now())

    def write(self, device: Device, item: str, _two: Any) -> None:
        """A new note, with a text that was never there before and says whose it is."""
        text = self.text(device)
        device.services.notes.save(item, text)
        self.written[device.email][newest_action(device)] = oracle.Written(text, frozenset())

    def edit(self, device: Device, which: int, _two: Any) -> None:
        """Any note that the device shows."""
        self.rewrite(device, which, self.text(device))

    def delete(self, device: Device, which: int, _two: Any) -> None:
        """Any note that the device shows."""
        self.rewrite(device, which, "")

    def text(self, device: Device) -> str:
        """A new one."""
        self.number += 1
        return f"{device.email} {self.number}"

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

    def undo(self, device: Device, which: int, _two: Any) -> None:
        """Something that waits."""
        can = [entry for entry in device.services.outbox.entries() if entry.can_undo]
        if can:
            chosen = can[which % len(can)].id
            device.services.outbox.undo(chosen)
            self.written[device.email].pop(chosen, None)

    def try_again(self, device: Device, _one: Any, _two: Any) -> None:
        """Something that was refused."""
        for entry in device.services.outbox.entries():
            if entry.state == "refused":
                device.services.outbox.retry(entry.id)
                return

    # --- the way -------------------------------------------------------------------------------------------------

    @rule(index=devices, sends=st.booleans())
    def sync_half(self, index: int, sends: bool) -> None:
        """Sent and not read, or read and not sent."""
        device = self.device(index)
        device.push_only() if sends else device.pull_only()

    @precondition(lambda self: len(self.devices) < 4)
    @rule()
    def another_device(self) -> None:
        """The first learner's third."""
        self.add_device()

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
            arrived = [device.sync() for device in self.devices]
            if all(arrived) and not any(device.unsent() for device in self.devices):
                break
        assert not [device.unsent() for device in self.devices if device.unsent()], "it is never sent"
        arrived = [device.sync_all() for device in self.devices]
        assert all(arrived)

    @precondition(lambda self: not self.checked)
    @rule()
    def check_in_between(self) -> None:
        """Once, and then life goes on."""
        self.checked = True
        self.check()

    def check(self) -> None:
        """Quiet, and everything is as it must be."""
        self.all_is_quiet()
        for email in self.group:
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
                mine = [device for device in self.devices if device.email == self.group[0]]
                newcomer = self.add_device()
                oracle.check_alike([newcomer, *mine])
        finally:
            for device in self.devices:
                device.close()
            shutil.rmtree(self.folder)
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)


def begin(folder: Path, media: Path, pristine: Path, now: datetime) -> dict[bool, list[Device]]:
    """Make the learners and their devices, two of the first and one of the second, and close them."""
    program = Program.objects.get(pk=PROGRAM_ID)
    begun: dict[bool, list[Device]] = {}
    for enrolled, (first, second) in {True: (ADA, BO), False: (CY, DI)}.items():
        begun[enrolled] = []
        for email in (first, second):
            Api().join(Invitation.objects.create(program=program, email=email).token)
        for email in (first, second, first):
            device = Device(folder / f"{enrolled} {len(begun[enrolled])}", media, Network(), email, now)
            device.sign_in(pristine)
            if enrolled:
                device.services.enrollment.enroll(PROGRAM_ID, COURSE_ID)
            assert device.sync_all()
            device.check_in()
            if enrolled and email not in [other.email for other in begun[enrolled]]:
                for number in range(2):
                    device.services.notes.save(LECTURE, f"{email} at the beginning {number}")
                assert device.sync_all()
            begun[enrolled].append(device)
            device.close()
    return begun


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
