"""The report for the support: it says what helps, and nothing that is the learner's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.config import Config
from desktop.models import migrations
from desktop.models.views import NetworkStep, SyncRound, SyncStatus
from desktop.services.diagnostics import without
from desktop.services.services import Services
from protocol.quizzes import Answer
from tests.desktop.course import START, Course
from tests.desktop.filled import put_blobs
from tests.desktop.hand_clock import HandClock

PRIVATE = (
    "Grandmother's recipe",
    "second line of it",
    "what I am typing",
    "quoted from the lecture",
    "my long answer",
    "an answer in the draft",
    "ada@example.org",
    "mallory@example.com",
    "Ada",
    "tok3n",
    "s1gnature",
)
LOG = """2026-11-24 10:00:00,000 INFO desktop.sync.worker: sync: offline: for Ada <mallory@example.com>
2026-11-24 10:00:01,000 INFO desktop.sync.client: GET https://learn.test/v1/invitations/tok3n and /x?signature=s1gnature
2026-11-24 10:00:01,500 INFO desktop.sync.client: https://cdn.test/blob?signature=s1gnature
2026-11-24 10:00:02,000 ERROR desktop.errors: a job failed: Traceback (most recent call last):
  File "{home}/program.py", line 12, in save
    raise ValueError("Grandmother's recipe")
ValueError: Grandmother's recipe
second line of it
"""


@pytest.fixture
def written(services: Services, course: Course, tmp_path: Path) -> Services:
    """Private words in every place where there can be some."""
    put_blobs(services, course)
    services.notes.save("sql/video-1", "Grandmother's recipe\nsecond line of it", quote="quoted from the lecture")
    services.notes.save_draft("sql/video-2", "what I am typing")
    services.quizzes.submit("sql/graded-1", (Answer(question_id="q2", text="my long answer"),), START)
    services.quizzes.save_draft("sql/practice-1", (Answer(question_id="q2", text="an answer in the draft"),), START)
    log = Config(tmp_path).log
    log.parent.mkdir(parents=True)
    log.write_text(LOG.format(home=tmp_path))
    return services


def test_nothing_private_is_in_it(written: Services, tmp_path: Path) -> None:
    steps = (NetworkStep("server", "failed", 8_000, "", "timeout", "It took too long."),)
    report = written.diagnostics.report(SyncStatus("attention", code="bug"), (), steps)
    assert [word for word in PRIVATE if word.casefold() in report.casefold()] == []
    assert str(tmp_path) not in report
    assert "Lecture 1" not in report, "titles tell what somebody learns"


def test_what_helps_is_in_it(written: Services, clock: HandClock) -> None:
    status = SyncStatus(
        "held_up", waiting=2, code="server_fault", last_success=START, since=START, next_try=START, clock_off_s=7200.0
    )
    rounds = (SyncRound(START, 230), SyncRound(START, 8_014, "timeout"))
    steps = (NetworkStep("name", "ok", 14, "learn.test"), NetworkStep("server", "failed", 8_000, code="timeout"))
    report = written.diagnostics.report(status, rounds, steps)
    for fact in (
        "state: held_up server_fault",
        "clock: +7200 s against the server",
        "230 ms ok",
        "8014 ms timeout",
        "name: ok 14 ms learn.test",
        "server: failed 8000 ms timeout",
        "waiting: 1 save_note",
        "waiting: 1 submit_attempt",
        "tries 0",
        f"database: {migrations.HEAD}",
        "SQLAlchemy: ",
        "https://learn.test/v1/invitations/…",
        '  File "<data folder>/program.py", line 12, in save',
        "ValueError\n",
    ):
        assert fact in report, fact


def test_a_computer_without_a_log_and_without_work_has_a_report_too(services: Services) -> None:
    report = services.diagnostics.report(SyncStatus())
    assert "no log: FileNotFoundError" in report
    assert "Network test\n------------\nnot made" in report


def test_whole_words_are_taken_out_however_they_are_written(tmp_path: Path) -> None:
    assert without("ADA saw Adam and ada.", {"Ada"}, tmp_path) == "<private> saw Adam and <private>."
    assert without("see me@here.org", (), tmp_path) == "see <address>"
