"""Writing to a feed: under the row lock of its head, in the transaction of what is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils import timezone

from protocol.wire import encode
from server.feeds.models import FeedChange, FeedHead

Key = tuple[str, str]


class FeedWriter:
    """Collects changes of one feed; ``open_feed`` makes it and writes them at the end of its block."""

    def __init__(self, head: FeedHead) -> None:
        self._head = head
        self._pending: dict[Key, tuple[int, str | None]] = {}

    def put(self, kind: str, entity_id: str, body: Any) -> int:
        """The newest state of an entity. Returns its revision."""
        return self._add(kind, entity_id, encode(body).decode())

    def delete(self, kind: str, entity_id: str) -> int:
        """A tombstone. Returns its revision."""
        return self._add(kind, entity_id, None)

    def _add(self, kind: str, entity_id: str, body: str | None) -> int:
        self._head.sequence += 1
        self._pending[kind, entity_id] = (self._head.sequence, body)
        return self._head.sequence

    @property
    def next_revision(self) -> int:
        """What the next ``put`` will return."""
        return self._head.sequence + 1

    @contextmanager
    def undone_on_error(self) -> Iterator[None]:
        """A savepoint: an exception takes back the database's changes of the block and those told to the feed."""
        sequence, pending = self._head.sequence, dict(self._pending)
        try:
            with transaction.atomic():
                yield
        except BaseException:
            # As wide as the savepoint's own: whatever rolls the database back must take the feed back with it.
            self._head.sequence, self._pending = sequence, pending
            raise

    def flush(self) -> None:
        """Write everything collected. Only ``open_feed`` calls it."""
        if not self._pending:
            return
        now = timezone.now()
        FeedChange.objects.bulk_create(
            [
                FeedChange(
                    feed_id=self._head.name, kind=kind, entity_id=entity, revision=revision, body=body, changed_at=now
                )
                for (kind, entity), (revision, body) in self._pending.items()
            ],
            update_conflicts=True,
            unique_fields=["feed", "kind", "entity_id"],
            update_fields=["revision", "body", "changed_at"],
        )
        self._head.save(update_fields=["sequence"])


@contextmanager
def open_feed(name: str) -> Iterator[FeedWriter]:
    """A transaction in which the feed's head is locked: whoever else writes to this feed waits."""
    with transaction.atomic():
        FeedHead.objects.get_or_create(name=name)
        writer = FeedWriter(FeedHead.objects.select_for_update().get(name=name))
        yield writer
        writer.flush()


def learner_feed_name(user_id: str) -> str:
    """How the learner's own feed is stored; on the wire it is just ``learner``."""
    return f"learner:{user_id}"
