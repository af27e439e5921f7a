"""``./haversack``: what it starts, from where, and what it sets up before."""

from __future__ import annotations

import os
import re
import signal
import tomllib
from pathlib import Path

import pytest

from tests.guards.environment import ROOT
from tests.setup.computer import Computer


def test_help_and_version_need_nothing(computer: Computer) -> None:
    computer.old_python()
    computer.has_libraries([])
    said = computer.run("--help")
    assert (said.code, said.err) == (0, "")
    for word in ("setup", "serve", "manage", "test", "selftest", "benchmarks", "--home", "--server", "--offline"):
        assert re.search(rf"^  {word}\b", said.out, re.MULTILINE), word
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    said = computer.run("--version")
    assert (said.code, said.out, said.err) == (0, f"Haversack {project['version']}\n", "")
    assert not computer.venv.exists()


def test_every_word_of_the_help_is_one_that_the_script_takes(computer: Computer) -> None:
    words = re.search(r"\nWords:\n(.*?)\n\n", computer.run("--help").out, re.DOTALL)
    assert words is not None
    listed = set(re.findall(r"^  (\w+)", words[1], re.MULTILINE))
    script = (ROOT / "haversack").read_text("utf-8")
    cases = script[script.rindex("case $word in") :]
    taken = {word for line in re.findall(r"^    ([a-z |]+)\)$", cases, re.MULTILINE) for word in line.split(" | ")}
    # What the script does not know itself is for the application, as its options are.
    assert listed == taken | {"selftest"}


def test_the_first_start_sets_up_and_the_second_is_silent(computer: Computer) -> None:
    said = computer.run("--offline")
    assert said.code == 0, said.err
    assert "Setting up the Python packages" in said.err
    assert "started|--offline" in said.out
    assert f"from|{computer.checkout}" in said.out
    assert len(computer.asked("uv")) == 1
    fetched = computer.asked("uv")[0]
    assert "--require-hashes" in fetched
    assert str(computer.checkout / "requirements" / "app.lock") in fetched
    assert (computer.venv / "bin" / "python").exists()
    again = computer.run("--home", "my folder")
    assert again.out.splitlines()[0] == "started|--home|my folder"
    # Only system packages that this very machine lacks (a font, VLC's plugins) could still be spoken of, once.
    assert "Setting up" not in again.err
    assert len(computer.asked("uv")) == 1


@pytest.mark.parametrize(
    ("words", "started"),
    [
        (("serve", "--port", "0"), "started|serve|--port|0"),
        (("manage", "check"), "started|manage|check"),
        (("benchmarks", "seek", "--json"), "started|seek|--json"),
        (("selftest", "--seconds", "2"), "started|selftest|--seconds|2"),
        (("--selftest", "--seconds", "2"), "started|selftest|--seconds|2"),
        (("haversack://join?a=b&c=d e",), "started|haversack://join?a=b&c=d e"),
    ],
)
def test_each_word_starts_its_program_with_what_follows(
    computer: Computer, words: tuple[str, ...], started: str
) -> None:
    said = computer.run(*words)
    assert said.code == 0, said.err
    assert said.out.splitlines()[0] == started
    assert f"in|{computer.elsewhere.resolve()}" in said.out


def test_it_is_found_through_symbolic_links(computer: Computer) -> None:
    """One relative to its own folder, one absolute, one to the other."""
    (computer.folder / "bin").mkdir()
    relative = computer.folder / "bin" / "relative"
    relative.symlink_to(Path("..") / "a place with spaces" / "haver sack" / "haversack")
    absolute = computer.folder / "absolute link"
    absolute.symlink_to(relative)
    for link in (relative, absolute):
        said = computer.run("serve", script=link)
        assert said.code == 0, said.err
        assert f"from|{computer.checkout}" in said.out


def test_it_is_found_by_a_relative_path(computer: Computer) -> None:
    said = computer.run("serve", script="./haversack", folder=computer.checkout)
    assert said.code == 0, said.err
    assert f"from|{computer.checkout}" in said.out


def test_what_lies_in_the_current_folder_is_not_run(computer: Computer) -> None:
    for name in ("server.py", "encodings.py", "site.py"):
        (computer.elsewhere / name).write_text("raise SystemExit('the wrong one')", "utf-8")
    said = computer.run("serve")
    assert said.code == 0, said.err
    assert "wrong" not in said.err


def test_the_packages_can_be_kept_elsewhere(computer: Computer) -> None:
    computer.variables["HAVERSACK_VENV"] = "my packages"
    said = computer.run("serve")
    assert said.code == 0, said.err
    assert (computer.elsewhere / "my packages" / "bin" / "python").exists()
    assert not computer.venv.exists()


