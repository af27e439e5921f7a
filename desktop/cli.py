"""The words of the command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from desktop.app import Haversack

VERSION = "0.1.0"


def parser() -> argparse.ArgumentParser:
    """The desktop's part of the command line; ``./haversack --help`` lists the rest."""
    import argparse

    made = argparse.ArgumentParser(prog="haversack", description="Learn where the network is poor or absent.")
    made.add_argument("--home", type=Path, metavar="FOLDER", help="keep all data in FOLDER")
    made.add_argument("--server", default="", metavar="URL", help="the program server to offer on the first page")
    made.add_argument("--offline", action="store_true", help="stay away from the network for this run")
    made.add_argument("--version", action="version", version=f"Haversack {VERSION}")
    made.add_argument("link", nargs="?", default="", help="a haversack:// invitation, a course pack or a file to open")
    return made


def _seconds(text: str) -> float:
    """Between a moment and ten minutes."""
    import argparse

    value = float(text)
    if not 0.5 <= value <= 600:
        raise argparse.ArgumentTypeError("between 0.5 and 600")
    return value


def selftest_parser() -> argparse.ArgumentParser:
    """``selftest``: does this computer play lectures?"""
    import argparse

    made = argparse.ArgumentParser(
        prog="haversack selftest",
        description="Play a lecture in a window (without a display: in memory), count its frames and look at them; "
        "see whether text, icons and the database work. Exit code 0: all is well; 1: the report says what is not.",
    )
    made.add_argument(
        "--clip", type=Path, metavar="FILE", help="play FILE instead of the sample program's first lecture"
    )
    made.add_argument(
        "--screenshot",
        type=Path,
        default=Path("haversack-selftest.png"),
        metavar="FILE",
        help="where to keep a picture of the window (default: %(default)s)",
    )
    made.add_argument("--seconds", type=_seconds, default=4.0, metavar="N", help="how long to play (default: 4)")
    made.add_argument("--unwatched", action="store_true", help="in this very process: its crash is not explained")
    return made


def selftest(words: list[str]) -> int:
    """``haversack selftest``. Returns the exit code."""
    wanted = selftest_parser().parse_args(words)
    if not wanted.unwatched:
        from desktop.selftest.watch import watched

        return watched(words, wanted.seconds)
    from desktop.selftest.run import Wanted, run

    return run(Wanted(wanted.clip, wanted.seconds, wanted.screenshot), VERSION)


def import_parser() -> argparse.ArgumentParser:
    """``import``: course packs from files."""
    import argparse

    made = argparse.ArgumentParser(
        prog="haversack import",
        description="Import course packs (files that end in .haversack) without a network. If Haversack is open, it "
        "does that itself and its window shows it. Importing again goes on where it stopped. Exit code 0: all is "
        "here; 1: something was refused or stopped; 3: a file is damaged in places, the rest is here.",
    )
    made.add_argument("files", nargs="+", type=Path, metavar="FILE")
    made.add_argument("--home", type=Path, metavar="FOLDER", help="the data folder (default: the usual one)")
    return made


def import_packs(words: list[str]) -> int:
    """``haversack import FILE…``. Needs no display. Returns the exit code."""
    wanted = import_parser().parse_args(words)
    from desktop.config import Config, default_home
    from desktop.import_command import run

    home = wanted.home.expanduser().resolve() if wanted.home else default_home()
    return run(wanted.files, Config(home=home))


def deliver(words: list[str]) -> int:
    """``haversack deliver FILE…``: somebody's work, without a window. Returns the exit code."""
    import argparse

    made = argparse.ArgumentParser(
        prog="haversack deliver",
        description="Deliver work that somebody saved to a file because their computer has no network. You need no "
        "account and cannot read what is in it. The receipt is written beside the file: take it back to them. Exit "
        "code 0: delivered; 1: something was not.",
    )
    made.add_argument("files", nargs="+", type=Path, metavar="FILE")
    wanted = made.parse_args(words)
    from desktop.deliver_command import run

    return run(wanted.files, VERSION)


def main(arguments: list[str] | None = None, watch: Callable[[Haversack], None] | None = None) -> int:
    """Run the program. Returns the exit code. ``watch``: see ``start.run``."""
    words = sys.argv[1:] if arguments is None else arguments
    if words[:1] in (["selftest"], ["--selftest"]):
        return selftest(words[1:])
    if words[:1] == ["import"]:
        return import_packs(words[1:])
    if words[:1] == ["deliver"]:
        return deliver(words[1:])
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        if not os.environ.get("QT_QPA_PLATFORM"):
            print("Haversack needs a desktop: neither DISPLAY nor WAYLAND_DISPLAY is set.", file=sys.stderr)
            print("Start it from a graphical session.", file=sys.stderr)
            return 1
    from desktop import interpreter

    interpreter.set_up()  # before all other imports: they are quicker after it
    from desktop.config import Config, default_home, pack_file
    from protocol import RECEIPT_SUFFIX, WORK_SUFFIX

    wanted = parser().parse_args(words)
    home = wanted.home.expanduser().resolve() if wanted.home else default_home()
    link = wanted.link
    if pack_file(link) is not None or link.endswith((WORK_SUFFIX, RECEIPT_SUFFIX)):
        link = str(Path(link).absolute())  # whoever runs already may be at home in another folder
    from desktop.application import look_up_fonts, make_application

    qt = make_application()
    fonts = look_up_fonts()
    try:
        from desktop import start

        return start.run(qt, Config(home=home, server=wanted.server, offline=wanted.offline, link=link), watch)
    finally:
        fonts.join()
