"""What holds for the files of the project as a whole."""

from __future__ import annotations

import ast
import importlib
import os
import pkgutil
import re
import subprocess
from collections.abc import Set
from functools import cache
from pathlib import Path

import pytest

from tests.guards.environment import ROOT

LONGEST_FILE = 600
LONGEST_FUNCTION = 60
PACKAGES = ("protocol", "desktop", "server", "benchmarks", "tests")
# Written so that this file does not find itself
REGISTRIES = re.compile(
    "|".join(
        name.replace(" ", ".") for name in ("pypi [o]rg", "files [p]ythonhosted", "registry [n]pmjs", "deb [d]ebian")
    )
)
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:work|root)/|/home/\w+/|\.\./[s]hared")
# Where the real material lies beside a checkout is the one thing that continuous integration knows of its machine.
KNOWS_ITS_MACHINE = {Path(".ci/run")}


@cache
def tracked() -> list[Path]:
    """Files under version control, relative to the root; those deleted in the working tree left out."""
    listed = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip(f"not a git checkout: {listed.stderr.strip()}")
    return [Path(name) for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


@cache
def texts() -> dict[Path, str]:
    """The tracked files that are text."""
    found: dict[Path, str] = {}
    for path in tracked():
        content = (ROOT / path).read_bytes()
        if b"\0" not in content[:8000]:
            found[path] = content.decode(errors="replace")
    return found


@cache
def sources() -> dict[Path, str]:
    """The tracked Python files that people write."""
    return {path: text for path, text in texts().items() if path.suffix == ".py" and "migrations" not in path.parts}


def _hits(pattern: re.Pattern[str], *, leave_out: Set[Path] = frozenset()) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()[:100]}"
        for path, text in texts().items()
        if path not in leave_out
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_nothing_that_a_run_left_behind_is_tracked() -> None:
    """A data folder of a try holds a secret key and somebody's database."""
    left = re.compile(r"(^|/)(secret-key|[^/]+\.(sqlite3?|db|log|part)(-wal|-shm)?)$")
    assert [str(path) for path in tracked() if left.search(path.as_posix())] == []
    top = {path.parts[0] for path in tracked() if len(path.parts) > 1}
    assert top == {*PACKAGES, ".ci", "docs", "packaging", "requirements", "resources"}


def test_no_file_names_a_package_registry() -> None:
    assert _hits(REGISTRIES) == []


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    assert _hits(MACHINE_PATHS, leave_out=KNOWS_ITS_MACHINE | {Path("tests/test_repository.py")}) == []


def test_no_file_is_too_long() -> None:
    assert [f"{path}: {n}" for path, text in sources().items() if (n := text.count("\n")) > LONGEST_FILE] == []


def test_no_function_is_too_long() -> None:
    long = [
        f"{path}:{node.lineno} {node.name}"
        for path, text in sources().items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


def test_tests_wait_for_conditions_not_for_time() -> None:
    waits = re.compile(r"time\.sl[e]ep\(|qtbot\.w[a]it\(")
    # In the tests of the guards it is the text of a process that is to be left behind.
    in_tests = [hit for hit in _hits(waits, leave_out={Path("tests/test_guards.py")}) if hit.startswith("tests/")]
    assert in_tests == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_module_can_be_imported(package: str) -> None:
    """``desktop.__main__`` and its like start the program only when they are run."""
    paths = importlib.import_module(package).__path__
    for module in pkgutil.walk_packages(paths, f"{package}."):
        # A settings module is chosen, alembic's environment is run by alembic, a conftest by pytest.
        if any(part in module.name for part in (".settings.", ".migrations", "conftest")):
            continue
        importlib.import_module(module.name)


def test_the_script_can_be_run() -> None:
    assert os.access(ROOT / "haversack", os.X_OK)
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-s", "haversack"], capture_output=True, text=True, check=True
    )
    assert listed.stdout.startswith("100755")
