"""A course pack from the real server to two desktops that have no network: everything in it can be studied."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.errors import Problem
from desktop.models.pack_views import CURRENT
from desktop.services.services import Services
from desktop.sync.pack_importing import import_pack
from desktop.sync.pack_reading import look_at
from protocol.manifest import GRADED_QUIZ, PRACTICE_QUIZ, VIDEO
from tests.contract.conftest import Client
from tests.contract.test_client_learning import COURSE, items_of, some_answers, sync
from tests.server_process import ServerProcess

ROOT = Path(__file__).resolve().parents[2]
Make = Callable[[str], Client]


def manage(server: ServerProcess, *words: str) -> str:
    """A command of the server's administrator, while the server runs."""
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-m", "server", "manage", "--home", str(server.home), *words]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def require_studyable(services: Services) -> None:
    """Every lecture has its file, every text and quiz opens, and a quiz can be answered."""
    rows = items_of(services.courses.outline(COURSE))
    assert {row.kind for row in rows} >= {VIDEO, PRACTICE_QUIZ, GRADED_QUIZ}
    for row in rows:
        if row.kind == VIDEO:
            lecture = services.lectures.view(row.item_id)
            assert lecture.media is not None
            assert lecture.media.stat().st_size == lecture.media_size
            assert all(track.path is not None for track in lecture.tracks)
        elif row.kind in {PRACTICE_QUIZ, GRADED_QUIZ}:
            assert services.quizzes.view(row.item_id).quiz is not None
        else:
            assert services.readings.view(row.item_id).html
    practice = next(row.item_id for row in rows if row.kind == PRACTICE_QUIZ)
    quiz = services.quizzes.view(practice).quiz
    assert quiz is not None
    attempt = services.quizzes.submit(practice, some_answers(quiz), services.store.clock.now())
    assert attempt.result is not None


def test_two_desktops_study_from_one_file_after_the_server_is_gone(
    server: ServerProcess, client: Make, tmp_path: Path
) -> None:
    one, two = client("one"), client("two")
    services, others = one.join(), two.sign_in()
    sync(one)
    sync(two)
    file, second = tmp_path / "sql.haversack", tmp_path / "second.haversack"
    assert "sql.haversack" in manage(server, "export_course", COURSE, "--to", str(file))
    program = services.learner.view().programs[0].id
    manage(server, "replace_pack_key", program)
    manage(server, "export_course", COURSE, "--to", str(second), "--videos", "none")
    server.kill()

    facts = look_at(services.store, file)
    assert (facts.standing, facts.enrolled, facts.size) == (CURRENT, False, file.stat().st_size)
    assert import_pack(services.store, file).damaged == ()
    services.enrollment.enroll(program, COURSE)
    require_studyable(services)
    assert services.downloads.plan_course(COURSE).bytes_missing == 0
    assert import_pack(others.store, file).files_new > 0
    with pytest.raises(Problem, match="pack_unknown_key"):
        look_at(others.store, second)

    server.start()
    sync(one)
    sync(two)
    assert services.outbox.waiting_count() == 0
    require_studyable(services)
    require_studyable(
        others
    )  # the same learner at another computer: the enrollment came by the feed, the files did not
    assert look_at(others.store, second).videos == "none"
    assert look_at(others.store, file).bytes_new == 0
