"""``python -m desktop``."""

from __future__ import annotations

import sys


def main() -> int:
    """Entry point of the installed program."""
    from desktop.cli import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
