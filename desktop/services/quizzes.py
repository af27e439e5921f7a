"""Quizzes."""

from __future__ import annotations

from datetime import datetime

from desktop.models.store import Store
from desktop.models.views import AttemptView, QuizView
from protocol.quizzes import Answer


class Quizzes:
    """See the module."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def view(self, item_id: str) -> QuizView:
        """A quiz to take."""
        raise NotImplementedError

    def save_draft(self, item_id: str, answers: tuple[Answer, ...], started_at: datetime) -> None:
        """Keep what was answered so far."""
        raise NotImplementedError

    def submit(self, item_id: str, answers: tuple[Answer, ...], started_at: datetime) -> AttemptView:
        """Hand in."""
        raise NotImplementedError
