"""Reading a page of a feed: one indexed query, bodies copied as they were written."""

from __future__ import annotations

import random
from dataclasses import dataclass

import msgspec
from django.conf import settings
from django.db.models import QuerySet

from protocol import errors
from protocol.feeds import GONE, PAGE_BYTES, PAGE_LIMIT, Change, FeedPage
from server.feeds.models import FeedChange, FeedHead
from server.refusals import RefusedError

_ENVELOPE_BYTES = 100
"""Roughly what a change needs around its body."""


@dataclass(frozen=True)
class Cursor:
    """``<epoch>.<sequence>``, or ``<epoch>.<sequence>~<began>`` in the middle of a snapshot.

    A snapshot is what a client reads that has nothing: all living entities, oldest change first. ``began`` is where
    the feed stood when its first page was read. Tombstones up to there concern nobody who reads it, and so it can be
    read to its end though tombstones were removed that lie beyond ``sequence``.
    """

    epoch: str
    sequence: int
    began: int | None = None

    def __str__(self) -> str:
        return f"{self.epoch}.{self.sequence}" + ("" if self.began is None else f"~{self.began}")


def _expired() -> RefusedError:
    return RefusedError(
        errors.CURSOR_EXPIRED,
        "The server can't continue from where this computer was last in step.",
        "Everything is fetched anew; nothing that waits to be sent is lost.",
    )


def _number(digits: str) -> int:
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > 18:
        raise _expired()
    return int(digits)


def _start(head: FeedHead, after: str) -> Cursor:
    """Where to read on."""
    if not after:
        return Cursor(head.epoch, 0, head.sequence)
    epoch, _, place = after.rpartition(".")
    digits, in_snapshot, began = place.partition("~")
    cursor = Cursor(epoch, _number(digits), _number(began) if in_snapshot else None)
    if epoch != head.epoch or max(cursor.sequence, cursor.began or 0) > head.sequence:
        raise _expired()
    _check_nothing_missed(cursor, head.floor)
    return cursor


def _check_nothing_missed(cursor: Cursor, floor: int) -> None:
    if (cursor.sequence if cursor.began is None else cursor.began) < floor:
        raise _expired()


def read_page(name: str, wire_name: str, after: str, limit: int) -> FeedPage:
    """Changes after the cursor, oldest first, within ``PAGE_LIMIT`` and ``PAGE_BYTES``.

    Raises:
        RefusedError: cursor_expired.
    """
    head = FeedHead.objects.filter(name=name).first() or FeedHead.objects.get_or_create(name=name)[0]
    start = _start(head, after)
    poll_after_s = round(settings.POLL_AFTER_S * random.uniform(0.8, 1.2))  # noqa: S311 (spreads clients, no secret)
    changes: list[Change] = []
    end = Cursor(head.epoch, head.sequence)
    if start.sequence < head.sequence:
        size = 0
        most = max(1, min(limit, PAGE_LIMIT))
        for kind, entity_id, revision, body in _rows(name, start, head.sequence)[: most + 1]:
            raw = GONE if body is None else msgspec.Raw(body.encode())
            size += _ENVELOPE_BYTES + len(entity_id) + len(bytes(raw))
            if changes and (size > PAGE_BYTES or len(changes) >= most):
                end = Cursor(head.epoch, changes[-1].revision, start.began)
                break
            changes.append(Change(kind=kind, id=entity_id, revision=revision, body=raw))
        if after:
            # Tombstones may have been removed between the two reads
            _check_nothing_missed(start, FeedHead.objects.values_list("floor", flat=True).get(name=name))
    return FeedPage(
        feed=wire_name,
        changes=tuple(changes),
        cursor=str(end),
        more=end.sequence < head.sequence,
        poll_after_s=poll_after_s,
    )


def _rows(name: str, start: Cursor, last: int) -> QuerySet[FeedChange, tuple[str, str, int, str | None]]:
    rows = FeedChange.objects.filter(feed_id=name, revision__gt=start.sequence, revision__lte=last)
    if start.began is not None:
        rows = rows.exclude(body=None, revision__lte=start.began)
    return rows.order_by("revision").values_list("kind", "entity_id", "revision", "body")
