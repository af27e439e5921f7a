"""Today's client at a server of a later version: what it knows works, what it does not know is kept or shown so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from sqlalchemy import select

from desktop.models.files import unknown_changes
from protocol.manifest import PRACTICE_QUIZ, VIDEO
from tests.contract.conftest import Client
from tests.contract.newer_server import KIND, NewerServer, publish_newer_manifest
from tests.contract.test_client_learning import COURSE, first, items_of, some_answers, sync
from tests.server_process import ServerProcess


@pytest.fixture
def newer(loaded: Path, tmp_path: Path) -> Iterator[NewerServer]:
    """Its manifest holds a kind of item of the future."""
    home = Path(copytree(loaded, tmp_path / "server"))
    publish_newer_manifest(home, COURSE)
    with ServerProcess(home) as server:
        server.ready["invitations"] = [{"url": f"haversack://join?server={server.url}&invitation=welcome"}]
        with NewerServer(server) as newer:
            yield newer


def test_a_day_at_a_newer_server(newer: NewerServer, tmp_path: Path) -> None:
    one = Client(tmp_path / "one", newer)
    try:
        assert one.gateway.server_info(newer.url).protocol == 1
        services = one.join()
        sync(one)
        program = services.learner.view().programs[0]
        assert len(services.catalog.view(program.id).tiles) == 2
        services.enrollment.enroll(program.id, COURSE)
        sync(one)
        outline = services.courses.outline(COURSE)
        assert outline.ready
        (unknown,) = (row for row in items_of(outline) if row.kind == KIND)
        assert (unknown.known, unknown.title) == (False, "Walk around it")
        video, practice = first(services, VIDEO), first(services, PRACTICE_QUIZ)
        services.lectures.watched(video, [(0, 5_000)])
        services.notes.save(video, "at a newer server", at_ms=5_000)
        one.gateway.fetch_item(practice)
        quiz = services.quizzes.view(practice).quiz
        assert quiz is not None
        services.quizzes.submit(practice, some_answers(quiz), one.clock.now())
        sync(one)
        assert services.outbox.waiting_count() == 0
        assert [note.text for note in services.notes.all()] == ["at a newer server"]
        assert services.quizzes.view(practice).attempts[0].result is not None
        with services.store.read() as connection:
            kept = connection.execute(select(unknown_changes.c.kind, unknown_changes.c.body)).all()
        assert [(row.kind, b"shiny" in row.body) for row in kept] == [("badge", True)]
    finally:
        one.close()
