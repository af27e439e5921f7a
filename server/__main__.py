"""``python -m server serve …`` and ``python -m server manage …``."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

PORT_TAKEN = 3


def _above_0(word: str) -> int:
    number = int(word)
    if number < 1:
        raise ValueError
    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m server", description="Haversack's program server.")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve programs from a folder of this computer")
    serve.add_argument("--home", type=Path, help="database, media and log (default: ./haversack-server)")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=0, help="0 takes a free one")
    serve.add_argument("--workers", type=_above_0, default=1, help="processes (default: 1)")
    serve.add_argument("--threads", type=_above_0, default=8, help="of each process (default: 8)")
    serve.add_argument("--load", type=Path, action="append", default=[], metavar="FOLDER", help="a program's folder")
    serve.add_argument("--embedded", action="store_true", help="SQLite and media in HOME (the default without "
                       "DJANGO_SETTINGS_MODULE)")  # fmt: skip
    serve.add_argument("--until-stdin-closes", action="store_true", help="end when whoever started it is gone")
    manage = commands.add_parser("manage", help="Django's management commands", add_help=False)
    manage.add_argument("--home", type=Path)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    if options.command == "serve" and rest:
        parser.error(f"unknown: {' '.join(rest)}")
    if getattr(options, "embedded", False):
        os.environ["DJANGO_SETTINGS_MODULE"] = "server.settings.embedded"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings.embedded")
    if os.environ["DJANGO_SETTINGS_MODULE"] == "server.settings.embedded":
        from server.home import prepare_home

        prepare_home(options.home)
    if options.command == "manage":
        from django.core.management import execute_from_command_line

        execute_from_command_line(["python -m server manage", *rest])
        return 0
    from server.serving import PortTakenError, ServeOptions, serve

    try:
        return serve(
            ServeOptions(
                host=options.host,
                port=options.port,
                workers=options.workers,
                threads=options.threads,
                load=tuple(options.load),
                until_stdin_closes=options.until_stdin_closes,
            )
        )
    except PortTakenError as error:
        sys.stderr.write(f"{error}\n")
        return PORT_TAKEN


if __name__ == "__main__":
    sys.exit(main())
