"""Where things are, and what the command line fixed for this run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

APP_NAME = "Haversack"
SAMPLE_SERVER = "sample"
"""Stands for the sample program's own server, whose port may change from start to start."""
SAMPLE_EMAIL = "learner@example.org"
"""Whom the sample program invites: the address to sign in with again."""


def default_home() -> Path:
    """The data folder of this person on this computer; ``HAVERSACK_HOME`` overrides it."""
    if chosen := os.environ.get("HAVERSACK_HOME"):
        return Path(chosen).expanduser().resolve()
    import appdirs  # only needed when nobody said where; keeps the start short

    return Path(appdirs.user_data_dir(APP_NAME, appauthor=False))


def resources() -> Path:
    """The folder of what ships with the program."""
    return Path(__file__).resolve().parent.parent / "resources"


def pack_file(link: str) -> Path | None:
    """The course pack that is to be opened, where the system hands over a file instead of an address."""
    return Path(link) if link.lower().endswith(".haversack") and "://" not in link else None


class Config(NamedTuple):
    """One run of the program.

    Attributes:
        home: the data folder, absolute.
        server: address of a program server, from the command line; empty: the one that was joined.
        offline: stay away from the network for this run.
        link: a ``haversack://`` address or a course pack (an absolute path) to open; empty for none.
    """

    home: Path
    server: str = ""
    offline: bool = False
    link: str = ""

    @property
    def assets(self) -> Path:
        """Blobs of all learners, content-addressed, while no other folder was chosen for them."""
        return self.home / "assets"

    @property
    def learners(self) -> Path:
        """One folder per learner, with their database."""
        return self.home / "learners"

    @property
    def sample_server(self) -> Path:
        """The data of the sample program's server."""
        return self.home / "sample-server"

    @property
    def log(self) -> Path:
        """The program's log."""
        return self.home / "log" / "haversack.log"
