"""Marks: by them a server that was restored from an older copy is found out.

With each batch the server hands out the name of an entry of its ledger, signed. A device says it again with its next
batch. An entry that the server itself has signed and does not have was lost with a restored database, whoever works
since: the server begins another life (``server.feeds.lives``), and refuses the batch until the device has put what it
sent before in front of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core import signing

from protocol import errors
from server.accounts.models import User
from server.feeds.lives import begin_new_life, this_server
from server.learning.models import LedgerEntry
from server.refusals import RefusedError

_SALT = "haversack.mark"
GOOD_FOR = timedelta(days=300)
"""Less than what the ledger keeps: an entry that was thrown away is no sign of a restored database."""


def mark_for(user: User, action_ids: Iterable[str]) -> str:
    """A mark of the newest of these actions that is in the ledger; empty when none is. Call it after the commit."""
    rows = LedgerEntry.objects.filter(user=user, action_id__in=list(action_ids)).order_by("-pk")
    entry = rows.values_list("pk", "action_id").first()
    if entry is None:
        return ""
    return signing.dumps([this_server().life, user.pk, *entry], salt=_SALT, compress=True)


def was_restored(user: User, mark: str) -> bool:
    """Whether the server lost what it knew when it gave this mark. Begins another life if that comes to light here.

    A mark that is not one, too old, or somebody else's says nothing.
    """
    try:
        content: Any = signing.loads(mark, salt=_SALT, max_age=GOOD_FOR) if mark else None
        life, owner, pk, action_id = content or ("", "", 0, "")
    except (signing.BadSignature, TypeError, ValueError):
        return False
    if not mark or owner != user.pk:
        return False
    if life != this_server().life:
        return True
    if LedgerEntry.objects.filter(pk=pk, action_id=action_id, user=user).exists():
        return False
    begin_new_life(instead_of=life)
    return True


def refuse_if_restored(user: User, mark: str) -> None:
    """Before a batch is judged.

    Raises:
        RefusedError: server_restored.
    """
    if was_restored(user, mark):
        raise RefusedError(
            errors.SERVER_RESTORED,
            "The program's server was restored from an older copy.",
            "Haversack sends again what may be lost; nothing needs to be done.",
        )
