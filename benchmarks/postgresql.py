"""A PostgreSQL of one's own, for as long as a measurement or a test takes: nothing to set up, nothing left behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from benchmarks.figures import CannotMeasureError

_PLACES = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql*/bin")
_SETTINGS = {
    "listen_addresses": "''",  # a socket in a folder of its own, and no port
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "max_connections": "60",
}
# The shell around the server waits for the end of its standard input: when whoever started it is gone, however that
# came about, the server ends and its folder is removed.
_SCRIPT = """
trap 'rm -rf "$1"' EXIT
trap '' INT TERM HUP
{
    "$2/initdb" -D "$1/data" -A trust -U haversack --no-sync -E UTF8 --locale=C &&
        "$2/pg_ctl" -D "$1/data" -l "$1/log" -o "-k $1 $3" -w -t 60 start
} >"$1/said" 2>&1 </dev/null || { cat "$1/said" "$1/log"; exit 1; }
echo ready
cat >/dev/null
"$2/pg_ctl" -D "$1/data" -m immediate -w stop >/dev/null 2>&1
"""


def programs() -> Path | None:
    """The folder of ``initdb`` and ``pg_ctl``, of the newest version where there are several; None without any."""
    on_path = shutil.which("pg_ctl")
    if on_path and Path(on_path).with_name("initdb").exists():
        return Path(on_path).parent
    found = [place for pattern in _PLACES for place in Path("/").glob(pattern)]
    return max((place for place in found if (place / "initdb").exists()), key=_version, default=None)


def _version(place: Path) -> int:
    return int("".join(filter(str.isdigit, str(place.parent.name))) or 0)


def why_not() -> str:
    """Why there can be no cluster here; empty when there can."""
    if os.name != "posix":
        return "a private PostgreSQL is started on Linux and macOS only"
    if programs() is None:
        return "PostgreSQL's server is not installed (Debian: postgresql)"
    if os.getuid() == 0 and (_owner() is None or shutil.which("runuser") is None):
        return "PostgreSQL does not run as root, and there is no user postgres to run it"
    return ""


def _owner() -> tuple[int, int] | None:
    """Whom PostgreSQL runs as when we are root: user and group."""
    import pwd  # not there on Windows, where this is never called

    try:
        found = pwd.getpwnam("postgres")
    except KeyError:
        return None
    return found.pw_uid, found.pw_gid


class PrivateCluster:
    """A database server on a Unix socket, without durability. Usable as a context manager."""

    def __init__(self) -> None:
        self.folder = Path()
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> PrivateCluster:
        """Start and wait until it answers: under a second.

        Raises:
            CannotMeasureError: it can't be had here; the text says why.
        """
        if reason := why_not():
            raise CannotMeasureError(reason)
        # Short, and in a place where another user may go: a socket's path has hardly more than 100 characters
        self.folder = Path(tempfile.mkdtemp(prefix="haversack-pg-", dir="/tmp"))
        command = ["sh", "-c", _SCRIPT, "sh", str(self.folder), str(programs()), self._options()]
        if os.getuid() == 0 and (owner := _owner()) is not None:
            os.chown(self.folder, *owner)
            command = ["runuser", "-u", "postgres", "--", *command]
        self._process = subprocess.Popen(
            command,
            cwd="/",
            env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        if said.strip() != "ready":
            said += self._process.stdout.read()
            self.stop()
            raise CannotMeasureError(f"PostgreSQL did not start: {said.strip()[-500:]}")
        return self

    @staticmethod
    def _options() -> str:
        return " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())

    def dsn(self, database: str = "postgres") -> str:
        """Where a database of it is, as ``DATABASE_URL`` has it."""
        return f"postgresql://haversack@/{database}?host={quote(str(self.folder), safe='')}"

    def stop(self) -> None:
        """End it and remove its folder."""
        if self._process is not None:
            process, self._process = self._process, None
            process.communicate()  # closes its input, which is the sign to end
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> PrivateCluster:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
