"""The views that the window needs for its first paint; see ``desktop.models.views``, which has them all.

They are apart, and named tuples, because a start has to wait for them: a dataclass takes ten times as long to make, and
importing msgspec as long as a hundred of these.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import NamedTuple


class ProgramView(NamedTuple):
    """A program the learner belongs to. ``state``: active, ended."""

    id: str
    name: str
    organization: str
    accent: str = ""
    logo: Path | None = None
    welcome: str = ""
    support_email: str = ""
    admin_email: str = ""
    state: str = "active"


class LearnerView(NamedTuple):
    """Who is signed in."""

    account_id: str
    name: str
    email: str
    server: str
    programs: tuple[ProgramView, ...] = ()


class NextStep(NamedTuple):
    """What to do next in a course. ``resume_ms`` is where a video was left; ``started`` says Resume, not Start."""

    item_id: str
    kind: str
    title: str
    minutes: int
    resume_ms: int = 0
    started: bool = False


class CourseCard(NamedTuple):
    """A course on the program's home.

    ``state``: active, completed, saved, inactive. ``offline``: none, part, ready. ``pending``: the enrollment waits to
    be confirmed by the server. ``refused`` holds the server's reason if it said no.
    """

    course_id: str
    title: str
    partner: str
    kind: str
    state: str
    enrollment_id: str = ""
    picture: Path | None = None
    percent: int = 0
    overdue: bool = False
    due_this_week: int = 0
    next_step: NextStep | None = None
    offline: str = "none"
    pending: bool = False
    refused: str = ""
    ready: bool = True
    unenroll_until: datetime | None = None
    opens_at: datetime | None = None


class HomeView(NamedTuple):
    """The program's home. ``program`` is None when the learner belongs to none."""

    learner: LearnerView
    program: ProgramView | None
    cards: tuple[CourseCard, ...] = ()


class SyncStatus(NamedTuple):
    """What the chip shows. ``state``: up_to_date, syncing, waiting, offline (nobody was reached), held_up (the server
    was, and cannot at the moment), attention, stopped.

    ``code`` names the reason of the last failure (``desktop.errors.Problem.code``); ``since`` when it began.
    ``trying``: after a failure, it is being tried again at this moment; ``state`` is still that of the failure.
    ``clock_off_s``: seconds by which this computer's clock is ahead of the server's (behind: negative).
    """

    state: str = "stopped"
    waiting: int = 0
    refused: int = 0
    last_success: datetime | None = None
    since: datetime | None = None
    next_try: datetime | None = None
    code: str = ""
    text: str = ""
    way_out: str = ""
    clock_off_s: float = 0.0
    trying: bool = False

    @property
    def is_away(self) -> bool:
        """Whether nothing comes from the server at the moment, and that passes by itself."""
        return self.state in ("offline", "held_up")
