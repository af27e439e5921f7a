"""The invariants of sync, tried by random stories (docs/sync.md says which). ``HAVERSACK_STORIES=2000`` tells more."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Verbosity, settings
from hypothesis.stateful import run_state_machine_as_test
from pytest_django import Settings

from desktop.clock import SystemClock
from server.authoring.publishing import publish
from tests.contract.model.devices import pristine_database
from tests.contract.model.machine import Stories, begin
from tests.contract.model.versions import three_versions
from tests.guards.logs import ExpectLog
from tests.server.conftest import Clock, clock

__all__ = ["clock"]

MANY = int(os.environ.get("HAVERSACK_STORIES", "0"))
MEMORY = Path("/dev/shm")


@pytest.mark.timeout(24 * 3600 if MANY else 300)
def test_whatever_happens(db: None, clock: Clock, tmp_path: Path, settings: Settings, expected_log: ExpectLog) -> None:
    """Invariants 1, 2, 5 and 6."""
    for said in ("the server fell here", "Internal Server Error", "was refused", "could not be judged"):
        expected_log(said, optional=True)
    settings.MEDIA_FOLDER = tmp_path / "media"
    settings.WHITENOISE_AUTOREFRESH = False  # it looks at the disk for each request
    Stories.clock, Stories.media = clock, tmp_path / "media"
    Stories.versions = three_versions(tmp_path / "versions")
    Stories.pristine = pristine_database(tmp_path / "pristine", SystemClock().now())
    # Devices write to the disk for every action: in memory that takes no time
    with tempfile.TemporaryDirectory(dir=MEMORY if os.access(MEMORY, os.W_OK) else None) as place:
        Stories.place = Path(place)
        publish(Stories.versions[0])
        Stories.begun = begin(Path(place) / "begun", Stories.media, Stories.pristine, clock.now())
        run_state_machine_as_test(Stories, settings=profile())


def profile() -> settings:
    """The few that every run tells are the same each time; of the many each is another."""
    return settings(
        max_examples=MANY or 12,
        stateful_step_count=20,
        derandomize=not MANY,
        deadline=None,
        database=None,
        print_blob=True,
        verbosity=Verbosity.normal,
        suppress_health_check=list(HealthCheck),
    )
