"""The thread that talks to libVLC."""

from __future__ import annotations

import threading

import pytest

from desktop.player.command_thread import CommandThread


def test_commands_run_in_order_in_one_thread_and_the_last_is_the_last() -> None:
    commands = CommandThread("player-test")
    ran: list[tuple[str, str]] = []

    def note(name: str) -> None:
        ran.append((name, threading.current_thread().name))

    for name in "abc":
        commands.post(lambda name=name: note(name))  # type: ignore[misc]
    assert commands.close(lambda: note("last"), 5_000)
    commands.post(lambda: note("too late"))
    assert ran == [(name, "player-test") for name in ("a", "b", "c", "last")]


def test_closing_waits_no_longer_than_it_is_told() -> None:
    commands = CommandThread("player-test")
    release = threading.Event()

    def hang() -> None:
        release.wait(10)

    commands.post(hang)
    assert not commands.close(lambda: None, 1)
    release.set()
    assert commands.close(lambda: None, 5_000)


def test_without_a_command_there_is_no_thread() -> None:
    before = threading.active_count()
    assert CommandThread("player-test").close(lambda: None, 1)
    assert threading.active_count() == before


@pytest.mark.expected_log("a player command failed")
def test_a_command_that_fails_does_not_stop_the_next() -> None:
    commands = CommandThread("player-test")
    ran: list[str] = []

    def fail() -> None:
        raise ValueError("broken")

    commands.post(fail)
    commands.post(lambda: ran.append("next"))
    assert commands.close(lambda: None, 5_000)
    assert ran == ["next"]
