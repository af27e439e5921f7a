"""Work that is carried by file, over the real server: a laptop that never has a network again, and a carrier."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select, update

from desktop.errors import Problem
from desktop.models.carried_views import RECEIPT, WORK
from desktop.models.outbox import APPLIED, REFUSED, SETTLED
from desktop.models.work import outbox, work_files
from desktop.services.services import Services
from desktop.sync.checking_in import check_in
from protocol.manifest import VIDEO
from tests.contract.conftest import EMAIL, PASSWORD, Client
from tests.contract.test_client_learning import COURSE, first, sync
from tests.server_process import ROOT, ServerProcess

Make = Callable[[str], Client]


def greet(client: Client) -> None:
    """Check in, as the worker's round does."""
    account = client.services.store.account_id
    check_in(client.services.store, client.gateway.api, client.gateway.installation(account))


@pytest.fixture
def laptop(client: Make, server: ServerProcess) -> Client:
    """Signed in at the server's own address, enrolled, in step; from now on without a network."""
    found = client("laptop")
    invitation = found.gateway.read_invitation(server.invitations[0]["url"])
    services = found.enter(found.gateway.join_new(invitation, "Ada", PASSWORD))
    greet(found)
    sync(found)
    services.enrollment.enroll(services.learner.view().programs[0].id, COURSE)
    sync(found)
    return found


def states(services: Services) -> dict[str, str]:
    """The state of every action by id."""
    with services.store.read() as connection:
        return {row.id: row.state for row in connection.execute(select(outbox.c.id, outbox.c.state))}


