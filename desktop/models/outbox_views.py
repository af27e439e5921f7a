"""What waits or was sent, as it leaves the store. Imports no SQLAlchemy."""

from __future__ import annotations

from datetime import datetime

import msgspec


class OutboxEntry(msgspec.Struct, frozen=True):
    """An action on its way, or what was studied of one item. ``state``: waiting, sending, sent, refused, set_aside,
    ahead (the server is too old for it).

    ``kind`` as in ``protocol.actions``; ``subject_title`` is the course's or item's, ``course_title`` the course's
    where the subject is an item; ``detail`` what was written, shortened, or a figure; ``stopped_at`` the place in a
    medium that was reached, where that is told beside what was watched. ``actions`` are the ids of all actions that
    the entry stands for, oldest first; ``has_text`` says that there is something to copy; ``filed_at`` since when it is
    on its way by file.
    """

    id: str
    kind: str
    subject_title: str
    detail: str
    made_at: datetime
    state: str
    sent_at: datetime | None = None
    reason: str = ""
    way_out: str = ""
    can_undo: bool = False
    course_title: str = ""
    item_id: str = ""
    stopped_at: str = ""
    has_text: bool = False
    actions: tuple[str, ...] = ()
    filed_at: datetime | None = None


class ActionRecord(msgspec.Struct, frozen=True):
    """One action as the log of the sync tells it, without its text. ``state`` as in the outbox's table, ``code`` why
    it was refused, ``tries`` how often it was handed to the network, ``title`` the item's or course's."""

    id: str
    kind: str
    state: str
    made_at: datetime
    tries: int = 0
    sent_at: datetime | None = None
    code: str = ""
    title: str = ""
