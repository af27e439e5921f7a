"""Reading feeds: changes and cursor are committed together, so that nothing is missed and nothing is read in vain."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from desktop.models.files import feeds
from desktop.models.outbox import APPLIED, KINDS_TOUCHED, SETTLED
from desktop.models.store import Store
from desktop.models.work import outbox
from desktop.sync import problems
from desktop.sync.api import Api
from desktop.sync.changes import apply_changes, forget_feed
from protocol import errors
from protocol.feeds import LEARNER_FEED, PAGE_LIMIT, FeedPage

log = logging.getLogger(__name__)

TELL_EVERY_S = 0.25


@dataclass(frozen=True)
class Pulled:
    """``poll_after_s``: when the server would like to be asked again."""

    changes: int
    poll_after_s: int


class _Telling:
    """What the pages of a pull changed is told: of the first at once, then four times a second, and at the end. Each
    time everything that is on the screen is read anew, in the lane in which the learner's clicks wait as well."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kinds: set[str] = set()
        self._told_at: float | None = None

    def add(self, kinds: set[str]) -> None:
        """A page was committed."""
        self._kinds |= kinds
        if self._told_at is None or time.monotonic() - self._told_at >= TELL_EVERY_S:
            self.end()

    def end(self) -> None:
        """Tell what was not told yet."""
        if self._kinds:
            kinds, self._kinds = frozenset(self._kinds), set()
            self._told_at = time.monotonic()
            self._store.tell(kinds)


def pull_feed(
    store: Store, api: Api, feed: str, stopping: Callable[[], bool], before_replay: Callable[[], None] = lambda: None
) -> Pulled:
    """Bring a feed up to date. ``before_replay`` is called before it is read from its beginning, if that is needed.

    Raises:
        Problem: the way to the server, or a refusal (``not_a_member``); what was read until then is kept.
    """
    telling = _Telling(store)
    try:
        return _pull(store, api, feed, stopping, telling, before_replay)
    finally:
        telling.end()


def _pull(
    store: Store,
    api: Api,
    feed: str,
    stopping: Callable[[], bool],
    telling: _Telling,
    before_replay: Callable[[], None],
) -> Pulled:
    applied = _applied_before(store) if feed == LEARNER_FEED else []
    cursor = _cursor(store, feed)
    number, poll_after_s = 0, 60
    while not stopping():
        try:
            page = _page(api, feed, cursor)
        except problems.Refusal as refusal:
            if refusal.status != 410 and refusal.code != errors.CURSOR_EXPIRED:
                raise
            log.info("the feed %s is read from its beginning", feed)
            before_replay()
            applied = _applied_before(store) if feed == LEARNER_FEED else []
            page = _replay(store, api, feed, stopping)
            if page is None:
                return Pulled(number, poll_after_s)
        else:
            if page is None:
                break
            if page.changes or page.cursor != cursor:
                telling.add(_keep(store, feed, page))
        if page.more and page.cursor == cursor:
            raise problems.not_ours("a feed that does not move")
        number += len(page.changes)
        cursor, poll_after_s = page.cursor, page.poll_after_s
        if not page.more:
            break
    else:
        return Pulled(number, poll_after_s)
    _settle(store, applied)
    return Pulled(number, poll_after_s)


def _page(api: Api, feed: str, cursor: str) -> FeedPage | None:
    """A page; None when nothing is new."""
    path = f"/v1/feeds/{quote(feed, safe=':')}?after={quote(cursor)}&limit={PAGE_LIMIT}"
    answer = api.ask("GET", path, headers={"If-None-Match": f'"{cursor}"'} if cursor else None)
    if answer.status == 304:
        return None
    page = api.read(answer, FeedPage)
    if page.feed != feed:
        raise problems.not_ours(f"asked for {feed}, got {page.feed}")
    return page


def _cursor(store: Store, feed: str) -> str:
    with store.read() as connection:
        return connection.execute(select(feeds.c.cursor).where(feeds.c.feed == feed)).scalar() or ""


def _keep(store: Store, feed: str, page: FeedPage) -> set[str]:
    """Commit a page with its cursor. Returns the kinds that changed, of which nobody was told yet."""
    kinds: set[str] = set()
    with store.write(set()) as connection:
        first = not connection.execute(select(feeds.c.feed).where(feeds.c.feed == feed)).first()
        kinds |= apply_changes(connection, feed, page.changes)
        _keep_cursor(connection, store, feed, page.cursor)
        if first and feed != LEARNER_FEED:
            kinds.add("catalog")  # an empty catalog is known now, where it was unknown before
    return kinds


def _keep_cursor(connection: Connection, store: Store, feed: str, cursor: str) -> None:
    values = {"cursor": cursor, "read_at": store.clock.now()}
    statement = upsert(feeds).values(feed=feed, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["feed"], set_=values))


def _replay(store: Store, api: Api, feed: str, stopping: Callable[[], bool]) -> FeedPage | None:
    """Read a feed from its beginning and replace what was there, in one step: nobody ever sees half of it."""
    pages: list[FeedPage] = []
    cursor = ""
    while not stopping():
        page = _page(api, feed, cursor)
        if page is None:
            raise problems.not_ours("nothing new since never")
        if page.more and page.cursor == cursor:
            raise problems.not_ours("a feed that does not move")
        pages.append(page)
        cursor = page.cursor
        if page.more:
            continue
        kinds: set[str] = set()
        with store.write(kinds) as connection:
            kinds |= forget_feed(connection, feed)
            for found in pages:
                kinds |= apply_changes(connection, feed, found.changes)
            _keep_cursor(connection, store, feed, cursor)
        return page
    return None


def _applied_before(store: Store) -> list[int]:
    """Actions the server had before this pull began: at its end their effect is in the rows."""
    with store.read() as connection:
        return list(connection.execute(select(outbox.c.sequence).where(outbox.c.state == APPLIED)).scalars())


def _settle(store: Store, applied: list[int]) -> None:
    """The overlay of these actions is not needed any more."""
    if not applied:
        return
    kinds: set[str] = set()
    with store.write(kinds) as connection:
        of_these = (outbox.c.sequence.in_(applied), outbox.c.state == APPLIED)
        # An action that changed nothing on the server brought no change: the screen hears of it here.
        for kind in connection.execute(select(outbox.c.kind).where(*of_these).distinct()).scalars():
            kinds |= KINDS_TOUCHED.get(kind, {"progress"})
        connection.execute(update(outbox).where(*of_these).values(state=SETTLED))


def forget_program(store: Store, feed: str) -> None:
    """The learner does not belong to a program any more: its catalog goes."""
    kinds: set[str] = set()
    with store.write(kinds) as connection:
        kinds |= forget_feed(connection, feed)
        connection.execute(delete(feeds).where(feeds.c.feed == feed))