def deliver_by_command(*files: Path) -> tuple[int, str]:
    """``haversack deliver``, without a display and from another folder: exit code, and everything it said."""
    command = [sys.executable, "-m", "desktop", "deliver", *(file.name for file in files)]
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "QT_QPA_PLATFORM")}
    done = subprocess.run(
        command,
        cwd=files[0].parent,
        env=environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


def waiting(services: Services) -> set[str]:
    return {action for action, state in states(services).items() if state == "waiting"}


def test_a_week_on_a_laptop_without_a_network(laptop: Client, client: Make, tmp_path: Path) -> None:
    services = laptop.services
    video = first(services, VIDEO)
    services.lectures.opened(video)
    services.lectures.watched(video, [(0, 21_000)])
    services.lectures.set_position(video, 21_000)
    services.notes.save(video, "here it becomes clear", at_ms=21_000)
    before = waiting(services)
    assert before

    stick = tmp_path / "stick"
    stick.mkdir()
    saved = laptop.gateway.save_work(stick / "ada.haversack-work")
    assert (saved.actions, saved.left) == (len(before), 0)
    carried = services.outbox.carried()
    assert carried.filed_at is not None
    assert carried.files == 1
    assert all(entry.filed_at for entry in services.outbox.entries() if entry.state == "waiting")
    assert not any(entry.can_undo for entry in services.outbox.entries()), "it may arrive"

    carrier = client("carrier")
    found = carrier.gateway.look_at_file(saved.file)
    assert (found.kind, found.server, found.mine) == (WORK, laptop.server.url, False)
    delivered = carrier.gateway.deliver_work(saved.file)
    assert (delivered.actions, delivered.duplicates, delivered.refused) == (len(before), 0, 0)
    assert delivered.receipt == stick / "ada.haversack-receipt"

    elsewhere = client("elsewhere")
    there = elsewhere.sign_in()
    sync(elsewhere)
    assert [note.text for note in there.notes.all()] == ["here it becomes clear"]
    assert there.lectures.view(video).resume_ms == 21_000

    assert laptop.gateway.look_at_file(delivered.receipt).kind == RECEIPT
    taken = laptop.gateway.take_receipt(delivered.receipt)
    assert (taken.sent, taken.refused, taken.known) == (len(before), 0, 0)
    assert {states(services)[action] for action in before} == {APPLIED}
    carried = services.outbox.carried()
    assert (carried.waiting, carried.filed_at, carried.files) == (0, None, 0)
    assert carried.answered_at is not None
    assert [note.text for note in services.notes.all()] == ["here it becomes clear"], "still shown before any pull"
    again = laptop.gateway.take_receipt(delivered.receipt)
    assert (again.sent, again.known) == (0, len(before))
    sync(laptop)
    assert set(states(services).values()) == {SETTLED}


def test_without_a_receipt_the_next_sync_of_our_own_settles_it(laptop: Client, client: Make, tmp_path: Path) -> None:
    services = laptop.services
    video = first(services, VIDEO)
    services.notes.save(video, "carried")
    saved = laptop.gateway.save_work(tmp_path / "ada.haversack-work")
    services.notes.save(video, "written after the file was saved")
    carrier = client("carrier")
    carrier.gateway.deliver_work(saved.file)
    code, said = deliver_by_command(saved.file, tmp_path / "gone")
    assert code == 1
    assert "1 action has arrived, 1 of them before. Take the receipt back: " in said
    assert "gone: This file cannot be read." in said
    assert deliver_by_command(saved.file)[0] == 0
    sync(laptop)
    assert sorted(note.text for note in services.notes.all()) == ["carried", "written after the file was saved"]
    assert services.outbox.carried().waiting == 0
    late = laptop.gateway.take_receipt(tmp_path / "ada.haversack-receipt")
    assert (late.sent, late.known) == (0, 1)

    # What was saved to a file is out of our hands: a later edit is an action of its own.
    note = services.notes.save(video, "first words")
    saved = laptop.gateway.save_work(tmp_path / "ada.haversack-work")
    services.notes.save(video, "better words", note_id=note.id)
    carrier.gateway.deliver_work(saved.file)
    sync(laptop)
    assert "better words" in [found.text for found in services.notes.all()]
    assert len(services.notes.all()) == 3


def test_a_refusal_comes_back_by_the_receipt(laptop: Client, client: Make, tmp_path: Path) -> None:
    services = laptop.services
    services.notes.save(first(services, VIDEO), "kept")
    with services.store.write({"outbox"}) as connection:
        body = connection.execute(select(outbox.c.body).where(outbox.c.state == "waiting")).scalar_one()
        elsewhere = body.replace(first(services, VIDEO).encode(), b"nowhere")
        connection.execute(update(outbox).where(outbox.c.state == "waiting").values(body=elsewhere))
    saved = laptop.gateway.save_work(tmp_path / "ada.haversack-work")
    carrier = client("carrier").gateway
    delivered = carrier.deliver_work(saved.file)
    assert delivered.refused == 1
    assert delivered.receipt is not None
    assert laptop.gateway.take_receipt(delivered.receipt).refused == 1
    assert REFUSED in states(services).values()
    (entry,) = [found for found in services.outbox.entries() if found.state == "refused"]
    assert entry.reason
    assert entry.filed_at is None, "it is not on its way any more"

    # Where the stick cannot be written, the receipt can be put elsewhere.
    laptop.services.notes.save(first(laptop.services, VIDEO), "x")
    saved = laptop.gateway.save_work(tmp_path / "bo.haversack-work")
    (tmp_path / "bo.haversack-receipt").mkdir()
    delivered = carrier.deliver_work(saved.file)
    assert delivered.receipt is None
    kept = tmp_path / "kept"
    kept.write_bytes(delivered.receipt_data)
    assert laptop.gateway.take_receipt(kept).sent == 1


def problem(work: Callable[[], object]) -> str:
    with pytest.raises(Problem) as caught:
        work()
    assert caught.value.text
    assert caught.value.way_out
    return caught.value.code


def test_what_cannot_be_done_is_said(laptop: Client, client: Make, tmp_path: Path) -> None:
    services, gateway = laptop.services, laptop.gateway
    file = tmp_path / "ada.haversack-work"
    assert problem(lambda: gateway.save_work(file)) == "nothing_waits"
    services.notes.save(first(services, VIDEO), "x")
    assert problem(lambda: gateway.save_work(tmp_path / "no folder" / "x")) == "file_unwritable"
    assert not (tmp_path / "no folder").exists()
    assert services.outbox.entries()[0].can_undo, "nothing was written: it can still be taken back"
    with services.store.read() as connection:
        assert connection.execute(select(work_files.c.reference)).all() == []
    saved = gateway.save_work(file).file
    carrier = client("carrier").gateway
    holiday = tmp_path / "holiday.jpg"
    holiday.write_bytes(b"\xff\xd8\xff")
    for ask in (carrier.deliver_work, carrier.look_at_file):
        assert problem(lambda ask=ask: ask(holiday)) == "work_unreadable"  # type: ignore[misc]
        assert problem(lambda ask=ask: ask(tmp_path / "gone")) == "file_unreadable"  # type: ignore[misc]
    cut = tmp_path / "cut.haversack-work"
    cut.write_bytes(saved.read_bytes()[:-100])
    assert problem(lambda: carrier.deliver_work(cut)) == "work_unreadable"
    delivered = carrier.deliver_work(saved)
    assert delivered.receipt is not None
    assert problem(lambda: gateway.take_receipt(saved)) == "receipt_unreadable"
    cut.write_bytes(delivered.receipt_data[:-1])
    assert problem(lambda: gateway.take_receipt(cut)) == "receipt_unreadable"
    other = client("other")
    other.enter(other.gateway.sign_in(laptop.server.url, EMAIL, PASSWORD))
    assert problem(lambda: other.gateway.take_receipt(delivered.receipt)) == "receipt_for_another"  # type: ignore[arg-type]
    assert services.outbox.carried().waiting == 1, "nothing was settled by any of this"

    fresh = client("fresh")
    fresh.enter(fresh.gateway.sign_in(laptop.server.url, EMAIL, PASSWORD))
    assert problem(lambda: fresh.gateway.save_work(file)) == "not_prepared", "it never checked in"
    at_home = client("at home")
    at_home.sign_in()
    assert at_home.services.store.account_id == services.store.account_id
    assert problem(lambda: at_home.gateway.save_work(file)) == "sample_not_carried"

    account = services.store.account_id
    gateway.sign_out()()
    assert problem(lambda: carrier.deliver_work(saved)) == "device_signed_out"
    laptop.close()
    laptop.enter(gateway.sign_in(laptop.server.url, EMAIL, PASSWORD))
    assert laptop.services.store.account_id == account
    greet(laptop)
    sync(laptop)
    assert [note.text for note in laptop.services.notes.all()] == ["x"]


@pytest.mark.expected_log("goes by the same id")
def test_a_cloned_installation_becomes_a_device_of_its_own(laptop: Client, client: Make, tmp_path: Path) -> None:
    """The whole data folder was copied, with what waits in it: both go on, and nothing is lost or doubled."""
    services = laptop.services
    video = first(services, VIDEO)
    note = services.notes.save(video, "from before the copy")
    sync(laptop)
    services.notes.save(video, "waits in both", note_id=note.id)
    laptop.close()
    shutil.copytree(laptop.home, tmp_path / "kept")
    copy = client("copy")
    shutil.rmtree(copy.home)
    shutil.copytree(tmp_path / "kept", copy.home)
    ids = {client.gateway.device.id for client in (laptop, copy)}
    assert len(ids) == 1
    laptop.enter(laptop.gateway.sign_in(laptop.server.url, EMAIL, PASSWORD))
    greet(laptop)
    sync(laptop)
    copy.enter(copy.gateway.sign_in(laptop.server.url, EMAIL, PASSWORD))
    greet(copy)
    greet(laptop)
    assert laptop.gateway.device.id != copy.gateway.device.id
    assert copy.services.outbox.waiting_count() == 1, "what waits stays where it is"
    sync(copy)
    sync(laptop)
    one, two = laptop.services, copy.services
    assert [found.text for found in one.notes.all()] == ["waits in both"]
    one.notes.save(video, "here", note_id=note.id)
    two.notes.save(video, "there", note_id=note.id)
    for device in (laptop, copy, laptop):
        sync(device)
    assert sorted(found.text for found in one.notes.all()) == ["here", "there"], "two devices: no text is lost"
