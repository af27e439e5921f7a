"""Views as JSON: what is read back is what was kept, and anything else is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.models.home_views import CourseCard, HomeView, LearnerView, NextStep, ProgramView
from desktop.models.saved_views import decode_view, encode_view

PROGRAM = ProgramView("p", "Field staff learning", "Open School", logo=Path("/assets/logo.png"))
LEARNER = LearnerView("l", "Āda", "ada@example.org", "https://learn.example.org", (PROGRAM,))
CARD = CourseCard(
    "c",
    "SQL",
    "Open School",
    "course",
    "active",
    picture=Path("/assets/picture.png"),
    percent=62,
    next_step=NextStep("i", "video", "Joining tables", 7, resume_ms=21_000, started=True),
    unenroll_until=datetime(2026, 12, 1, 9, 30, 0, 250_000, tzinfo=UTC),
)
HOME = HomeView(LEARNER, PROGRAM, (CARD, CourseCard("d", "Maps", "", "course", "saved")))


@pytest.mark.parametrize("view", [HOME, HomeView(LEARNER._replace(programs=()), None), LEARNER])
def test_what_is_kept_is_read_back(view: HomeView | LearnerView) -> None:
    assert decode_view(encode_view(view), type(view)) == view


def test_fields_of_a_newer_version_are_ignored_and_missing_ones_have_their_default() -> None:
    old = b'{"account_id": "l", "name": "Ada", "email": "", "server": "", "mood": "good"}'
    assert decode_view(old, LearnerView) == LearnerView("l", "Ada", "", "")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff",
        b'{"name": "Ada"}',
        b'{"account_id": 1, "name": "Ada", "email": "", "server": ""}',
        b'{"account_id": "l", "name": "Ada", "email": "", "server": "", "programs": {}}',
        b'{"account_id": "l", "name": "Ada", "email": "", "server": "", "programs": ["p"]}',
        b"[" * 100_000,
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        decode_view(data, LearnerView)


def test_a_moment_that_is_none_is_refused() -> None:
    data = encode_view(HOME).replace(b"2026-12-01T09:30:00.250000+00:00", b"soon")
    with pytest.raises(ValueError, match="soon"):
        decode_view(data, HomeView)
