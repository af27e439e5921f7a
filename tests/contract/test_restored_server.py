"""A server's database is lost and an older copy restored: what learners made since is there again, once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest

from desktop.models.outbox import SETTLED
from desktop.sync.rounds import Rounds
from protocol.manifest import PRACTICE_QUIZ, READING, VIDEO
from tests.contract.conftest import Client
from tests.contract.test_carried_work import states
from tests.contract.test_client_learning import COURSE, first, some_answers
from tests.desktop.sync.test_push_pull import rows
from tests.server_process import ROOT, ServerProcess

Make = Callable[[str], Client]


class Device:
    """An installation whose sync is made by hand, in whole rounds."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.services = client.services
        account = self.services.store.account_id
        installation = client.gateway.installation(account)
        self._rounds = Rounds(self.services.store, client.gateway.api_of(account), installation, client.home)

    def sync(self) -> None:
        """One round; every part of it is due."""
        self._rounds.make(lambda: False)

    def start_again(self) -> None:
        """As after a start of the program: it checks in with the next round."""
        self._rounds._checked_in_at = None

    def texts(self) -> list[str]:
        return sorted(note.text for note in self.services.notes.all())

    def forget_the_feed(self) -> None:
        """Read everything anew with the next round."""
        with self.services.store.write(set()) as connection:
            connection.exec_driver_sql("DELETE FROM feeds")


def backup(server: ServerProcess, to: Path) -> None:
    """While it runs, as an operator does."""
    with closing(connect(server.home / "server.sqlite3")) as source, closing(connect(to)) as target:
        source.backup(target)


def restore(server: ServerProcess, copy: Path) -> None:
    """The machine is lost; a new one gets the copy."""
    server.kill()
    for file in server.home.glob("server.sqlite3*"):
        file.unlink()
    shutil.copyfile(copy, server.home / "server.sqlite3")
    server.start()


def restore_by_hand(server: ServerProcess, copy: Path) -> None:
    """As docs/deploy.md says."""
    shutil.copyfile(copy, server.home / "server.sqlite3")
    command = [sys.executable, "-m", "server", "manage", "--home", str(server.home), "begin_feeds_anew"]
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    said = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=60)
    assert "feeds begin anew" in said.stdout
    server.start()


@pytest.fixture
def pair(client: Make) -> tuple[Device, Device]:
    """Two devices of one learner, enrolled, in step."""
    one = client("one")
    one.join()
    first_device = Device(one)
    first_device.sync()
    services = one.services
    services.enrollment.enroll(services.learner.view().programs[0].id, COURSE)
    first_device.sync()
    two = client("two")
    two.sign_in()
    second_device = Device(two)
    second_device.sync()
    first_device.sync()
    return first_device, second_device


def work(one: Device, two: Device) -> None:
    """Of every kind, at both."""
    here, there = one.services, two.services
    video, reading, quiz = first(here, VIDEO), first(here, READING), first(here, PRACTICE_QUIZ)
    here.lectures.watched(video, [(0, 9_000)])
    here.lectures.set_position(video, 9_000)
    note = here.notes.save(video, "first words", at_ms=9_000)
    here.notes.save(video, "better words", note_id=note.id)
    here.lectures.complete(reading)
    one.client.gateway.fetch_item(quiz)
    view = here.quizzes.view(quiz)
    assert view.quiz is not None
    here.quizzes.submit(quiz, some_answers(view.quiz), one.client.clock.now())
    there.notes.save(reading, "from the second device")
    for device in (one, two, one):
        device.sync()


def shown(device: Device) -> tuple[object, ...]:
    """What the learner sees of their own."""
    services = device.services
    video, quiz = first(services, VIDEO), first(services, PRACTICE_QUIZ)
    outline = services.courses.outline(COURSE)
    attempts = [(attempt.id, attempt.result) for attempt in services.quizzes.view(quiz).attempts]
    return device.texts(), services.lectures.view(video).resume_ms, outline.percent, attempts


def check(one: Device, two: Device, before: tuple[object, ...]) -> None:
    for device in (one, two, one, two):
        device.sync()
    for device in (one, two):
        assert shown(device) == before
        assert set(states(device.services).values()) == {SETTLED}
    assert rows(one.services) == rows(two.services)
    one.forget_the_feed()
    one.sync()
    assert shown(one) == before, "and the server has it all"
    assert rows(one.services) == rows(two.services)


def test_who_sends_first_finds_it_out_and_everything_is_there_once(
    pair: tuple[Device, Device], server: ServerProcess, tmp_path: Path
) -> None:
    """The one that was less far goes first: the feed has passed by what the other knows before that comes."""
    one, two = pair
    backup(server, tmp_path / "backup")
    work(one, two)
    before = shown(one)
    restore(server, tmp_path / "backup")
    # Nothing was lost that the second sent after the copy but a note; it writes more, so that numbers are given again.
    for number in range(12):
        two.services.notes.save(first(two.services, VIDEO), f"after {number}")
    two.sync()
    one.services.notes.save(first(one.services, VIDEO), "after at the first")
    one.sync()
    texts = sorted([*before[0], *(f"after {number}" for number in range(12)), "after at the first"])  # type: ignore[misc]
    check(one, two, (texts, *before[1:]))


def test_devices_that_have_nothing_new_find_it_out_too(
    pair: tuple[Device, Device], server: ServerProcess, tmp_path: Path
) -> None:
    one, two = pair
    backup(server, tmp_path / "backup")
    work(one, two)
    before = shown(one)
    restore(server, tmp_path / "backup")
    for device in pair:
        device.start_again()
    check(one, two, before)


def test_an_operator_who_says_so_has_the_same_and_what_was_not_lost_is_a_duplicate(
    pair: tuple[Device, Device], server: ServerProcess, tmp_path: Path
) -> None:
    one, two = pair
    work(one, two)
    before = shown(one)
    backup(server, tmp_path / "backup")
    server.stop()
    restore_by_hand(server, tmp_path / "backup")
    for device in pair:
        device.start_again()
    check(one, two, before)
