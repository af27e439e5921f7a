"""A computer at whose edges everything is ours: the script itself is real, with the system's own shell and Python.

What the script asks of the system (which libraries there are, who is asking, the package manager, uv) are small
programs in a folder that comes first in PATH. What they are asked is written down.
"""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.guards.environment import ROOT

EVERY_LIBRARY = [
    "libgthread-2.0.so.0",
    "libEGL.so.1",
    "libGL.so.1",
    "libdbus-1.so.3",
    "libfontconfig.so.1",
    "libxkbcommon.so.0",
    "libgssapi_krb5.so.2",
    "libxcb-cursor.so.0",
    "libxcb-icccm.so.4",
    "libxcb-image.so.0",
    "libxcb-keysyms.so.1",
    "libxcb-render-util.so.0",
    "libxcb-shape.so.0",
    "libxkbcommon-x11.so.0",
    "libwayland-client.so.0",
    "libwayland-cursor.so.0",
    "libvlc.so.5",
]
OF_PACKAGES = {"libvlc5": "libvlc.so.5", "libegl1": "libEGL.so.1"}
"""What the package manager of this computer can install."""

APPLICATION = """
import os, pathlib, sys
print("started", *sys.argv[1:], sep="|")
print("in", os.getcwd(), sep="|")
print("from", pathlib.Path(__file__).resolve().parent.parent, sep="|")
"""


@dataclass
class Said:
    """What a run of the script came to."""

    code: int
    out: str
    err: str


@dataclass
class Computer:
    """``folder`` holds the checkout, the programs at the edge and what they wrote down.

    Attributes:
        variables: environment of the runs, besides the usual.
    """

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.checkout = self.folder / "a place with spaces" / "haver sack"
        self.programs = self.folder / "programs"
        self.asked_file = self.folder / "asked"
        self.libraries_file = self.folder / "libraries"
        self.elsewhere = self.folder / "elsewhere"
        for made in (self.programs, self.elsewhere, self.folder / "home"):
            made.mkdir(parents=True)
        self.asked_file.touch()
        self._check_out()
        self.has_libraries(EVERY_LIBRARY)
        self.user(1000)
        self.program(
            "ldconfig",
            'while read -r name; do printf \'\\t%s (libc6,x86-64) => /lib/%s\\n\' "$name" "$name"; done <"$LIBRARIES"',
        )
        self.program("uv", 'case $1 in --version) echo "uv 1.0" ;; *) note uv "$@" ;; esac')
        self.package_manager()

    def _check_out(self) -> None:
        shutil.copytree(ROOT / "packaging" / "setup", self.checkout / "packaging" / "setup")
        for name in ("haversack", "pyproject.toml"):
            shutil.copy2(ROOT / name, self.checkout / name)
        locks = self.checkout / "requirements"
        locks.mkdir()
        for kind in ("app", "dev", "uv"):
            (locks / f"{kind}.lock").write_text("nothing==1\n", "utf-8")
        for package in ("desktop", "server", "benchmarks"):
            (self.checkout / package).mkdir()
            (self.checkout / package / "__init__.py").touch()
            (self.checkout / package / "__main__.py").write_text(APPLICATION, "utf-8")

    # --- the edges ----------------------------------------------------------------------------------------------

    def program(self, name: str, body: str) -> None:
        """A program of this computer, in shell. ``note`` writes down what it was asked."""
        path = self.programs / name
        head = '#!/bin/sh\nnote() { printf \'%s\\n\' "$*" >>"$ASKED"; }\n'
        path.write_text(f"{head}{body}\n", "utf-8")
        path.chmod(0o755)

    def has_libraries(self, names: list[str]) -> None:
        """The shared libraries that the system knows."""
        self.libraries_file.write_text("".join(f"{name}\n" for name in names), "utf-8")

    def lacks(self, *names: str) -> None:
        """All libraries but these."""
        self.has_libraries([name for name in EVERY_LIBRARY if name not in names])

    def user(self, number: int) -> None:
        """Who is asking; 0 is root."""
        self.program("id", f'case $1 in -u) echo {number} ;; *) exec /usr/bin/id "$@" ;; esac')

    def package_manager(self, *, works: bool = True) -> None:
        """apt-get: installs what it knows, or fails as without a network."""
        if not works:
            self.program("apt-get", 'note apt-get "$@"; echo "E: Unable to locate package" >&2; exit 100')
            return
        cases = " ".join(f'{package}) echo {library} >>"$LIBRARIES" ;;' for package, library in OF_PACKAGES.items())
        self.program("apt-get", f'note apt-get "$@"\nfor word; do case $word in {cases} esac; done')

    def sudo(self) -> None:
        """A sudo that asks for nothing."""
        self.program("sudo", 'note sudo "$@"; exec "$@"')

    def fetching_fails(self) -> None:
        """As without a network; pip's own try fails at once as well."""
        self.program(
            "uv", 'case $1 in --version) echo "uv 1.0" ;; *) note uv "$@"; echo "error: no route" >&2; exit 1 ;; esac'
        )
        self.variables |= {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}

    def old_python(self) -> None:
        """Every Python of this computer is too old."""
        for name in ("python3", "python3.14", "python3.13", "python3.12", "python3.11"):
            self.program(name, 'case $1 in --version) echo "Python 3.9.2" ;; *) exit 1 ;; esac')
        self.variables["HAVERSACK_PYTHON"] = ""

    # --- running it ---------------------------------------------------------------------------------------------

    @property
    def venv(self) -> Path:
        """Where the packages are kept unless it was said otherwise."""
        return self.checkout / ".venv"

    def environment(self) -> dict[str, str]:
        """What the runs see."""
        kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "HAVERSACK_VENV")}
        return {
            **kept,
            "PATH": f"{self.programs}:/usr/bin:/bin",
            "HOME": str(self.folder / "home"),
            "ASKED": str(self.asked_file),
            "LIBRARIES": str(self.libraries_file),
            "HAVERSACK_PYTHON": sys.executable,
            **self.variables,
        }

    def run(self, *words: str, script: Path | str | None = None, folder: Path | None = None) -> Said:
        """The script, from another folder, without a terminal."""
        done = subprocess.run(
            [str(script or self.checkout / "haversack"), *words],
            cwd=folder or self.elsewhere,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def start(self, *words: str) -> subprocess.Popen[str]:
        """The script, to be met while it runs."""
        return subprocess.Popen(
            [str(self.checkout / "haversack"), *words],
            cwd=self.elsewhere,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run_in_terminal(self, *words: str, answer: str) -> Said:
        """The script with a person before it, who answers the one question."""
        try:
            ours, theirs = pty.openpty()
        except OSError as error:  # a container without /dev/pts
            pytest.skip(f"this machine has no terminals to give: {error}")
        process = subprocess.Popen(
            [str(self.checkout / "haversack"), *words],
            cwd=self.elsewhere,
            env=self.environment(),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        said = b""
        answered = False
        until = time.monotonic() + 60
        while time.monotonic() < until and select.select([ours], [], [], 60)[0]:
            try:
                piece = os.read(ours, 4096)
            except OSError:  # the other end is gone
                break
            if not piece:
                break
            said += piece
            if not answered and said.rstrip().endswith(b"[y/N]"):
                os.write(ours, f"{answer}\n".encode())
                answered = True
        os.close(ours)
        return Said(process.wait(10), said.decode().replace("\r", ""), "")

    def asked(self, program: str) -> list[str]:
        """What a program was asked to do, in order."""
        lines = self.asked_file.read_text("utf-8").splitlines()
        return [line.removeprefix(program).strip() for line in lines if line.split()[0] == program]
