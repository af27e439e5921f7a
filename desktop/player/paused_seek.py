"""Which of the pictures that libVLC shows while paused answers a seek. Pure; told from libVLC's threads.

Paused, libVLC answers a seek with one picture and then repeats it every 60-80 ms. The pictures carry no time. What is
known: a seek is announced by a buffering event of 0 %, and the old picture is gone a moment later; so the first picture
that looks different is the new one, and so is the second of two, whatever it looks like. Over a network, though, the
decoder now and then keeps the new picture back and the old one goes on being repeated. So one that looks like the old
one is shown, but doubted: a single step makes the decoder give out what it has.
"""

from __future__ import annotations

from desktop.player.frame_times import SeekPlan


class PausedSeek:
    """One seek, from the command to the picture.

    A decoder that was at rest when the seek was sent shows the new picture first. One that was not (it was just paused,
    or had come to the end of the medium) may still give out what it had in hand; then a picture is trusted only when it
    has been repeated.

    Attributes:
        wanted_ms: where to.
        steps: how many pictures after the one that libVLC shows the wanted one comes.
        target_ms: what libVLC is told.
    """

    def __init__(self, wanted_ms: int, plan: SeekPlan, *, last_look: int | None = None, at_rest: bool = False) -> None:
        self.wanted_ms = wanted_ms
        self.target_ms = plan.target_ms
        self.steps = plan.steps
        self._look = self._old_look = last_look
        self._may_doubt = plan.steps == 0
        self._at_rest = at_rest
        self._announced = self._buffered = self._answered = self._repeated = False
        self._shows = 0

    @property
    def shows(self) -> int:
        """How often the present picture was shown, as far as is known."""
        return self._shows

    @property
    def buffered(self) -> bool:
        """libVLC has what it needs to go on playing from there."""
        return self._buffered

    @property
    def answered(self) -> bool:
        """The picture is there."""
        return self._answered

    @property
    def confirmed(self) -> bool:
        """The picture has been repeated: it stays."""
        return self._answered and self._repeated and not self.is_doubtful

    @property
    def is_doubtful(self) -> bool:
        """The answer looks like the picture of before: perhaps it is."""
        return self._answered and self._repeated and self._look == self._old_look and self._may_doubt

    @property
    def from_rest(self) -> bool:
        """The decoder rested when the seek was sent."""
        return self._at_rest

    @property
    def leaves_rest(self) -> bool:
        """The decoder has given out the picture and rests."""
        return self.confirmed or (self._at_rest and self._answered)

    def doubted(self) -> None:
        """Something was done about the doubt: what is shown now is the answer, a still picture as well."""
        self._may_doubt = False

    def again(self) -> None:
        """The seek is sent to libVLC once more, from the beginning."""
        self._at_rest = self._announced = self._buffered = self._answered = self._repeated = False
        self._shows = 0

    def on_buffering(self, percent: float) -> None:
        """libVLC has this much of what it needs to go on."""
        if percent < 1:
            self._announced = True
            self._shows = 0
        elif percent >= 100:
            self._buffered = self._announced

    def on_picture(self, look: int) -> bool:
        """A picture is shown; ``look`` is the same for pictures that look the same. Returns whether it is the answer.

        Without steps, a new answer can take the place of one that was withdrawn; with steps, what follows are steps.
        """
        is_new = look != self._look
        self._look = look
        if not self._announced:
            return False
        self._shows = 1 if is_new else self._shows + 1
        self._repeated = self._shows >= 2
        if self._answered and (self.steps or not is_new):
            return False
        trusted = self._repeated or (is_new and self._at_rest)
        self._answered = self._answered or trusted
        return trusted
