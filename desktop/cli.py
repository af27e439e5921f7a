"""The words of the command line."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.config import Config, default_home

if TYPE_CHECKING:
    from desktop.app import Haversack

VERSION = "0.1.0"


def parser() -> argparse.ArgumentParser:
    """The desktop's part of the command line; ``./haversack --help`` lists the rest."""
    made = argparse.ArgumentParser(prog="haversack", description="Learn where the network is poor or absent.")
    made.add_argument("--home", type=Path, metavar="FOLDER", help="keep all data in FOLDER")
    made.add_argument("--server", default="", metavar="URL", help="the program server to offer on the first page")
    made.add_argument("--offline", action="store_true", help="stay away from the network for this run")
    made.add_argument("--version", action="version", version=f"Haversack {VERSION}")
    made.add_argument("link", nargs="?", default="", help="a haversack:// invitation to open")
    return made


def selftest_parser() -> argparse.ArgumentParser:
    """``selftest``: does this computer play video?"""
    made = argparse.ArgumentParser(prog="haversack selftest", description="Play the sample clip and count its frames.")
    made.add_argument("--clip", type=Path, metavar="FILE", help="play FILE instead of the sample clip")
    made.add_argument("--screenshot", type=Path, default=Path("haversack-selftest.png"), metavar="FILE")
    made.add_argument("--seconds", type=float, default=4.0, metavar="N", help="how long to play (default: 4)")
    return made


def main(arguments: list[str] | None = None, watch: Callable[[Haversack], None] | None = None) -> int:
    """Run the program. Returns the exit code. ``watch``: see ``app.run``."""
    words = sys.argv[1:] if arguments is None else arguments
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        if not os.environ.get("QT_QPA_PLATFORM") and words[:1] != ["selftest"]:
            print("Haversack needs a desktop: neither DISPLAY nor WAYLAND_DISPLAY is set.", file=sys.stderr)
            print("Start it from a graphical session.", file=sys.stderr)
            return 1
    if words[:1] == ["selftest"]:
        selftest_parser().parse_args(words[1:])
        print("The self-test is not in this version yet.", file=sys.stderr)
        return 1
    wanted = parser().parse_args(words)
    home = wanted.home.expanduser().resolve() if wanted.home else default_home()
    from desktop import app

    return app.run(Config(home=home, server=wanted.server, offline=wanted.offline, link=wanted.link), watch)
