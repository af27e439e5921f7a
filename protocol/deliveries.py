"""Work that travels by file, because the computer on which it was done has no network.

What waits in the outbox is sealed for the program server (``protocol.sealing``), carried on a stick, and delivered by
any computer: ``POST /v1/deliveries`` takes the bytes of the file, from anybody. What became of each action goes back
the same way, as a receipt that only the computer it is meant for can read.

Before that a device checks in: ``POST /v1/devices/current``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from protocol.accounts import Device
from protocol.actions import Action, ActionResult
from protocol.ids import AccountId, DeviceId
from protocol.wire import Wire

MEDIA_TYPE: Final = "application/vnd.haversack.work"
MOST_ACTIONS: Final = 2000
"""Actions in one file. They are judged in one transaction: all of them, or none."""


class SealingKey(Wire, frozen=True, kw_only=True):
    """The server's public key (X25519) for which work is sealed. ``id`` names it in files."""

    id: str
    public: bytes


class CheckIn(Wire, frozen=True, kw_only=True):
    """A device says who it is: at each start, and now and then.

    ``signing_key``: its public key (Ed25519), by which the server will know work that comes by file. ``place`` is what
    the last answer said, empty for a device that never had one: a copied installation is found by it. ``life`` and
    ``mark`` are what the server said last: a server that was restored from an older copy is found by them.
    """

    device: Device
    signing_key: bytes
    place: str = ""
    life: str = ""
    mark: str = ""


class CheckedIn(Wire, frozen=True, kw_only=True):
    """``life`` changes when the server was restored from an older copy: what was sent may be lost there, and is sent
    again. With ``device_taken`` another installation goes by the same id: take a new one and check in anew; nothing
    was written down. ``place`` is to be said at the next check-in."""

    server_id: str
    life: str
    sealing_key: SealingKey
    place: str = ""
    device_taken: bool = False


class WorkHeader(Wire, frozen=True, kw_only=True):
    """What anybody can read of a file of work: where it is to be delivered. ``key`` names the ``SealingKey``."""

    server: str
    server_id: str
    key: str
    reference: str


class Work(Wire, frozen=True, kw_only=True):
    """What is sealed: actions as ``POST /v1/actions`` takes them, in the order in which they were made. The receipt is
    sealed with ``receipt_key`` (32 bytes), which is in this file only."""

    protocol: int
    account_id: AccountId
    device_id: DeviceId
    made_at: datetime
    receipt_key: bytes
    actions: tuple[Action, ...]


class DeliveryAnswer(Wire, frozen=True, kw_only=True):
    """What whoever delivers may know: numbers, and a receipt to carry back (the bytes of a file)."""

    reference: str
    actions: int
    applied: int
    duplicates: int
    refused: int
    receipt: bytes


class ReceiptHeader(Wire, frozen=True, kw_only=True):
    """What anybody can read of a receipt: which work it is for."""

    reference: str


class Receipt(Wire, frozen=True, kw_only=True):
    """What is sealed in a receipt: one result for each action of the work, in its order."""

    reference: str
    delivered_at: datetime
    results: tuple[ActionResult, ...]
