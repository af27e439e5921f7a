"""A desk over fakes, and the window around it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.config import Config
from desktop.ui.preferences import Preferences
from desktop.ui.theme.live import set_tokens, tokens
from desktop.ui.window import MainWindow
from tests.desktop.ui import sample_views as views
from tests.desktop.ui.fakes import Bench, Edge, bench_over


@pytest.fixture(autouse=True)
def look_of_its_own(qapp: QApplication) -> Iterator[None]:
    """A test that makes the text larger leaves it as it was: pages without a window measure with what they find."""
    font, look = qapp.font(), tokens()
    yield
    if tokens() != look:
        set_tokens(look)
    if qapp.font() != font:
        qapp.setFont(font)


@pytest.fixture
def edge() -> Edge:
    """Answers for every page up to the outline of a course; a test may change them."""
    return Edge(
        {
            "home.view": views.HOME,
            "catalog.view": views.CATALOG,
            "catalog.description": views.DESCRIPTION,
            "courses.outline": views.OUTLINE,
            "learner.view": views.LEARNER,
            "download_controls.entries": (),
            "gateway.read_invitation": views.INVITATION,
            "gateway.join_new": views.LEARNER,
            "gateway.sign_in": views.LEARNER,
        }
    )


@pytest.fixture
def bench(qtbot: QtBot, edge: Edge) -> Iterator[Bench]:
    """A desk over ``edge``."""
    with bench_over(edge) as made:
        yield made


@pytest.fixture
def preferences(qtbot: QtBot, tmp_path: Path) -> Preferences:
    """Preferences of nobody yet."""
    return Preferences(tmp_path / "preferences.ini")


@pytest.fixture
def window(qtbot: QtBot, bench: Bench, tmp_path: Path) -> Iterator[MainWindow]:
    """The whole window, shown, with the learner signed in."""
    made = MainWindow(bench.desk, Config(tmp_path))
    qtbot.addWidget(made)
    made.show()
    bench.desk.signed_in.emit(views.LEARNER)
    qtbot.waitUntil(lambda: not bench.runner.busy())
    yield made
    made.close_pages()
