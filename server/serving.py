"""Serving by granian: one supervising process, one worker or more with several threads each.

The supervisor migrates and loads, then granian starts the workers; one of them says ``ready`` on standard output once
it really answers. When the supervisor dies, even by SIGKILL, the workers notice by a pipe that the system closes.
"""

from __future__ import annotations

import http.client
import json
import logging
import multiprocessing
import multiprocessing.connection
import os
import signal
import socket
import sys
import threading
import time
from dataclasses import dataclass
from functools import partial
from multiprocessing.synchronize import Semaphore
from pathlib import Path
from typing import Any
from urllib.parse import quote

import django
from django.conf import settings

from server.rsgi import Front

log = logging.getLogger("server")

BLOCKING_THREADS = 8
ANSWERS_WITHIN_S = 30.0
LONGEST_HEAD = 64 * 1024
"""Bytes of a request's line and headers; what is longer is refused with 431."""


class PortTakenError(Exception):
    """Somebody else listens on the wanted port. The text is for people."""


@dataclass(frozen=True)
class ServeOptions:
    """``port`` 0 takes a free one. ``until_stdin_closes`` ends the server when whoever started it is gone.

    ``threads`` are per worker: so many requests are answered at a time.
    """

    host: str = "127.0.0.1"
    port: int = 0
    workers: int = 1
    threads: int = BLOCKING_THREADS
    load: tuple[Path, ...] = ()
    until_stdin_closes: bool = False


def serve(options: ServeOptions) -> int:
    """Migrate, load, serve until told to stop. Returns the exit code.

    Raises:
        PortTakenError: the port is in use.
    """
    if options.until_stdin_closes:
        threading.Thread(target=_stop_at_end_of_stdin, daemon=True, name="stdin").start()
    django.setup()
    _log_to_home()
    port = _usable_port(options.host, options.port)
    if not _migrated() or not _load(options.load):
        return 1
    url = f"http://{f'[{options.host}]' if ':' in options.host else options.host}:{port}"
    ready = {"event": "ready", "url": url, "pid": os.getpid(), "invitations": _open_invitations(url, options.load)}
    _close_connections()
    return _run_granian(options, port, ready)


def _run_granian(options: ServeOptions, port: int, ready: dict[str, Any]) -> int:
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    server = Granian(
        "server.rsgi",
        address=options.host,
        port=port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        workers=options.workers,
        websockets=False,
        # Slow links are what this is for: give a stalled client time
        http1_settings=HTTP1Settings(header_read_timeout=60_000, max_buffer_size=LONGEST_HEAD),
        workers_kill_timeout=5,
        log_level=LogLevels.warning,
        # Into our log: granian's own would go to standard output, which is for the ready line
        log_dictconfig={
            "handlers": {},
            "loggers": {"_granian": {"propagate": True}, "granian.access": {"propagate": True}},
        },
    )
    # One of the workers speaks for all; one that replaces a fallen one has nothing to say any more
    turn = multiprocessing.Semaphore(1)
    loader = partial(load_worker, options, port, ready, turn)
    server.serve(target_loader=loader, wrap_loader=False)
    return 0


def _stop_at_end_of_stdin() -> None:
    # os.read and not sys.stdin: the worker is forked while this waits, and must not inherit a held lock
    try:
        while os.read(0, 4096):
            pass
    except OSError:
        pass
    # The same way as a signal from outside, so that there is one shutdown
    signal.raise_signal(signal.SIGTERM) if os.name == "nt" else os.kill(os.getpid(), signal.SIGTERM)


def load_worker(options: ServeOptions, port: int, ready: dict[str, Any], turn: Semaphore) -> Any:
    """What answers; called by granian in each worker process, where it also starts the two watchers."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings.embedded")
    from server.wsgi import application

    if not logging.getLogger().handlers:  # a spawned worker, and not a forked one
        _log_to_home()
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True, name="parent").start()
    if turn.acquire(block=False):
        threading.Thread(target=_announce, args=(options.host, port, ready), daemon=True, name="announce").start()
    # The event loop asks for the interpreter while Django's threads have it: at 5 ms a turn, the default, the slowest
    # answers under load take half as long again
    sys.setswitchinterval(0.001)
    return Front(application, options.threads, settings.BODY_LIMIT)


def _end_with(sentinel: int) -> None:
    multiprocessing.connection.wait([sentinel])
    os._exit(1)  # the supervisor is gone: there is nobody left to shut down for


def _announce(host: str, port: int, ready: dict[str, Any]) -> None:
    deadline = time.monotonic() + ANSWERS_WITHIN_S
    # As the web server in front asks: by a name that is ours, and of a learner who came by https
    name = next((host for host in settings.ALLOWED_HOSTS if not host.startswith((".", "*"))), host)
    headers = {"Host": name, "X-Forwarded-Proto": "https"}
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection(host, port, timeout=5)
        try:
            connection.request("GET", "/v1/server", headers=headers)
            if connection.getresponse().status < 400:
                sys.stdout.write(json.dumps(ready) + "\n")
                sys.stdout.flush()
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.02)
        finally:
            connection.close()
    log.error("The server did not answer within %s s", ANSWERS_WITHIN_S)


def _usable_port(host: str, port: int) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name != "nt":  # there it would let two servers share a port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTakenError(f"Port {port} of {host} can't be used: {error.strerror}. Choose another.") from error
        return int(probe.getsockname()[1])


def _log_to_home() -> None:
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    if home := getattr(settings, "HOME", None):
        from logging.handlers import RotatingFileHandler

        handlers.append(RotatingFileHandler(home / "server.log", maxBytes=1_000_000, backupCount=1, encoding="utf-8"))
    logging.basicConfig(level=logging.INFO, handlers=handlers, format="%(asctime)s %(levelname)s %(name)s %(message)s")


def _migrated() -> bool:
    """Whether the database is as this version wants it. A home of our own is brought up to date by ourselves; an
    organization's database, which several machines may serve from, when its administrator says so."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return True
    if not hasattr(settings, "HOME"):
        sys.stderr.write("The database is not up to date. Run first: python -m server manage migrate\n")
        return False
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    return True


def _load(folders: tuple[Path, ...]) -> bool:
    from server.authoring.loading import load_unless_unchanged
    from server.authoring.mistakes import MistakesError

    for folder in folders:
        try:
            loaded = load_unless_unchanged(folder)
        except MistakesError as error:
            sys.stderr.write(f"{error}\n")
            return False
        if loaded is not None:
            sys.stderr.write(f"{loaded.summary()}\n")
    return True


def _open_invitations(url: str, folders: tuple[Path, ...]) -> list[dict[str, str]]:
    from server.authoring.models import LoadedFolder
    from server.programs.models import Invitation

    programs = LoadedFolder.objects.filter(path__in=[str(folder.resolve()) for folder in folders]).values("program")
    rows = Invitation.objects.filter(program__in=programs, used_at=None, withdrawn_at=None).order_by("created_at")
    return [
        {
            "email": row.email,
            "token": row.token,
            "url": f"haversack://join?server={quote(url, safe='')}&invitation={quote(row.token, safe='')}",
        }
        for row in rows
        if row.state() == "open"
    ]


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()
