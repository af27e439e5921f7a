"""A program server for tests, over real HTTP, whose answers can be spoiled: the scriptable edge of the client.

It keeps what the real one promises and the client relies on: a ledger of action ids, a feed with revisions, signed
addresses, ranges. ``tests/contract`` runs the same client against the real one.
"""

from __future__ import annotations

import json
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from protocol import PROTOCOL_HEADER, SERVER_TIME_HEADER, actions, learning
from protocol.accounts import Account, Brand, Invitation, Membership, Program, ServerInfo, Session, Tokens
from protocol.errors import ErrorBody
from protocol.feeds import GONE, AddressAnswer, AddressRequest, BlobAddress, Change, FeedPage
from protocol.ids import AccountId
from protocol.packs import LARGEST, MEDIA_TYPE, PackRequest, write_pack
from protocol.wire import decode, encode
from tests.desktop.course import PROGRAM, START, Course

Fault = Callable[["Handler"], bool]
"""Spoils an answer: returns True when it has answered (or broken) in the server's place."""


class ProgramServer:
    """What the server has and knows. Everything may be changed while it runs, under ``lock``."""

    def __init__(self, courses: tuple[Course, ...] = ()) -> None:
        self.lock = threading.RLock()
        self.courses = {course.course_id: course for course in courses}
        self.blobs = {sha256: data for course in courses for sha256, data in course.blobs.items()}
        self.epoch = 1
        self.revision = 0
        self.rows: dict[tuple[str, str], Change] = {}
        self.applied: list[str] = []
        self.asked: list[str] = []
        self.faults: list[tuple[str, Fault]] = []
        self.late_faults: list[tuple[str, Fault]] = []
        self.refuse: dict[str, ErrorBody] = {}
        self.on_error = (500, ErrorBody(code="server_fault", text="A mistake."))
        """What is said when something raises ``ValueError``."""
        self.page_limit = 500
        self.protocol = 1
        self.version = "1"
        self.clock_off = timedelta()
        """How far the server's clock is ahead of the truth."""
        self.invitation_state = "open"
        self.generation = 1
        self.refreshes = 0
        self.sent_bytes = 0
        self.etag = '"{sha256}"'
        """What it calls a blob's version. A web server in its place has a name of its own for that."""
        self.blob_type = "application/octet-stream"
        self.blobs_ours = True
        """Whether blobs come with the protocol's headers: a web server that sends them leaves those out."""
        self.knows_packs = True
        self.connections: set[socket.socket] = set()
        self.url = ""

    # --- feeds ---------------------------------------------------------------------------------------------------

    def put(self, kind: str, key: str, body: Any) -> None:
        """A change of the learner's feed."""
        with self.lock:
            self.revision += 1
            raw = GONE if body is None else msgspec.Raw(encode(body))
            self.rows[kind, key] = Change(kind=kind, id=key, revision=self.revision, body=raw)

    def page(self, feed: str, after: str) -> FeedPage | None:
        """A page; None when the cursor is of another epoch."""
        epoch, _, sequence = after.partition(".")
        if after and int(epoch) != self.epoch:
            return None
        start = int(sequence or 0)
        if feed == "learner":
            found = sorted(self.rows.values(), key=lambda change: change.revision)
        else:
            entries = [course.entry() for course in self.courses.values()]
            found = [
                Change(kind="catalog_entry", id=entry.course_id, revision=number, body=msgspec.Raw(encode(entry)))
                for number, entry in enumerate(entries, 1)
            ]
        newer = [change for change in found if change.revision > start]
        shown = newer[: self.page_limit]
        last = shown[-1].revision if shown else start
        more = len(newer) > len(shown)
        return FeedPage(feed=feed, changes=tuple(shown), cursor=f"{self.epoch}.{last}", more=more, poll_after_s=60)

    # --- actions -------------------------------------------------------------------------------------------------

    def judge(self, batch: actions.ActionBatch) -> actions.ActionBatchResult:
        """Apply what is new."""
        results = []
        for action in batch.actions:
            if action.id in self.refuse:
                outcome, error = actions.REFUSED, self.refuse[action.id]
            elif action.kind in self.refuse:
                outcome, error = actions.REFUSED, self.refuse[action.kind]
            elif action.id in self.applied:
                outcome, error = actions.DUPLICATE, None
            else:
                self.applied.append(action.id)
                self._effect(action)
                outcome, error = actions.APPLIED, None
            results.append(actions.ActionResult(id=action.id, outcome=outcome, error=error))
        return actions.ActionBatchResult(results=tuple(results))

    def _effect(self, action: actions.Action) -> None:
        body = decode(bytes(action.body), actions.ACTION_BODIES[action.kind])
        at = action.clock.made_at
        if isinstance(body, actions.SaveNote):
            note = learning.Note(
                id=body.note_id,
                course_id=body.course_id,
                item_id=body.item_id,
                at_ms=body.at_ms,
                text=body.text,
                created_at=at,
                edited_at=at,
            )
            self.put(learning.NOTE, body.note_id, note)
        elif isinstance(body, actions.SetPosition):
            position = learning.Position(
                item_id=body.item_id, course_id=body.course_id, position_ms=body.position_ms, at=at
            )
            self.put(learning.POSITION, body.item_id, position)
        elif isinstance(body, actions.CompleteItem):
            done = learning.Progress(item_id=body.item_id, course_id=body.course_id, opened_at=at, completed_at=at)
            self.put(learning.PROGRESS, body.item_id, done)
        elif isinstance(body, actions.Enroll):
            enrollment = self.courses[body.course_id].enrollment()
            self.put(
                learning.ENROLLMENT, body.enrollment_id, msgspec.structs.replace(enrollment, id=body.enrollment_id)
            )

    # --- people --------------------------------------------------------------------------------------------------

    def account(self) -> Account:
        """The one learner."""
        program = Program(id=PROGRAM, name="Sample", organization="Open School", brand=Brand(name="Open School"))
        membership = Membership(program=program, state="active", joined_at=START)
        return Account(id=AccountId("learner-1"), email="ada@example.org", name="Ada", memberships=(membership,))

    def invitation(self, token: str) -> Invitation:
        """For the one learner; any token is good."""
        rules = ("At least 10 characters",)
        found = self.account()
        return Invitation(
            token=token,
            state=self.invitation_state,
            program=found.memberships[0].program,
            email=found.email,
            name=found.name,
            password_rules=rules,
        )

    def link(self, token: str = "welcome") -> str:
        """An invitation to this server."""
        return f"haversack://join?server={self.url}&invitation={token}"

    def tokens(self) -> Tokens:
        """Of the generation that is good now."""
        return Tokens(
            access_token=f"access-{self.generation}",
            access_expires_at=datetime.now(UTC) + timedelta(minutes=15),
            refresh_token=f"refresh-{self.generation}",
        )

    def expire_access(self) -> None:
        """The access token is not good any more."""
        with self.lock:
            self.generation += 1

    # --- faults --------------------------------------------------------------------------------------------------

    def spoil(self, path: str, fault: Fault, *, times: int = 1, late: bool = False) -> None:
        """Spoil the next answers of addresses that begin with ``path``; ``late``: after the effect."""
        with self.lock:
            (self.late_faults if late else self.faults).extend([(path, fault)] * times)

    def take_fault(self, path: str, *, late: bool) -> Fault | None:
        """The next fault that is meant for ``path``."""
        with self.lock:
            waiting = self.late_faults if late else self.faults
            for index, (prefix, fault) in enumerate(waiting):
                if path.startswith(prefix):
                    del waiting[index]
                    return fault
        return None

    @contextmanager
    def running(self, context: ssl.SSLContext | None = None, port: int = 0) -> Iterator[ProgramServer]:
        """Serve on the loopback interface until the block ends."""
        http = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        http.daemon_threads = True
        http.program = self  # type: ignore[attr-defined]
        if context is not None:
            http.socket = context.wrap_socket(http.socket, server_side=True)
        name = "localhost" if context else "127.0.0.1"
        self.url = f"{'https' if context else 'http'}://{name}:{http.server_address[1]}"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, name="program-server")
        thread.start()
        try:
            yield self
        finally:
            http.shutdown()
            http.server_close()
            thread.join()
            with self.lock:
                connections, self.connections = self.connections, set()
            for connection in connections:  # else a kept-alive one holds its thread until it times out
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    timeout = 5
    effect_done = False

    @property
    def program(self) -> ProgramServer:
        """What it serves."""
        return self.server.program  # type: ignore[attr-defined, no-any-return]

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class's name)
        """Say nothing."""

    def handle(self) -> None:
        """A client that goes away in the middle is part of what is tested."""
        with self.program.lock:
            self.program.connections.add(self.connection)
        try:
            super().handle()
        except (ConnectionError, TimeoutError, ssl.SSLError):
            self.close_connection = True

    def finish(self) -> None:
        """As above."""
        with self.program.lock:
            self.program.connections.discard(self.connection)
        try:
            super().finish()
        except (ConnectionError, ssl.SSLError):
            self.close_connection = True

    def do_GET(self) -> None:
        """Any GET."""
        self._serve()

    def do_POST(self) -> None:
        """Any POST."""
        self._serve()

    def do_DELETE(self) -> None:
        """Any DELETE."""
        self._serve()

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.program.asked.append(f"{self.command} {self.path}")
        fault = self.program.take_fault(self.path, late=False)
        if fault is not None and fault(self):
            return
        with self.program.lock:
            try:
                status, value, headers = self._answer(urlsplit(self.path).path, body)
            except ValueError:
                status, value, headers = *self.program.on_error, {}
        fault = self.program.take_fault(self.path, late=True)
        if fault is not None and fault(self):
            return
        ours = self.program.blobs_ours or not self.path.startswith("/v1/blobs/")
        self.say(status, value if isinstance(value, bytes) else encode(value), headers, ours=ours)

    def say(
        self,
        status: int,
        body: bytes,
        headers: dict[str, str] | None = None,
        *,
        ours: bool = True,
        length: int | None = None,
    ) -> None:
        """Answer. ``ours``: with the protocol's headers; ``length``: what is claimed, if it is not the truth."""
        self.send_response(status)
        sent = {"Content-Type": "application/json", **(headers or {})}
        if ours:
            sent[PROTOCOL_HEADER] = str(self.program.protocol)
            now = datetime.now(UTC) + self.program.clock_off
            sent[SERVER_TIME_HEADER] = now.isoformat(timespec="milliseconds")
        sent["Content-Length"] = str(len(body) if length is None else length)
        for name, text in sent.items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)
        self.program.sent_bytes += len(body)

    def _answer(self, path: str, body: bytes) -> tuple[int, Any, dict[str, str]]:
        program = self.program
        if path == "/v1/sessions/refresh":
            program.refreshes += 1
            wanted = json.loads(body)["refresh_token"]
            if not wanted.startswith("refresh-"):
                return 401, ErrorBody(code="session_ended", text="Over."), {}
            return 200, program.tokens(), {}
        if path == "/v1/server":
            now = datetime.now(UTC) + program.clock_off
            return (
                200,
                ServerInfo(
                    name="Sample", version=program.version, protocol=program.protocol, oldest_protocol=1, time=now
                ),
                {},
            )
        if path in ("/v1/sessions", "/v1/accounts"):
            return 200, Session(tokens=program.tokens(), account=program.account()), {}
        if path.startswith("/v1/invitations/"):
            return 200, program.invitation(path.rpartition("/")[2]), {}
        if path.startswith("/v1/blobs/"):
            return self._blob(path.rpartition("/")[2])
        if self.headers.get("Authorization") != f"Bearer access-{program.generation}":
            return 401, ErrorBody(code="not_signed_in", text="Sign in."), {}
        if path == "/v1/me":
            return 200, program.account(), {}
        if path == "/v1/actions":
            return 200, program.judge(decode(body, actions.ActionBatch)), {}
        if path.startswith("/v1/feeds/"):
            return self._feed(path.removeprefix("/v1/feeds/"))
        if path.startswith("/v1/manifests/"):
            for course in program.courses.values():
                if path.endswith(course.version):
                    return 200, course.body, {}
        if path.endswith("/packs") and program.knows_packs:
            return self._pack(body)
        if path.endswith("/addresses"):
            blobs = [sha for sha in decode(body, AddressRequest).blobs if sha in program.blobs]
            expires = datetime.now(UTC) + program.clock_off + timedelta(minutes=10)
            found = [BlobAddress(sha256=sha, url=f"/v1/blobs/{sha}?signature=ok", expires_at=expires) for sha in blobs]
            return 200, AddressAnswer(addresses=tuple(found)), {}
        return 404, ErrorBody(code="not_found", text="Not here."), {}

    def _feed(self, feed: str) -> tuple[int, Any, dict[str, str]]:
        after = parse_qs(urlsplit(self.path).query).get("after", [""])[0]
        page = self.program.page(feed, after)
        if page is None:
            return 410, ErrorBody(code="cursor_expired", text="From the beginning, please."), {}
        if not page.changes and self.headers.get("If-None-Match") == f'"{page.cursor}"':
            return 304, b"", {}
        return 200, page, {}

    def _blob(self, sha256: str) -> tuple[int, Any, dict[str, str]]:
        data = self.program.blobs.get(sha256)
        if data is None:
            return 404, ErrorBody(code="not_found", text="Not here."), {}
        etag = self.program.etag.format(sha256=sha256)
        found = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if found and self.headers.get("If-Range", etag) == etag:
            start = int(found[1])
            if start >= len(data):
                return 416, b"", {"Content-Range": f"bytes */{len(data)}"}
            return 206, data[start:], {"Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}", "ETag": etag}
        return 200, data, {"Content-Type": self.program.blob_type, "ETag": etag}

    def _pack(self, body: bytes) -> tuple[int, Any, dict[str, str]]:
        wanted = decode(body, PackRequest).blobs
        known = self.program.blobs
        small = [sha for sha in wanted if sha in known and len(known[sha]) <= LARGEST]
        left_out = [sha for sha in wanted if sha not in small]
        return 200, write_pack([(sha, known[sha]) for sha in small], left_out), {"Content-Type": MEDIA_TYPE}


# --- ways of spoiling an answer ----------------------------------------------------------------------------------


def drop(handler: Handler) -> bool:
    """The connection breaks without an answer."""
    handler.close_connection = True
    handler.connection.close()
    return True


def answer(status: int, body: bytes = b"{}", *, ours: bool = False, **headers: str) -> Fault:
    """Another answer."""

    def fault(handler: Handler) -> bool:
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        handler.say(status, body, named, ours=ours)
        return True

    return fault


def cut(handler: Handler) -> bool:
    """Half a body under the length of a whole one."""
    handler.say(200, b'{"name": "ha', length=4000)
    handler.close_connection = True
    return True


def cut_blob_after(number: int) -> Fault:
    """The connection breaks ``number`` bytes into a blob, wherever that was begun."""

    def fault(handler: Handler) -> bool:
        status, data, headers = handler._answer(urlsplit(handler.path).path, b"")
        handler.say(status, data[:number], headers, length=len(data))
        handler.wfile.flush()
        handler.close_connection = True
        return True

    return fault
