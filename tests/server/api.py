"""Speaking the protocol to Django's test client, as a device of a learner would."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec
from django.http.response import HttpResponseBase
from django.test import Client

from protocol import errors
from protocol.accounts import Device, NewAccount, Session, SignIn
from protocol.actions import Action, ActionBatch, ActionBatchResult, ActionResult, ClockEvidence
from protocol.errors import ErrorBody
from protocol.feeds import Change, FeedPage
from protocol.ids import ActionId, DeviceId, new_uuid7
from protocol.wire import Wire, decode, encode

PASSWORD = "violet harbour lantern 7"
T = TypeVar("T")


@dataclass
class Api:
    """One device. ``token`` is the access token, if it is signed in."""

    token: str = ""
    refresh_token: str = ""
    device: str = field(default_factory=new_uuid7)
    account: str = ""
    client: Client = field(default_factory=lambda: Client(raise_request_exception=True))
    sequence: int = 0

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponseBase:
        """Any request, as it is."""
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        data = body if isinstance(body, bytes) else b"" if body is None else encode(body)
        return self.client.generic(
            method,
            path,
            data,
            content_type="application/json",
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )

    def get(self, path: str, kind: type[T], **headers: str) -> T:
        """A 200 as a wire type."""
        return expect(self.send("GET", path, **headers), 200, kind)

    def post(self, path: str, body: Any, kind: type[T], status: int = 200) -> T:
        """An answer of ``status`` as a wire type."""
        return expect(self.send("POST", path, body), status, kind)

    def refused(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, str]:
        """Status and code of a refusal; the body must be a whole ``ErrorBody``."""
        response = self.send(method, path, body, **headers)
        return response.status_code, error_of(response).code

    def keep(self, session: Session) -> Api:
        """Be signed in from now on."""
        self.token, self.refresh_token = session.tokens.access_token, session.tokens.refresh_token
        self.account = session.account.id
        return self

    def join(self, invitation: str, name: str = "Ada", password: str = PASSWORD) -> Api:
        """Make an account by invitation."""
        new = NewAccount(invitation=invitation, name=name, password=password, device=self.wire_device())
        return self.keep(self.post("/v1/accounts", new, Session, 201))

    def sign_in(self, email: str, password: str = PASSWORD, invitation: str = "") -> Api:
        """Sign in with a password."""
        wanted = SignIn(email=email, password=password, device=self.wire_device(), invitation=invitation)
        return self.keep(self.post("/v1/sessions", wanted, Session))

    def wire_device(self) -> Device:
        """This installation."""
        return Device(id=DeviceId(self.device), name="Test")

    def action(self, kind: str, body: Wire, *, at: datetime | None = None, subject: str = "x", **clock: Any) -> Action:
        """An action that is made now, or at the moment ``at`` by the wall clock."""
        self.sequence += 1
        return Action(
            id=ActionId(new_uuid7()),
            kind=kind,
            subject=subject,
            device_id=DeviceId(self.device),
            sequence=self.sequence,
            clock=ClockEvidence(made_at=at or datetime.now(UTC), **clock),
            body=msgspec.Raw(encode(body)),
        )

    def at_another_computer(self) -> Api:
        """Go on at a device that was never heard of, with the same sign-in."""
        self.device = new_uuid7()
        return self

    def act(self, *actions: Action) -> tuple[ActionResult, ...]:
        """Send one batch."""
        return self.post("/v1/actions", ActionBatch(actions=actions), ActionBatchResult).results

    def do(self, kind: str, body: Wire, *, at: datetime | None = None, **clock: Any) -> ActionResult:
        """Send one action."""
        return self.act(self.action(kind, body, at=at, **clock))[0]

    def page(self, feed: str = "learner", after: str = "", limit: int = 500) -> FeedPage:
        """One page of a feed."""
        return self.get(f"/v1/feeds/{quote(feed, safe=':')}?after={after}&limit={limit}", FeedPage)

    def cursor(self, feed: str = "learner") -> str:
        """Where a device stands that has read the feed to its end."""
        cursor, more = "", True
        while more:
            page = self.page(feed, cursor)
            cursor, more = page.cursor, page.more
        return cursor

    def changes(self, feed: str = "learner", kind: str = "", cursor: str = "") -> list[Change]:
        """Everything a new device would get, or one that stands at ``cursor``."""
        found: list[Change] = []
        while True:
            page = self.page(feed, cursor)
            found += page.changes
            cursor = page.cursor
            if not page.more:
                return [change for change in found if change.kind == kind or not kind]

    def bodies(self, kind: str, body: type[T], feed: str = "learner") -> dict[str, T]:
        """Living entities of a kind by id."""
        return {change.id: decode(change.body, body) for change in self.changes(feed, kind) if not change.deleted}


def expect(response: HttpResponseBase, status: int, kind: type[T]) -> T:
    """The body, if the status is the expected one."""
    body = body_of(response)
    assert response.status_code == status, body
    return decode(body, kind)


def body_of(response: HttpResponseBase) -> bytes:
    """All bytes of an answer."""
    return response.getvalue()


def error_of(response: HttpResponseBase) -> ErrorBody:
    """The refusal; its texts must say something."""
    error = decode(body_of(response), ErrorBody)
    assert response["Content-Type"] == "application/json"
    assert error.text
    assert error.way_out
    assert error.code in {value for name, value in vars(errors).items() if name.isupper()}, error
    return error


def as_json(value: Any) -> Any:
    """A wire type as plain values."""
    return json.loads(encode(value))
