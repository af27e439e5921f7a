"""Python functions that C calls."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import TypeVar

log = logging.getLogger(__name__)
R = TypeVar("R")


def guarded(answer: R) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """A callback that answers ``answer`` instead of raising into C."""

    def wrap(callback: Callable[..., R]) -> Callable[..., R]:
        @functools.wraps(callback)
        def call(*arguments: object) -> R:
            try:
                return callback(*arguments)
            except Exception:  # the last resort of a foreign thread
                log.exception("a libVLC callback failed")
                return answer

        return call

    return wrap
