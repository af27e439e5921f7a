"""``./haversack`` on computers that lack something: what is installed, who is asked, what is said, what goes on."""

from __future__ import annotations

import re

import pytest

from tests.guards.environment import ROOT
from tests.setup.computer import EVERY_LIBRARY, Computer

VLC = "libvlc.so.5"
EGL = "libEGL.so.1"


def installed(computer: Computer) -> list[str]:
    """Packages that apt-get was asked to install."""
    words = [line.split() for line in computer.asked("apt-get") if " install " in f" {line} "]
    return [word for line in words for word in line[line.index("install") + 1 :] if not word.startswith("-")]


def test_root_gets_what_is_missing_installed(computer: Computer) -> None:
    computer.user(0)
    computer.lacks(VLC, EGL)
    said = computer.run()
    assert said.code == 0, said.err
    assert "libvlc5 (playing lectures)" in said.err
    assert "libegl1 (Qt's drawing)" in said.err
    assert {"libvlc5", "libegl1"} <= set(installed(computer))
    # Only what was missing.
    assert "libgl1" not in installed(computer)
    assert "started" in said.out
    # Installed now: nothing more is asked for.
    before = computer.asked("apt-get")
    computer.has_libraries(EVERY_LIBRARY)
    assert "libvlc5" not in computer.run().err
    assert [line for line in computer.asked("apt-get")[len(before) :] if "libvlc5" in line] == []


def test_somebody_without_rights_is_told_the_one_line_and_goes_on(computer: Computer) -> None:
    computer.lacks(VLC)
    said = computer.run()
    assert said.code == 0, said.err
    lines = [line for line in said.err.splitlines() if "apt-get install" in line]
    assert len(lines) == 1
    assert re.match(
        r"  (sudo apt-get update && )?sudo apt-get install -y --no-install-recommends .*\blibvlc5\b", lines[0]
    )
    assert "lectures cannot be played; everything else works" in said.err
    assert "started" in said.out
    assert computer.asked("apt-get") == []
    # Said once, not at every start; but when it is asked for, again, with the exit code of what is not done.
    assert "libvlc5" not in computer.run().err
    asked_for = computer.run("setup")
    assert asked_for.code == 1
    assert "libvlc5" in asked_for.err


def test_without_qts_libraries_it_stops_and_says_only_that(computer: Computer) -> None:
    computer.lacks(VLC, EGL)
    said = computer.run()
    assert said.code == 1
    assert "cannot start without Qt's libraries" in said.err
    assert "libegl1" in said.err
    assert "everything else works" not in said.err
    assert said.out == ""


def test_the_server_needs_none_of_it(computer: Computer) -> None:
    computer.has_libraries(["libc.so.6"])
    said = computer.run("serve")
    assert said.code == 0, said.err
    assert "missing" not in said.err


def test_what_was_declined_is_spoken_of_again_when_more_is_missing(computer: Computer) -> None:
    computer.lacks(VLC)
    computer.run()
    computer.lacks(VLC, "libxcb-cursor.so.0")
    said = computer.run()
    assert said.code == 0
    assert "libxcb-cursor0" in said.err
    assert "a window may not open" in said.err


def test_a_package_manager_that_fails_is_quoted(computer: Computer) -> None:
    computer.user(0)
    computer.lacks(VLC)
    computer.package_manager(works=False)
    said = computer.run()
    assert said.code == 0, said.err
    assert "this failed:" in said.err
    assert "E: Unable to locate package" in said.err
    assert "everything else works" in said.err
    # Root needs no sudo, and may have none.
    assert "sudo" not in said.err
    assert "started" in said.out


def test_without_a_package_manager_the_packages_are_named(computer: Computer) -> None:
    computer.lacks(VLC)
    # The system's own tools, without its package managers.
    for name in (
        "sh",
        "sed",
        "dirname",
        "readlink",
        "uname",
        "find",
        "cat",
        "cksum",
        "mkdir",
        "rm",
        "mktemp",
        "tail",
        "ls",
    ):
        (computer.programs / name).symlink_to(f"/bin/{name}")
    (computer.programs / "apt-get").unlink()
    computer.variables["PATH"] = str(computer.programs)
    said = computer.run()
    assert said.code == 0, said.err
    assert re.search(r"\(your system's package manager\).* libvlc5", said.err)


@pytest.mark.parametrize(("answer", "is_installed"), [("y", True), ("n", False), ("", False)])
def test_a_person_at_a_terminal_is_asked(computer: Computer, answer: str, is_installed: bool) -> None:
    computer.lacks(VLC)
    computer.sudo()
    said = computer.run_in_terminal(answer=answer)
    assert said.code == 0, said.out
    assert "Install them now with sudo? [y/N]" in said.out
    assert bool(computer.asked("sudo")) is is_installed
    assert ("libvlc5" in installed(computer)) is is_installed
    assert ("lectures cannot be played" in said.out) is not is_installed
    assert "started" in said.out


def test_a_system_that_does_not_list_its_libraries_is_taken_at_its_word(computer: Computer) -> None:
    """Where there is no ldconfig (musl, Nix) nothing is known to be missing."""
    computer.program("ldconfig", "exit 1")
    said = computer.run()
    assert said.code == 0, said.err
    assert "libegl1" not in said.err


def test_every_library_of_the_table_is_one_of_this_computer() -> None:
    """The fake system above has all that is looked for: else the tests would speak of something else."""
    table = (ROOT / "packaging" / "setup" / "system.sh").read_text("utf-8")
    assert set(re.findall(r"\|lib:([^|]+)\|", table)) == set(EVERY_LIBRARY)
