"""What holds for every test; the guards themselves are in ``tests/guards``."""

from __future__ import annotations

from hypothesis import settings

from tests.guards.environment import settle

HOME = settle()

pytest_plugins = [
    "pytester",
    "tests.guards.network",
    "tests.guards.logs",
    "tests.guards.leftovers",
    "tests.guards.windows",
]

# The same examples every time, and no verdict by the clock of a busy machine.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")
