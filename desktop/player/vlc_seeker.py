"""Seeks of libVLC that end on the very frame. Commands come in the command thread, pictures in libVLC's own."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from desktop.player.frame_times import FrameTimes, SeekPlan, frame_times
from desktop.player.paused_seek import PausedSeek
from desktop.player.step_reports import StepReports
from desktop.player.vlc_happenings import Happening

log = logging.getLogger(__name__)

USUAL_FRAME_MS = 40
STEP_S, LOST_STEPS = 0.004, 5
"""How long the decoder is given for one picture; each time in a row that it had none, twice as long as before. Of the
very last frames some stay in the decoder while libVLC is paused."""
FIRST_LOST_S = 0.25
"""A decoder that did not rest, like one that was just paused, may show nothing: the seek is sent again sooner."""
QUIET_S, LOST_S = 0.2, 0.7
"""Paused, a picture is repeated every 60-80 ms. One that is not has been withdrawn: after the first time the seek is
sent again. After the second so is one that showed nothing; the next time it may take twice as long."""
DOUBT_S = 0.3
"""How long a picture that looks like the one before the seek is left alone before a step is made."""
TRIES = 3
STILL_PICTURES = 6
"""After so many that look alike a picture that does not move is taken for the new one."""
AWAY_MS, AWAY_S = 3_000, 0.5
NEAR_END_MS = 1_500
"""This close to the end the decoder is told to give out all it has, and does not rest."""


class Seeker:
    """The seeks of one player, of which the last is under way or has arrived.

    ``tell`` reports, ``later`` runs something in the command thread, ``show`` shows the picture that came last.
    """

    def __init__(
        self,
        tell: Callable[[Happening, object], None],
        later: Callable[[Callable[[], None]], None],
        show: Callable[[], None],
    ) -> None:
        self._tell = tell
        self._later = later
        self._show = show
        self._player: Any = None
        self._steps: StepReports | None = None
        self._path: Path | None = None
        self._times: FrameTimes | None = None
        self._times_read = False
        self._was_at_start = True
        self._is_visiting = False
        self._seek: PausedSeek | None = None
        self._under_way = False
        self._walked = False
        self._opening = False
        self._next: int | None = None
        self._look: int | None = None
        self._tries = self._changes = self._shown = 0
        self._sent_s = self._heard_s = 0.0

    # --- commands -----------------------------------------------------------------------------------------------

    def attach(self, player: Any, steps: StepReports) -> None:
        """Work with this player from now on."""
        self._player = player
        self._steps = steps

    def begin(self, medium: Path | str, start_ms: int = 0) -> None:
        """Another medium, begun at ``start_ms``; its frames are looked up when they are first asked for."""
        self._path = medium if isinstance(medium, Path) else None
        self._was_at_start = start_ms <= 0
        self._times, self._times_read = None, False
        self.forget()

    def forget(self) -> None:
        """Nothing is under way any more."""
        self._seek = self._look = None
        self._under_way = self._walked = self._opening = False
        self._next = None

    def open_at(self, position_ms: int) -> None:
        """A medium that was opened paused goes to where it starts.

        libVLC drops a seek that comes before this one has its picture, and would show the start for the other: whoever
        wants to go elsewhere meanwhile waits for it.
        """
        self.go_to(position_ms, paused=True)
        self._opening = True

    def go_to(self, position_ms: int, *, paused: bool) -> None:
        """Go to a position. SEEKED is told when its picture is there."""
        if self._opening and paused:
            self._next = position_ms
            # Read again: the picture may have come in between, in libVLC's thread.
            if self._opening:
                return
        self._opening, self._next = False, None
        plan = self._plan(position_ms)
        before = self._seek
        from_end = paused and before is not None and self._near_end(before.target_ms)
        at_rest = paused and before is not None and before.leaves_rest and not from_end
        if not paused:
            # What plays passes the frames on the way by itself; libVLC's sound begins at the wanted time.
            self._look = None
            plan = SeekPlan(plan.begin_ms if plan.begin_ms is not None else plan.target_ms)
        self._seek = PausedSeek(position_ms, plan, last_look=self._look, at_rest=at_rest)
        self._walked = False
        self._under_way = True
        self._tries = self._changes = self._shown = 0
        if paused and not self._was_at_start:
            self._was_at_start = True
            visit_ms = self._times.visit_ms if self._times is not None else None
            if visit_ms is not None:
                self._visit(self._seek, visit_ms)
        if from_end:
            self._send_from_elsewhere(self._seek)
        else:
            self._send(self._seek)

    def pause(self) -> None:
        """Playback is about to be held: a seek that has not arrived goes to its very frame now."""
        seek = self._seek
        if seek is not None and self._under_way:
            self.go_to(seek.wanted_ms, paused=True)
        else:
            self.forget()

    def go_on(self) -> int | None:
        """Playback goes on. Returns where it has to be sent to for that."""
        # Having stepped, libVLC would skip as much as it was paused.
        back_to = self._seek.wanted_ms if self._walked and self._seek is not None else None
        back_to = back_to if self._next is None else self._next
        self._opening, self._next = False, None
        if not self._under_way:
            self.forget()
        self._walked = False
        self._look = None
        return back_to

    def look_after(self) -> None:
        """While paused, now and then: send the seek again if its picture did not come or was withdrawn.

        The decoder may give out an old picture in place of the wanted one, and then waits.
        """
        seek = self._seek
        if seek is None or seek.confirmed or self._tries >= TRIES:
            if not self._leave_opening():
                self._tell(Happening.SETTLED, seek.wanted_ms if seek is not None else None)
            return
        now = time.monotonic()
        quiet_s = now - max(self._heard_s if seek.shows else 0, self._sent_s)
        lost_s = FIRST_LOST_S if not self._tries and not seek.from_rest else LOST_S * 2**self._tries
        if quiet_s > (QUIET_S if seek.shows else lost_s):
            self._again(seek)
        elif seek.is_doubtful and now - self._sent_s > DOUBT_S:
            self._nudge(seek)

    def _again(self, seek: PausedSeek) -> None:
        self._tries += 1
        log.debug("seek to %d ms sent again", seek.wanted_ms)
        seek.again()
        if self._near_end(seek.target_ms):
            self._send_from_elsewhere(seek)
        else:
            self._send(seek)

    def _nudge(self, seek: PausedSeek) -> None:
        """A step makes the decoder give out a picture that it keeps back; a still one goes on by one frame."""
        seek.doubted()
        if self._steps is None:
            return
        self._walked = True
        with self._steps:
            self._steps.step(self._player)
        self._show()

    def _send(self, seek: PausedSeek) -> None:
        self._sent_s = time.monotonic()
        self._player.set_time(seek.target_ms)

    def _send_from_elsewhere(self, seek: PausedSeek) -> None:
        """A decoder that was left waiting for more than the file has is of no use until it has shown another place."""
        self._sent_s = time.monotonic()
        self._player.set_time(max(0, seek.target_ms - AWAY_MS))
        while self._heard_s < self._sent_s and time.monotonic() - self._sent_s < AWAY_S:
            time.sleep(0.005)
        seek.again()
        self._send(seek)

    def _visit(self, seek: PausedSeek, visit_ms: int) -> None:
        """Be at a place until its picture is there, unseen. What was just paused may have to be told twice."""
        self._is_visiting = True
        for _ in range(TRIES):
            seek.again()
            sent_s = time.monotonic()
            self._player.set_time(visit_ms)
            while not (seek.answered and seek.buffered) and time.monotonic() - sent_s < FIRST_LOST_S:
                time.sleep(0.005)
            if seek.answered:
                break
        self._is_visiting = False
        seek.again()

    def _walk(self, seek: PausedSeek) -> None:
        """Step from the picture that libVLC showed to the wanted one."""
        if seek is not self._seek or self._steps is None:
            return
        self._walked = True
        left, lost = seek.steps, 0
        with self._steps:
            while left and lost < LOST_STEPS:
                look = self._look
                passed_ms = self._steps.step(self._player)
                if not passed_ms:
                    # The decoder had no other picture ready, and makes one now; or libVLC did not know how far it went.
                    time.sleep(STEP_S * 2**lost)
                if passed_ms or self._look != look:
                    left, lost = left - 1, 0
                else:
                    lost += 1
        if left and self._tries < TRIES:
            self._again(seek)
            return
        if left:
            log.info("the frame at %d ms was missed by %d", seek.wanted_ms, left)
        self._show()
        self.arrive()

    def _near_end(self, position_ms: int) -> bool:
        return bool(position_ms > self._player.get_length() - NEAR_END_MS)

    def _plan(self, position_ms: int) -> SeekPlan:
        if not self._times_read and self._path is not None:
            self._times, self._times_read = frame_times(self._path), True
        plan = self._times.plan(position_ms) if self._times is not None else None
        if plan is None:
            # Without an index: as if frames came one after the other in equal steps.
            fps = self._player.get_fps()
            frame_ms = 1000 / fps if fps and 1 < fps < 500 else USUAL_FRAME_MS
            number = max(0, int((position_ms + 0.5) / frame_ms))
            plan = SeekPlan(max(0, round((number - 0.5) * frame_ms)))
        return plan

    # --- what libVLC shows --------------------------------------------------------------------------------------

    def on_buffering(self, percent: float) -> None:
        """libVLC fills its cache anew after a seek."""
        if self._seek is not None:
            self._seek.on_buffering(percent)

    @property
    def is_under_way(self) -> bool:
        """A seek has not arrived yet."""
        return self._under_way

    @property
    def is_buffered(self) -> bool:
        """A seek is under way, and libVLC has what it needs to play from there."""
        return self._under_way and self._seek is not None and self._seek.buffered

    def on_playing_picture(self, look: int) -> bool:
        """A picture is shown while playing. Returns whether a seek has arrived by that; to be asked while one
        ``is_under_way``."""
        # The old one may be repeated while the new one is decoded, and one more may have been about to be shown.
        before, self._look = self._look, look
        if not self.is_buffered:
            return False
        self._changes += before is not None and look != before
        self._shown += 1
        return self._changes >= 2 or self._shown >= STILL_PICTURES

    def on_paused_picture(self, look: int) -> bool:
        """A picture is shown while paused. Returns whether it may be seen; then ``arrive`` is to be called."""
        self._heard_s = time.monotonic()
        self._look = look
        seek = self._seek
        if seek is None:
            return True
        was_confirmed = seek.confirmed
        is_answer = seek.on_picture(look)
        if self._is_visiting:
            return False
        if seek.confirmed and not was_confirmed:
            self._tell(Happening.SETTLED, seek.wanted_ms)
        if is_answer and seek.steps:
            self._later(lambda: self._walk(seek))
        return is_answer and not seek.steps

    def arrive(self) -> None:
        """The picture (or the sound) of the seek is there."""
        seek = self._seek
        if seek is not None and self._under_way:
            self._under_way = False
            if not self._leave_opening():
                self._tell(Happening.SEEKED, seek.wanted_ms)

    def _leave_opening(self) -> bool:
        """The medium stands at its start, or never will. Returns whether somebody wants to go on from there."""
        self._opening = False
        if self._next is None:
            return False
        self._later(self._go_to_next)
        return True

    def _go_to_next(self) -> None:
        if self._next is not None:
            self.go_to(self._next, paused=True)
