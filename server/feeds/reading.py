"""Reading a page of a feed: one indexed query, bodies copied as they were written."""

from __future__ import annotations

import random
from dataclasses import dataclass

import msgspec
from django.conf import settings

from protocol import errors
from protocol.feeds import GONE, PAGE_BYTES, PAGE_LIMIT, Change, FeedPage
from server.feeds.models import FeedChange, FeedHead
from server.refusals import RefusedError

_ENVELOPE_BYTES = 100
"""Roughly what a change needs around its body."""


@dataclass(frozen=True)
class Cursor:
    """``<epoch>.<sequence>``."""

    epoch: str
    sequence: int

    def __str__(self) -> str:
        return f"{self.epoch}.{self.sequence}"


def _expired() -> RefusedError:
    return RefusedError(
        errors.CURSOR_EXPIRED,
        "The server can't continue from where this computer was last in step.",
        "Everything is fetched anew; nothing that waits to be sent is lost.",
    )


def _start(head: FeedHead, after: str) -> int:
    if not after:
        return 0
    epoch, _, digits = after.rpartition(".")
    if epoch != head.epoch or not (digits.isascii() and digits.isdecimal()) or len(digits) > 18:
        raise _expired()
    sequence = int(digits)
    if sequence > head.sequence or (sequence < head.floor and sequence > 0):
        raise _expired()
    return sequence


def read_page(name: str, wire_name: str, after: str, limit: int) -> FeedPage:
    """Changes after the cursor, oldest first, within ``PAGE_LIMIT`` and ``PAGE_BYTES``.

    Raises:
        RefusedError: cursor_expired.
    """
    head = FeedHead.objects.filter(name=name).first() or FeedHead.objects.get_or_create(name=name)[0]
    start = _start(head, after)
    poll_after_s = round(settings.POLL_AFTER_S * random.uniform(0.8, 1.2))  # noqa: S311 (spreads clients, no secret)
    changes: list[Change] = []
    last, size, more = start, 0, False
    if start < head.sequence:
        rows = (
            FeedChange.objects.filter(feed_id=name, revision__gt=start, revision__lte=head.sequence)
            .order_by("revision")
            .values_list("kind", "entity_id", "revision", "body")[: max(1, min(limit, PAGE_LIMIT)) + 1]
        )
        for kind, entity_id, revision, body in rows:
            raw = GONE if body is None else msgspec.Raw(body.encode())
            size += _ENVELOPE_BYTES + len(entity_id) + len(bytes(raw))
            if changes and (size > PAGE_BYTES or len(changes) >= min(limit, PAGE_LIMIT)):
                more = True
                break
            changes.append(Change(kind=kind, id=entity_id, revision=revision, body=raw))
            last = revision
    if not more:
        last = head.sequence
    return FeedPage(
        feed=wire_name,
        changes=tuple(changes),
        cursor=str(Cursor(head.epoch, last)),
        more=more,
        poll_after_s=poll_after_s,
    )
