"""A report for whoever helps: what the sync did and in what state things are, without anything private."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, func, select

from desktop.config import Config
from desktop.models import migrations
from desktop.models.files import assets, downloads, feeds
from desktop.models.learning import attempts, enrollments, notes
from desktop.models.people import learner, programs
from desktop.models.store import Store
from desktop.models.views import NetworkStep, SyncRound, SyncStatus
from desktop.models.work import drafts, note_drafts, outbox
from desktop.services.outbox import Outbox
from protocol.actions import ACTION_BODIES, SaveNote, SubmitAttempt
from protocol.quizzes import Answer
from protocol.wire import WireError, decode

LOG_LINES = 200
LOG_BYTES = 200_000
SHORTEST_SECRET = 3
"""Shorter words of a learner's are in every text; taking them out would hide the report and nothing else."""
PACKAGES = ("PySide6_Essentials", "SQLAlchemy", "requests", "truststore", "msgspec", "python-vlc")

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
QUERY = re.compile(r"\?[\w.~%+-]+=[^\s'\")]*")
TOKEN = re.compile(r"(/invitations/|/join/|invitation=|token=)[^\s/?&'\")]+")
RECORD = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ ")
RAISED = re.compile(r"^((?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*)(?::.*)?$")
FRAME = re.compile(r'^\s*File "')


class Diagnostics:
    """See the module."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def report(self, status: SyncStatus, rounds: Iterable[SyncRound] = (), steps: Iterable[NetworkStep] = ()) -> str:
        """The whole report as plain text. It has no title, text, answer, name, address or token in it: what the
        learner wrote or is called is looked up and taken out of the end of the log as well."""
        home = self._store.folder.parents[1]
        with self._store.read() as connection:
            private = _private(connection)
            sections = [
                ("Program", [*_program()]),
                ("Sync", [*_sync(status, rounds)]),
                ("Network test", [*_network(steps)]),
                ("Outbox", [*_outbox(connection, Outbox(self._store))]),
                ("On this computer", [*_storage(connection, self._store)]),
            ]
        sections.append(("End of the log", _log_tail(Config(home).log)))
        made = f"Haversack report, {_moment(datetime.now(UTC))}"
        text = "\n\n".join([made, *(f"{title}\n{'-' * len(title)}\n" + "\n".join(lines) for title, lines in sections)])
        return f"{without(text, private, home)}\n"


def _moment(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else "never"


def _program() -> Iterator[str]:
    from importlib import metadata  # slow to import, and no start has to wait for it

    yield f"system: {platform.platform()}, Python {platform.python_version()}"
    for name in ("haversack", *PACKAGES):
        try:
            yield f"{name}: {metadata.version(name)}"
        except metadata.PackageNotFoundError:
            yield f"{name}: from source" if name == "haversack" else f"{name}: not installed"
    yield f"database: {migrations.HEAD}"


def _sync(status: SyncStatus, rounds: Iterable[SyncRound]) -> Iterator[str]:
    yield f"state: {status.state} {status.code}".rstrip()
    yield f"waiting: {status.waiting}, refused: {status.refused}"
    yield f"last success: {_moment(status.last_success)}"
    yield (
        f"failing since: {_moment(status.since)}; next try: {_moment(status.next_try)}" if status.since else "all well"
    )
    yield f"clock: {status.clock_off_s:+.0f} s against the server"
    for found in rounds:
        yield f"round {_moment(found.at)} {found.took_ms} ms {found.code or 'ok'}"


def _network(steps: Iterable[NetworkStep]) -> Iterator[str]:
    found = tuple(steps)
    if not found:
        yield "not made"
    for step in found:
        yield f"{step.name}: {step.state} {step.took_ms} ms {step.detail}{step.code}".rstrip()


def _outbox(connection: Connection, entries: Outbox) -> Iterator[str]:
    counted = select(outbox.c.state, outbox.c.kind, func.count()).group_by(outbox.c.state, outbox.c.kind)
    for state, kind, number in connection.execute(counted.order_by(outbox.c.state, outbox.c.kind)):
        yield f"{state}: {number} {kind}"
    for record in entries.log():
        sent = f" sent {_moment(record.sent_at)}" if record.sent_at else ""
        code = f" {record.code}" if record.code else ""
        yield f"{_moment(record.made_at)} {record.id} {record.kind} {record.state} tries {record.tries}{sent}{code}"


def _storage(connection: Connection, store: Store) -> Iterator[str]:
    yield f"database: {store.file.stat().st_size} bytes"
    for name, table in (("enrollments", enrollments), ("notes", notes), ("attempts", attempts)):
        yield f"{name}: {connection.execute(select(func.count()).select_from(table)).scalar_one()}"
    sizes = select(assets.c.state, func.count(), func.coalesce(func.sum(assets.c.size), 0)).group_by(assets.c.state)
    for state, number, size in connection.execute(sizes):
        yield f"files {state}: {number}, {size} bytes"
    for state, number in connection.execute(select(downloads.c.state, func.count()).group_by(downloads.c.state)):
        yield f"downloads {state}: {number}"
    for number, row in enumerate(connection.execute(select(feeds.c.cursor, feeds.c.read_at)), 1):
        yield f"feed {number}: cursor {row.cursor}, read {_moment(row.read_at)}"


def _log_tail(log: Path) -> list[str]:
    """The last records. Of a trace only where it happened and what was raised: a message may quote what was written."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - LOG_BYTES))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except OSError as error:
        return [f"no log: {type(error).__name__}"]
    kept: list[str] = []
    for line in lines:
        if RECORD.match(line) or FRAME.match(line):
            kept.append(line)
        elif (raised := RAISED.match(line)) and kept:
            kept.append(raised[1])
    return kept[-LOG_LINES:]


def _private(connection: Connection) -> set[str]:
    """Everything in the store that is the learner's own word, or who they are."""
    found: set[str] = set()
    for email, name, account_id in connection.execute(select(learner.c.email, learner.c.name, learner.c.account_id)):
        found |= {email, name, *name.split(), account_id}
    found |= set(connection.execute(select(programs.c.name)).scalars())
    for table in (notes, note_drafts):
        for text, quote in connection.execute(select(table.c.text, table.c.quote)):
            found |= {*text.splitlines(), *quote.splitlines()}
    given: list[Answer] = []
    for table in (drafts, attempts):
        for answers in connection.execute(select(table.c.answers)).scalars():
            given += answers
    for kind, data in connection.execute(select(outbox.c.kind, outbox.c.body)):
        try:
            body = decode(bytes(data), ACTION_BODIES[kind])
        except (KeyError, WireError):
            continue
        if isinstance(body, SaveNote):
            found |= {*body.text.splitlines(), *body.quote.splitlines()}
        elif isinstance(body, SubmitAttempt):
            given += body.answers
    found |= {line for answer in given for line in answer.text.splitlines()}
    return {word.strip() for word in found if len(word.strip()) >= SHORTEST_SECRET}


def without(text: str, private: Iterable[str], home: Path) -> str:
    """``text`` without the words in ``private``, folders of the person, e-mail addresses and tokens."""
    for folder, name in ((str(home), "<data folder>"), (str(Path.home()), "~")):
        text = text.replace(folder, name)
    text = QUERY.sub("?…", text)
    text = TOKEN.sub(r"\1…", text)
    text = ADDRESS.sub("<address>", text)
    there = text.casefold()
    for word in sorted((word for word in private if word.casefold() in there), key=len, reverse=True):
        whole = rf"(?<!\w){re.escape(word)}(?!\w)"
        text = re.sub(whole, "<private>", text, flags=re.IGNORECASE)
    return text
