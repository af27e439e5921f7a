"""A program in the database, and learners."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from protocol.actions import ENROLL, Enroll
from protocol.ids import CourseId, EnrollmentId, ProgramId, new_uuid7
from server.authoring.loading import load_program
from server.programs.models import Invitation, Program
from tests.server.api import Api
from tests.server.program_folder import COURSE_ID, PROGRAM_ID, write_program


@pytest.fixture(scope="session")
def pristine_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program's folder, not to be changed."""
    return write_program(tmp_path_factory.mktemp("pristine") / "program")


@pytest.fixture(autouse=True)
def media_folder(tmp_path: Path, settings: Settings) -> Path:
    """Blobs of one test."""
    settings.MEDIA_FOLDER = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def program(db: None, pristine_folder: Path) -> Program:
    """The loaded program."""
    load_program(pristine_folder)
    return Program.objects.get(pk=PROGRAM_ID)


Learner = Callable[..., Api]


@pytest.fixture
def new_learner(program: Program) -> Learner:
    """Makes members of the program, by address."""

    def make(email: str = "ada@example.org") -> Api:
        invitation = Invitation.objects.create(program=program, email=email)
        return Api().join(invitation.token, name="")

    return make


@pytest.fixture
def member(new_learner: Learner) -> Api:
    """A member who is in no course."""
    return new_learner()


def enroll_body(enrollment_id: str = "", zone: str = "Europe/Berlin") -> Enroll:
    """Into the course of the tests."""
    return Enroll(
        enrollment_id=EnrollmentId(enrollment_id or new_uuid7()),
        course_id=CourseId(COURSE_ID),
        program_id=ProgramId(PROGRAM_ID),
        zone=zone,
    )


@pytest.fixture
def learner(member: Api) -> Api:
    """A member who is enrolled in the course, which was done at another computer."""
    assert member.do(ENROLL, enroll_body()).outcome == "applied"
    return member.at_another_computer()


class Clock:
    """The server's clock, which can be put forward."""

    def __init__(self) -> None:
        self.shift = timedelta()

    def forward(self, **by: float) -> None:
        """Let time pass."""
        self.shift += timedelta(**by)

    def now(self) -> datetime:
        """What the server takes for now."""
        return REAL_NOW() + self.shift


REAL_NOW = timezone.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Everything of the server reads ``timezone.now``."""
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock.now)
    return clock


@pytest.fixture
def folder(tmp_path: Path, pristine_folder: Path) -> Path:
    """A copy of it to change."""
    return Path(shutil.copytree(pristine_folder, tmp_path / "program"))
