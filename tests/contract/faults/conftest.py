"""One place for all of these tests: each begins and ends with a learner who is in sync."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.faults.place import Place, open_place
from tests.server.program_folder import write_program


@pytest.fixture(scope="package")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """See ``place``."""
    home = tmp_path_factory.mktemp("faults")
    yield from open_place(home, write_program(home / "pristine"))
