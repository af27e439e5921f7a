"""Two learners on one computer, at the real server: what one did offline is neither seen nor sent by the other."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.errors import Problem
from desktop.models.views import LearnerView
from desktop.services.services import Services
from desktop.sync.worker import SyncWorker
from tests.contract.conftest import PASSWORD, Client
from tests.contract.test_client_learning import sync
from tests.server.program_folder import COURSE_ID, LECTURE, write_program
from tests.server_process import ServerProcess

SECOND = """
[[invitations]]
email = "grace@example.org"
name = "Grace"
token = "come-too"
"""


def enter(client: Client, learner: LearnerView) -> Services:
    """Open who signed in, enrolled and in sync."""
    services = client.enter(learner)
    sync(client)
    if not services.home.view().cards:
        services.enrollment.enroll(services.learner.view().programs[0].id, COURSE_ID)
        sync(client)
    return services


def test_each_sends_their_own_work_alone(tmp_path: Path, qtbot: QtBot) -> None:
    folder = write_program(tmp_path / "program")
    with (folder / "program.toml").open("a", encoding="utf-8") as program:
        program.write(SECOND)
    with ServerProcess(tmp_path / "server", [folder]) as server:
        links = {found["email"]: found["url"] for found in server.invitations}
        client = Client(tmp_path / "home", server)
        gateway = client.gateway

        def join(email: str, name: str) -> LearnerView:
            return gateway.join_new(gateway.read_invitation(links[email]), name, PASSWORD)

        first = join("ada@example.org", "Ada")
        services = enter(client, first)
        server.kill()
        worker = SyncWorker(services, gateway, client.clock)
        worker.start()
        qtbot.waitUntil(lambda: worker.status.state == "offline", timeout=20_000)
        services.notes.save(LECTURE, "Ada's own", at_ms=100)
        services.lectures.watched(LECTURE, [(0, 900)])

        # She signs out, and he signs in, while her worker is still looking for the server.
        gateway.sign_out()
        server.start()
        second = join("grace@example.org", "Grace")
        assert second.account_id != first.account_id
        worker.look_again()
        qtbot.waitUntil(lambda: worker.status.code == "not_signed_in", timeout=20_000)
        assert services.outbox.waiting_count() == 2
        assert worker.stop()
        services.close()
        his = enter(client, second)
        assert his.outbox.waiting_count() == 0
        assert his.notes.all() == ()
        his.notes.save(LECTURE, "Grace's own", at_ms=200)
        sync(client)
        assert [entry.state for entry in his.outbox.entries() if entry.kind == "save_note"] == ["sent"]
        his.close()

        hers = enter(client, gateway.sign_in(server.url, "ada@example.org", PASSWORD))
        assert hers.outbox.waiting_count() == 0, "sent as soon as she is here again"
        assert [note.text for note in hers.notes.all()] == ["Ada's own"]
        client.close()

        elsewhere = Client(tmp_path / "elsewhere", server)
        for email, text in (("ada@example.org", "Ada's own"), ("grace@example.org", "Grace's own")):
            there = enter(elsewhere, elsewhere.gateway.sign_in(server.url, email, PASSWORD))
            assert [note.text for note in there.notes.all()] == [text]
            there.close()
        elsewhere.close()


def test_a_sign_in_that_fails_changes_nothing_for_who_is_here(tmp_path: Path) -> None:
    folder = write_program(tmp_path / "program")
    with ServerProcess(tmp_path / "server", [folder]) as server:
        client = Client(tmp_path / "home", server)
        invitation = client.gateway.read_invitation(server.invitations[0]["url"])
        services = enter(client, client.gateway.join_new(invitation, "Ada", PASSWORD))
        with pytest.raises(Problem):
            client.gateway.sign_in(server.url, "ada@example.org", "wrong")
        services.notes.save(LECTURE, "still hers")
        sync(client)
        assert services.outbox.waiting_count() == 0
        client.close()
