"""A device that seals its work, as the desktop does."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from protocol import PROTOCOL_VERSION
from protocol.actions import Action
from protocol.deliveries import CheckedIn, CheckIn, DeliveryAnswer, Receipt, Work, WorkHeader
from protocol.ids import AccountId, DeviceId, new_uuid7
from protocol.sealing import open_receipt, seal_work
from tests.server.api import Api, body_of, error_of, expect


@dataclass
class Carrier:
    """A learner's device that is about to lose its network."""

    api: Api
    signing: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    receipt_key: bytes = field(default_factory=lambda: os.urandom(32))
    known: CheckedIn | None = None
    mark: str = ""

    def check_in(self, **changes: object) -> CheckedIn:
        """Say who it is, and keep what the server says unless its id is taken."""
        known = self.known
        said = CheckIn(
            device=self.api.wire_device(),
            signing_key=self.signing.public_key().public_bytes_raw(),
            place=known.place if known else "",
            life=known.life if known else "",
            mark=self.mark,
        )
        answer = self.api.post("/v1/devices/current", replace(said, **changes), CheckedIn)
        if not answer.device_taken:
            self.known = answer
        return answer

    def header(self) -> WorkHeader:
        """For this server."""
        known = self.known or self.check_in()
        return WorkHeader(
            server="https://learn.example.org",
            server_id=known.server_id,
            key=known.sealing_key.id,
            reference=new_uuid7(),
        )

    def work(self, *actions: Action) -> Work:
        """What is to be sealed."""
        return Work(
            protocol=PROTOCOL_VERSION,
            account_id=AccountId(self.api.account),
            device_id=DeviceId(self.api.device),
            made_at=datetime.now(UTC),
            receipt_key=self.receipt_key,
            actions=actions,
        )

    def seal(self, *actions: Action, header: WorkHeader | None = None, work: Work | None = None) -> bytes:
        """A file."""
        header = header or self.header()
        assert self.known is not None
        return seal_work(header, work or self.work(*actions), self.signing, self.known.sealing_key.public)

    def receipt(self, answer: DeliveryAnswer) -> Receipt:
        """What the answer says to this device."""
        return open_receipt(answer.receipt, self.receipt_key)


def delivered(data: bytes) -> DeliveryAnswer:
    """By somebody without an account."""
    return expect(Api().send("POST", "/v1/deliveries", data), 200, DeliveryAnswer)


def not_delivered(data: bytes) -> str:
    """The code of the refusal, to somebody without an account."""
    response = Api().send("POST", "/v1/deliveries", data)
    assert response.status_code >= 400, body_of(response)
    return error_of(response).code