def test_a_changed_lock_is_set_up_again(computer: Computer) -> None:
    computer.run("serve")
    with (computer.checkout / "requirements" / "app.lock").open("a") as lock:
        lock.write("more==2\n")
    said = computer.run("serve")
    assert said.code == 0
    assert "Setting up the Python packages" in said.err
    assert len(computer.asked("uv")) == 2
    assert computer.run("serve").err == ""


def test_what_the_tests_need_holds_what_the_application_needs(computer: Computer) -> None:
    """Environments made for the tests are not thrown over by a start of the application, and the other way round."""
    computer.run("serve")
    # The checks themselves have nothing to run in this checkout: what is looked at is what was set up for them.
    computer.run("test")
    assert [str(computer.checkout / "requirements" / "dev.lock") in line for line in computer.asked("uv")] == [
        False,
        True,
    ]
    assert computer.run("serve").err == ""
    (computer.checkout / "requirements" / "dev.lock").write_text("other==3\n", "utf-8")
    computer.run("serve")
    assert str(computer.checkout / "requirements" / "dev.lock") in computer.asked("uv")[-1]


def test_a_set_up_that_was_killed_half_way_starts_afresh(computer: Computer) -> None:
    # The fetching program kills the script that started it: the machine went down, say.
    computer.program("uv", 'case $1 in --version) echo "uv 1.0" ;; *) kill -9 "$PPID" ;; esac')
    said = computer.run("serve")
    assert said.code == -signal.SIGKILL
    assert (computer.venv / "haversack-unfinished").exists()
    half = computer.venv / "half of a package"
    half.touch()
    computer.program("uv", 'case $1 in --version) echo "uv 1.0" ;; *) note uv "$@" ;; esac')
    said = computer.run("serve")
    assert said.code == 0, said.err
    assert "did not finish" in said.err
    assert not half.exists()
    assert not (computer.venv / "haversack-unfinished").exists()
    assert computer.run("serve").err == ""


def test_an_environment_whose_python_is_gone_is_made_anew(computer: Computer) -> None:
    computer.run("serve")
    (computer.venv / "bin" / "python").unlink()
    (computer.venv / "bin" / "python").symlink_to("/nowhere/python3")
    said = computer.run("serve")
    assert said.code == 0, said.err
    assert "its Python is gone" in said.err
    assert "started|serve" in said.out


def test_a_folder_in_the_way_is_left_alone(computer: Computer) -> None:
    computer.venv.mkdir()
    (computer.venv / "thesis.odt").write_text("years of work", "utf-8")
    said = computer.run("serve")
    assert said.code == 1
    assert "is in the way" in said.err
    assert "HAVERSACK_VENV" in said.err
    assert (computer.venv / "thesis.odt").read_text("utf-8") == "years of work"
    assert computer.asked("uv") == []


def test_without_a_network_it_says_so_and_keeps_what_it_has(computer: Computer) -> None:
    computer.fetching_fails()
    said = computer.run("serve")
    assert said.code == 1
    assert "could not be fetched. Check the network" in said.err
    assert "HTTPS_PROXY" in said.err
    assert "no route" in said.err
    assert said.out == ""
    # The next start goes on from there instead of speaking of a set-up that was cut off.
    assert "afresh" not in computer.run("serve").err


def test_newer_packages_that_cannot_be_fetched_do_not_keep_a_learner_out(computer: Computer) -> None:
    computer.run("serve")
    (computer.checkout / "requirements" / "app.lock").write_text("newer==2\n", "utf-8")
    computer.fetching_fails()
    said = computer.run("serve")
    assert said.code == 0
    assert "going on with those of last time" in said.err
    assert "started|serve" in said.out


def test_an_old_python_is_named_with_what_to_do(computer: Computer) -> None:
    computer.old_python()
    said = computer.run("serve")
    assert said.code == 1
    assert "needs Python 3.11 or newer; found here: Python 3.9.2" in said.err
    assert "HAVERSACK_PYTHON=" in said.err
    assert not computer.venv.exists()


def test_two_starts_at_once_set_up_once(computer: Computer) -> None:
    gate = computer.folder / "gate"
    os.mkfifo(gate)
    computer.variables["GATE"] = str(gate)
    # The fetching goes on when the gate was opened and closed by us: after the second start has said that it waits.
    computer.program("uv", 'case $1 in --version) echo "uv 1.0" ;; *) note uv "$@"; cat "$GATE" ;; esac')
    first = computer.start("serve")
    assert first.stderr is not None
    assert "Setting up" in first.stderr.readline()
    second = computer.start("serve")
    assert second.stderr is not None
    assert "Another start is setting Haversack up; waiting for it." in second.stderr.readline()
    gate.open("w").close()
    for process in (first, second):
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        assert "started|serve" in out
    assert len(computer.asked("uv")) == 1
