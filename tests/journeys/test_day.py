"""A learner's day, end to end: real window, real server process, real databases, real kills, real pictures.

The server is killed while the learner studies, the program is killed while its work waits; afterwards everything is
there, sent once, and a second installation shows the same. On the sample program, and on real material.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.books import Books
from tests.journeys.conftest import StartPart
from tests.journeys.materials import MATERIALS, Material
from tests.journeys.parts import PATIENCE_S, Part
from tests.journeys.signals import Signals
from tests.real_material import material as real_folder
from tests.server_process import ServerProcess


@pytest.mark.journey
@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", ["sample", "real"])
def test_a_learners_day(kind: str, tmp_path: Path, start_part: StartPart) -> None:
    if kind == "real":
        real_folder()  # skips, with the reason, where there is none
    material = MATERIALS[kind](tmp_path / "material")
    signals = Signals(tmp_path / "signals")
    signals.tell("material", [kind, str(tmp_path / "material")])

    def start(name: str, home: str) -> Part:
        return start_part(f"tests.journeys.day:{name}", tmp_path / home, tmp_path / "signals")

    with ServerProcess(tmp_path / "server", load=[material.program]) as server:
        invitation = server.invitations[0]
        signals.tell("link", invitation["url"])
        signals.tell("email", invitation["email"])
        signals.tell("server", server.url)
        first = start("study", "one")
        signals.wait("studied online", first.alive, PATIENCE_S)
        server.kill()
        signals.tell("server is down")
        before = signals.wait("kill the program", first.alive, PATIENCE_S)
        first.kill()

        again = start("come_back", "one")
        after = signals.wait("still there", again.alive, PATIENCE_S)
        assert after["state"] == before["state"]
        assert after["waiting"] == before["waiting"]
        assert after["state"]["next"] == [material.lecture, before["state"]["positions"][material.lecture]]
        signals.wait("resumed", again.alive, PATIENCE_S)

    with ServerProcess(tmp_path / "server", load=[material.program], port=server.port):
        signals.tell("server is back")
        sent = signals.wait("sent", again.alive, PATIENCE_S)
        assert sent == after["state"]
        _check_books(Books(tmp_path / "server"), sent, after["waiting"], material)
        assert again.process.wait(30) == 0
        second = start("second_installation", "two")
        assert signals.wait("second", second.alive, PATIENCE_S) == sent
        assert second.process.wait(60) == 0


def _check_books(books: Books, sent: dict[str, Any], waited: list[list[str]], material: Material) -> None:
    """The server has everything once, and nothing else."""
    attempts = [attempt for tries in sent["attempts"].values() for attempt, _ in tries]
    assert sorted(books.attempts()) == sorted(attempts)
    assert len(set(attempts)) == len(attempts) == 2
    assert books.notes() == sent["notes"]
    assert len(sent["notes"]) == 2
    assert books.done() == {item_id for item_id, state in sent["states"].items() if state == "done"}
    assert books.opened() >= {item_id for item_id, state in sent["states"].items() if state == "started"}
    assert books.watched_ms(material.lecture) >= 1_000
    assert books.positions() == sent["positions"]
    ledger = books.ledger()
    ids = Counter(action for action, _, _ in ledger)
    assert set(ids.values()) == {1}
    assert {outcome for _, _, outcome in ledger} == {"applied"}
    assert {action for action, _ in waited} <= set(ids)
    kinds = Counter(kind for _, kind, _ in ledger)
    assert (kinds["enroll"], kinds["submit_attempt"], kinds["save_note"]) == (1, 2, 2)
