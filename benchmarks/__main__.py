"""``python -m benchmarks [NAME ...] [--json]``: runs benchmarks and prints what they found."""

from __future__ import annotations

import argparse
import importlib
import sys

import msgspec

from benchmarks.figures import CannotMeasureError, Figure, table

NAMES = ("startup", "seek", "transcript", "server", "downloads", "packs", "sync", "memory", "tick")
"""A benchmark is a module of this package with ``run() -> list[Figure]``."""


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmarks named, or all. Returns 0 if every one could measure, whatever it found; else 1."""
    parser = argparse.ArgumentParser(prog="haversack benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(NAMES)} (default: all)")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line instead of a table")
    wanted = parser.parse_args(arguments)
    if unknown := [name for name in wanted.names if name not in NAMES]:
        parser.error(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(NAMES)}")
    code = 0
    for name in wanted.names or NAMES:
        try:
            found: list[Figure] = importlib.import_module(f"benchmarks.{name}").run()
        except CannotMeasureError as error:
            print(f"{name}: {error}", file=sys.stderr)
            code = 1
            continue
        if wanted.json:
            for figure in found:
                print(msgspec.json.encode(figure).decode(), flush=True)
        else:
            print(f"{name}\n{table(found)}\n", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
