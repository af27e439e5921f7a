"""The lives of a server: a database that was restored from an older copy begins another one.

With a life all feeds get another epoch, so that every client reads them anew. Clients notice a new life and send again
what they sent before: what the database still has is a duplicate, what it lost is done once more.
"""

from __future__ import annotations

import logging

from django.db import transaction
from django.utils import timezone

from server.feeds.models import FeedHead, ServerLife, new_epoch

log = logging.getLogger(__name__)
_ROW = 1


def this_server() -> ServerLife:
    """Which server this is, in which life."""
    found = ServerLife.objects.filter(pk=_ROW).first()
    return found or ServerLife.objects.get_or_create(pk=_ROW)[0]


def begin_new_life(instead_of: str = "") -> int:
    """Begin another life. ``instead_of``: only if it is this one that would end. Returns how many feeds begin anew."""
    this_server()
    with transaction.atomic():
        row = ServerLife.objects.select_for_update().get(pk=_ROW)
        if instead_of not in ("", row.life):
            return 0
        row.life, row.began_at = new_epoch(), timezone.now()
        row.save(update_fields=["life", "began_at"])
        anew = FeedHead.objects.update(epoch=new_epoch())
    log.warning("The server begins another life: %d feeds are read anew, and clients send again what may be lost", anew)
    return anew
