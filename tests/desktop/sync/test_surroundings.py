"""Another network and a wake-up are noticed once each, and work that merely takes long is not taken for sleep."""

from __future__ import annotations

import pytest
from PySide6 import QtNetwork
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from desktop.sync import surroundings
from desktop.sync.surroundings import LOOK_MS, Surroundings
from tests.desktop.hand_clock import HandClock


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is to be told is told in the next turn of events."""
    monkeypatch.setattr(surroundings, "SETTLE_MS", 0)
    monkeypatch.setattr(surroundings, "SPREAD_MS", 0)


def made(qtbot: QtBot, clock: HandClock) -> tuple[Surroundings, list[None]]:
    """Watching nothing by itself; what it told."""
    found = Surroundings(clock)
    told: list[None] = []
    found.changed.connect(lambda: told.append(None))
    return found, told


def test_a_look_that_comes_much_too_late_means_sleep(qtbot: QtBot) -> None:
    clock = HandClock()
    found, told = made(qtbot, clock)
    for seconds in (LOOK_MS / 1000, LOOK_MS / 1000 + 5, 0, -3600):
        clock.go(seconds=seconds)
        found.look()
        assert not found._settled.isActive(), seconds
    clock.go(hours=8)
    with qtbot.waitSignal(found.changed, timeout=1000):
        found.look()
    found.look()
    assert not found._settled.isActive()
    assert len(told) == 1


def test_a_network_that_comes_up_in_several_steps_is_told_of_once(qtbot: QtBot) -> None:
    found, told = made(qtbot, HandClock())
    with qtbot.waitSignal(found.changed, timeout=1000):
        for _ in range(5):
            found._on_network()
    assert not found._settled.isActive()
    assert len(told) == 1


def test_a_whole_office_does_not_come_in_one_moment(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "SETTLE_MS", 1_000)
    monkeypatch.setattr(surroundings, "SPREAD_MS", 3_000)
    waits = set()
    for _ in range(12):
        found, _ = made(qtbot, HandClock())
        found._on_network()
        waits.add(found._settled.interval())
        found._on_network()
        assert found._settled.interval() in waits, "what is on its way is not put off"
        found._settled.stop()
    assert all(1_000 <= wait <= 4_000 for wait in waits)
    assert max(waits) - min(waits) > 500


def test_it_looks_by_itself(qtbot: QtBot) -> None:
    clock = HandClock()
    found, _ = made(qtbot, clock)
    found.watch(network=False)
    found._looks.setInterval(1)
    clock.go(hours=1)
    with qtbot.waitSignal(found.changed, timeout=1000):
        pass
    found._looks.stop()
    assert surroundings.LOOK_MS < 60_000


class Network(QObject):
    """As ``QNetworkInformation``, without a system behind it."""

    reachabilityChanged = Signal(object)  # noqa: N815 (Qt's names)
    transportMediumChanged = Signal(object)  # noqa: N815
    isBehindCaptivePortalChanged = Signal(bool)  # noqa: N815
    isMeteredChanged = Signal(bool)  # noqa: N815
    there = True

    def isMetered(self) -> bool:  # noqa: N802
        """It is."""
        return True

    def loadDefaultBackend(self) -> bool:  # noqa: N802
        """Whether the system tells."""
        return self.there

    def instance(self) -> Network:
        """The one."""
        return self


def test_what_the_system_tells_of_networks_is_heard(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    network = Network()
    monkeypatch.setattr(QtNetwork, "QNetworkInformation", network)
    found, told = made(qtbot, HandClock())
    metered: list[bool] = []
    found.metered_changed.connect(metered.append)
    found.watch()
    assert metered == [True]
    network.isMeteredChanged.emit(False)  # noqa: FBT003 (a signal's)
    assert metered == [True, False]
    for signal, value in (
        (network.reachabilityChanged, "online"),
        (network.transportMediumChanged, "wifi"),
        (network.isBehindCaptivePortalChanged, False),
    ):
        with qtbot.waitSignal(found.changed, timeout=1000):
            signal.emit(value)
    assert len(told) == 3
    found._looks.stop()


def test_a_system_that_does_not_tell_is_no_trouble(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    network = Network()
    network.there = False
    monkeypatch.setattr(QtNetwork, "QNetworkInformation", network)
    found, told = made(qtbot, HandClock())
    found.watch()
    network.reachabilityChanged.emit("online")
    assert not found._settled.isActive()
    assert found._looks.isActive(), "sleep is noticed all the same"
    assert told == []
    found._looks.stop()
