"""Taking a file of work: open it, find out who made it, judge its actions as if the device had sent them itself.

Nothing is applied before everything has been looked at, and all of it is applied in one transaction.
"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from protocol import actions as wire
from protocol import errors
from protocol.actions import ActionBatch, ActionResult
from protocol.deliveries import MOST_ACTIONS, DeliveryAnswer, Receipt, Work, WorkHeader
from protocol.sealing import (
    RECEIPT_KEY_BYTES,
    OpenedWork,
    SealError,
    TooLargeError,
    open_work,
    read_work_header,
    seal_receipt,
)
from server.accounts.models import DeviceSession, DeviceUse, User
from server.deliveries.keys import private_key
from server.deliveries.models import Delivery
from server.feeds.lives import this_server
from server.learning.ledger import judge_batch
from server.learning.moments import storable
from server.refusals import RefusedError, too_large


def deliver(data: bytes) -> DeliveryAnswer:
    """Take a file.

    Raises:
        RefusedError: work_unreadable, work_elsewhere, work_key_gone, device_unknown, device_signed_out,
            account_closed, too_large; nothing of it was applied.
        DatabaseError: likewise; it may be delivered again.
    """
    opened = _open(data)
    user = _maker(opened)
    work = opened.work
    results: list[ActionResult] = []
    with transaction.atomic():
        for start in range(0, len(work.actions), wire.BATCH_LIMIT):
            batch = ActionBatch(actions=work.actions[start : start + wire.BATCH_LIMIT])
            results += judge_batch(user, batch).results
        _note(user, opened.header, work, results)
    receipt = Receipt(reference=opened.header.reference, delivered_at=timezone.now(), results=tuple(results))
    outcomes = [result.outcome for result in results]
    return DeliveryAnswer(
        reference=opened.header.reference,
        actions=len(outcomes),
        applied=outcomes.count(wire.APPLIED),
        duplicates=outcomes.count(wire.DUPLICATE),
        refused=outcomes.count(wire.REFUSED),
        receipt=seal_receipt(receipt, work.receipt_key),
    )


def _open(data: bytes) -> OpenedWork:
    try:
        header = read_work_header(data)
        if header.server_id != this_server().server_id:
            raise _elsewhere(header)
        key = private_key(header.key)
        if key is None:
            raise _key_gone()
        opened = open_work(data, key)
    except TooLargeError as error:
        raise too_large() from error
    except SealError as error:
        raise _unreadable() from error
    work = opened.work
    of_one_device = all(action.device_id == work.device_id for action in work.actions)
    if not of_one_device or len(work.actions) > MOST_ACTIONS or len(work.receipt_key) != RECEIPT_KEY_BYTES:
        raise _unreadable()
    if not 1 <= len(header.reference) <= 64:
        raise _unreadable()
    return opened


def _maker(opened: OpenedWork) -> User:
    """Whoever made it: a person who is signed in at the device whose key signed it."""
    work = opened.work
    uses = DeviceUse.objects.filter(user_id=work.account_id, device_id=work.device_id).select_related("user")
    use = uses.first()
    if use is None or not opened.is_signed_by(bytes.fromhex(use.signing_key)):
        raise RefusedError(
            errors.DEVICE_UNKNOWN,
            "The server does not know the computer on which this file was made.",
            "There, connect Haversack to a network once, then save the work to a new file.",
        )
    if not use.user.is_active:
        raise RefusedError(
            errors.ACCOUNT_CLOSED,
            "The account of whoever made this file is closed.",
            "They can ask their program's support; the work is still on their computer.",
        )
    sessions = DeviceSession.objects.filter(user=use.user, device_id=use.device_id, revoked_at=None)
    idle = use.seen_at + settings.SESSION_IDLE_LIFETIME < timezone.now()
    if idle or not sessions.exists():
        raise RefusedError(
            errors.DEVICE_SIGNED_OUT,
            "The computer on which this file was made is signed out.",
            "Sign in there again; the work is still there and is sent then.",
        )
    return use.user


def _note(user: User, header: WorkHeader, work: Work, results: list[ActionResult]) -> None:
    """That it came: for support, and a sign of life of its device."""
    now = timezone.now()
    row, made = Delivery.objects.get_or_create(
        user=user,
        reference=header.reference,
        defaults={
            "device_id": work.device_id,
            "made_at": storable(work.made_at),
            "actions": len(results),
            "refused": sum(result.outcome == wire.REFUSED for result in results),
        },
    )
    if not made:
        Delivery.objects.filter(pk=row.pk).update(times=F("times") + 1, last_at=now)
    DeviceUse.objects.filter(user=user, device_id=work.device_id).update(seen_at=now)


def _unreadable() -> RefusedError:
    return RefusedError(
        errors.WORK_UNREADABLE,
        "This is not a file of work from Haversack, or it was damaged on the way.",
        "Copy it from the stick once more, or save the work to a new file where it was done.",
    )


def _elsewhere(header: WorkHeader) -> RefusedError:
    return RefusedError(
        errors.WORK_ELSEWHERE,
        "This file is for another program's server.",
        f"Deliver it at {header.server[:200]}.",
    )


def _key_gone() -> RefusedError:
    return RefusedError(
        errors.WORK_KEY_GONE,
        "This file was sealed with a key that the server does not have any more.",
        "Where the work was done, connect Haversack to a network once, then save it to a new file.",
    )
