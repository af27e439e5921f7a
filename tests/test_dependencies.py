"""What the project is built on: the project file, the lock files, docs/dependencies.md and what is installed agree."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.metadata import PackageNotFoundError, metadata, packages_distributions, version

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.guards.environment import ROOT
from tests.test_repository import sources


def _locked(name: str) -> dict[str, str]:
    """Package and version, of each line of a lock file that begins a package."""
    lines = (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
    found = (re.match(r"([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==([^\s;\\]+)", line) for line in lines)
    return {canonicalize_name(match[1]): match[2] for match in found if match}


def _wanted() -> tuple[list[Requirement], list[Requirement]]:
    """What the program needs and what its checks need besides."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    program = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["server"]]
    return [Requirement(line) for line in program], [Requirement(line) for line in project["dependency-groups"]["dev"]]


@cache
def _rows() -> dict[str, list[str]]:
    """The rows of the tables in docs/dependencies.md by what is in their first cell."""
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in text.splitlines() if line[:2] == "| "]
    return {row[0]: row[1:] for row in rows if row[0] not in ("package", "packages")}


def _licence(name: str) -> str:
    """A licence as the package itself states it: newer metadata, then the classifiers, then free text."""
    found = metadata(name)
    classified = [line.rpartition(" :: ")[2] for line in found.get_all("Classifier") or [] if line[:7] == "License"]
    stated = found.get_all("License-Expression") or classified or found.get_all("License") or ["none stated"]
    return " ".join(stated)


FREE = re.compile(
    "MIT|BSD|Apache|Mozilla|MPL|PSF|Python Software Foundation|LGPL|Lesser General Public|ISC|Unlicense|0BSD|Zlib", re.I
)


def test_every_dependency_is_explained_and_nothing_else() -> None:
    program, checks = _wanted()
    named = {need.name for need in [*program, *checks]}
    packages = {name for name in _rows() if not name.startswith("`")}
    assert packages == named
    assert {name: row for name in packages if len(row := _rows()[name]) != 3 or not all(row)} == {}


def _family(licence: str) -> set[str]:
    """The families that a licence's name speaks of, however it is written."""
    written = licence.replace("Lesser General Public", "LGPL").replace("Mozilla Public", "MPL")
    return {family for family in ("MIT", "BSD", "Apache", "MPL", "LGPL") if family in written}


def test_the_licences_named_are_those_of_the_packages() -> None:
    program, checks = _wanted()
    names = [need.name for need in [*program, *checks]]
    assert {name: _licence(name) for name in names if not _family(_licence(name)) & _family(_rows()[name][1])} == {}


def test_what_the_application_brings_along_may_be_passed_on() -> None:
    """No package of the lock file has a licence that would become that of the whole, or none at all."""
    surprising: dict[str, str] = {}
    for name in _locked("app.lock"):
        try:
            if not FREE.search(licence := _licence(name)):
                surprising[name] = licence
        except PackageNotFoundError:
            continue  # for another system
    assert surprising == {}


def test_every_system_package_is_explained() -> None:
    script = (ROOT / "packaging" / "setup" / "system.sh").read_text(encoding="utf-8")
    table = script[script.index("<<'TABLE'\n") : script.index("\nTABLE\n")]
    wanted = {line.split("|")[2] for line in table.splitlines() if line.count("|") == 4}
    explained = {name for cell in _rows() for name in re.findall(r"`([^`]+)`", cell)}
    assert len(wanted) > 20
    assert explained == wanted


def test_no_dependency_is_left_over() -> None:
    """Each is imported, or named where Django is told what to use."""
    modules: dict[str, set[str]] = {}
    for module, owners in packages_distributions().items():
        for owner in owners:
            modules.setdefault(canonicalize_name(owner), set()).add(module)
    ours = "\n".join(text for path, text in sources().items() if path.parts[0] in ("desktop", "server", "protocol"))
    by_name = {"psycopg": "django.db.backends.postgresql", "argon2-cffi": "Argon2PasswordHasher"}
    program, _ = _wanted()
    unused = [
        need.name
        for need in program
        if not any(
            re.search(rf"\b{re.escape(word)}\b", ours)
            for word in {by_name.get(need.name, "")} - {""} or modules[canonicalize_name(need.name)]
        )
    ]
    assert unused == []


def _out_of_step(wanted: list[Requirement], locked: dict[str, str]) -> list[str]:
    return [
        f"{need}: {locked.get(canonicalize_name(need.name), 'missing')}"
        for need in wanted
        if (version := locked.get(canonicalize_name(need.name))) is None or version not in need.specifier
    ]


def test_the_lock_files_are_in_step_with_the_project() -> None:
    program, checks = _wanted()
    assert _out_of_step(program, _locked("app.lock")) == []
    assert _out_of_step([*program, *checks], _locked("dev.lock")) == []


def test_both_lock_files_agree() -> None:
    app, dev = _locked("app.lock"), _locked("dev.lock")
    assert {name: version for name, version in app.items() if dev.get(name) != version} == {}


@pytest.mark.parametrize("name", ["app.lock", "dev.lock", "uv.lock"])
def test_every_locked_package_has_a_hash(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    packages = re.split(r"\n(?=[A-Za-z0-9])", text.split("\n\n")[-1] if text.startswith("#") else text)
    assert len(packages) == len(_locked(name))
    assert [package.split()[0] for package in packages if "--hash=sha256:" not in package] == []


def test_the_running_environment_is_what_the_checks_were_locked_to() -> None:
    """What a developer has installed by hand does not stand in for what the lock file lacks."""
    program, checks = _wanted()
    locked = _locked("dev.lock")
    here = {need.name: version(need.name) for need in [*program, *checks]}
    assert {
        name: found for name, found in here.items() if Version(found) != Version(locked[canonicalize_name(name)])
    } == {}
