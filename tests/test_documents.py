"""What the documents claim, as far as a test can see."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.guards.environment import ROOT

ROWS = [f"S{number}" for number in range(1, 108)] + [f"B{number}" for number in range(1, 19)]
STATES = ("done", "part", "not yet")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
DOCUMENTS = sorted(path.relative_to(ROOT) for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")))


def coverage() -> list[list[str]]:
    """The rows of docs/coverage.md as row, state, where, proof."""
    lines = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8").splitlines()
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    assert table[0] == ["row", "state", "where", "proof"]
    return table[2:]


def paths_in(cell: str) -> list[Path]:
    """The files and folders that a cell names; a bare file name lies beside the one before it."""
    found: list[Path] = []
    for word in re.split(r"[,;:\s]+", cell):
        if "/" in word:
            found.append(Path(word))
        elif found and re.fullmatch(r"\w+\.(py|md|toml)", word):
            found.append(found[-1].parent / word)
    return found


def test_every_row_of_the_checklist_is_there_once_and_in_order() -> None:
    assert [row[0] for row in coverage()] == ROWS


@pytest.mark.parametrize("row", coverage(), ids=lambda row: row[0])
def test_a_row_is_true_to_its_state(row: list[str]) -> None:
    name, state, where, proof = row
    assert state in STATES, name
    missing = [str(path) for path in paths_in(where) + paths_in(proof) if not (ROOT / path).exists()]
    assert not missing, f"{name} names what is not there"
    if state == "not yet":
        assert (where, proof) == ("", ""), f"{name} is not there yet and has nothing to show"
    else:
        assert paths_in(where), f"{name} does not say where it lives"
    if state == "done":
        assert any(path.parts[0] == "tests" for path in paths_in(proof)), f"{name} has no test that proves it"


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_links_within_the_project_lead_somewhere(document: Path) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    broken = [target for target in LINK.findall(text) if not (ROOT / document.parent / target).exists()]
    assert not broken
