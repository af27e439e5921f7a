"""Which picture answers a seek while paused."""

from __future__ import annotations

import pytest

from desktop.player.frame_times import SeekPlan
from desktop.player.paused_seek import PausedSeek

OLD, NEW, OTHER = 1, 2, 3


def seek(*, steps: int = 0, at_rest: bool = True) -> PausedSeek:
    return PausedSeek(5_000, SeekPlan(5_020, steps), last_look=OLD, at_rest=at_rest)


@pytest.mark.parametrize("steps", [0, 3])
def test_from_rest_the_first_other_picture_is_the_answer(steps: int) -> None:
    wanted = seek(steps=steps)
    assert not wanted.on_picture(NEW), "the seek has not been announced"
    wanted = seek(steps=steps)
    wanted.on_buffering(0.0)
    assert not wanted.on_picture(OLD)
    assert wanted.on_picture(NEW)
    assert wanted.answered
    assert not wanted.confirmed
    assert not wanted.on_picture(NEW)
    assert wanted.confirmed
    assert wanted.leaves_rest


def test_a_picture_that_looks_the_same_counts_when_it_is_repeated() -> None:
    wanted = seek()
    wanted.on_buffering(0.0)
    assert not wanted.on_picture(OLD)
    assert wanted.on_picture(OLD)


@pytest.mark.parametrize("after", [NEW, OLD], ids=["it-was-kept-back", "it-is-a-still-picture"])
def test_a_picture_that_looks_like_the_old_one_is_shown_but_doubted_once(after: int) -> None:
    wanted = seek()
    wanted.on_buffering(0.0)
    wanted.on_picture(OLD)
    assert wanted.on_picture(OLD)
    assert wanted.is_doubtful
    assert not wanted.confirmed
    wanted.doubted()
    wanted.on_picture(after)
    wanted.on_picture(after)
    assert wanted.answered
    assert wanted.confirmed
    assert not wanted.is_doubtful


def test_where_steps_follow_nothing_is_doubted() -> None:
    wanted = seek(steps=2)
    wanted.on_buffering(0.0)
    wanted.on_picture(OLD)
    assert wanted.on_picture(OLD)
    assert not wanted.is_doubtful


def test_without_rest_only_a_repeated_picture_is_trusted() -> None:
    wanted = seek(at_rest=False)
    wanted.on_buffering(0.0)
    assert not wanted.on_picture(OTHER), "what the decoder had in hand"
    assert not wanted.on_picture(NEW)
    assert wanted.on_picture(NEW)
    assert wanted.leaves_rest


def test_steps_are_not_taken_for_answers() -> None:
    wanted = seek(steps=2)
    wanted.on_buffering(0.0)
    assert wanted.on_picture(NEW)
    assert not wanted.on_picture(OTHER)
    assert not wanted.on_picture(NEW)


def test_sent_again_it_begins_anew_and_trusts_less() -> None:
    wanted = seek()
    wanted.on_buffering(0.0)
    assert wanted.on_picture(NEW)
    wanted.again()
    assert not wanted.answered
    assert not wanted.on_picture(OTHER)
    wanted.on_buffering(0.0)
    assert not wanted.on_picture(OTHER)
    assert wanted.on_picture(OTHER)


def test_buffered_means_since_this_seek() -> None:
    wanted = seek()
    wanted.on_buffering(100.0)
    assert not wanted.buffered, "the rest of the seek before"
    wanted.on_buffering(0.0)
    wanted.on_buffering(100.0)
    assert wanted.buffered
