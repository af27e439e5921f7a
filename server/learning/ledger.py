"""Judging a batch of actions: each at most once, none in the way of the others.

The whole batch runs in one transaction under the lock of the learner's feed, so two copies of a batch that arrive at
the same time are judged one after the other, and the second finds the ledger rows of the first. Each action has a
savepoint of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final

import msgspec
from django.db import DatabaseError
from django.utils import timezone

from protocol import actions as wire
from protocol import errors
from protocol.actions import Action, ActionBatch, ActionBatchResult, ActionResult
from protocol.conflicts import corrected_order
from protocol.errors import ErrorBody
from protocol.ids import ActionId
from protocol.wire import WireError, decode
from server.accounts.models import User
from server.feeds.writing import FeedWriter, learner_feed_name, open_feed
from server.learning import attempting, enrolling, noting, studying
from server.learning.acting import Acting, check_client_id
from server.learning.models import LedgerEntry
from server.learning.moments import corrected_moment, storable
from server.refusals import RefusedError, bad_request

log = logging.getLogger(__name__)

EFFECTS: Final[dict[str, Callable[[Acting, Any], None]]] = {
    wire.ENROLL: enrolling.enroll,
    wire.UNENROLL: enrolling.unenroll,
    wire.SAVE_COURSE: enrolling.save_course,
    wire.RESET_DEADLINES: enrolling.reset_deadlines,
    wire.OPEN_ITEM: studying.open_item,
    wire.COMPLETE_ITEM: studying.complete_item,
    wire.WATCH: studying.watch,
    wire.SET_POSITION: studying.set_position,
    wire.SAVE_NOTE: noting.save_note,
    wire.DELETE_NOTE: noting.delete_note,
    wire.SUBMIT_ATTEMPT: attempting.submit_attempt,
}


def judge_batch(user: User, batch: ActionBatch) -> ActionBatchResult:
    """Apply what is new and right, in the order of the batch.

    Raises:
        RefusedError: too_large.
        DatabaseError: the database is at fault; nothing of the batch was applied and all of it may be sent again.
    """
    if len(batch.actions) > wire.BATCH_LIMIT:
        raise RefusedError(
            errors.TOO_LARGE, f"At most {wire.BATCH_LIMIT} actions at once.", "Send them in smaller batches."
        )
    if not batch.actions:
        return ActionBatchResult(results=())
    with open_feed(learner_feed_name(user.pk)) as feed:
        known = _known(user, (action.id for action in batch.actions))
        order = _DeviceOrder(user)
        results: list[ActionResult] = []
        entries: list[LedgerEntry] = []
        for action in batch.actions:
            result = known.get(action.id)
            if result is None:
                result, entry = _judge(user, feed, action, order)
                if entry is not None:
                    order.judged(entry)
                    entries.append(entry)
                    known[action.id] = _again(result.id, result.outcome, result.error)
            results.append(result)
        LedgerEntry.objects.bulk_create(entries)
    return ActionBatchResult(results=tuple(results))


def _known(user: User, ids: Iterable[str]) -> dict[str, ActionResult]:
    rows = LedgerEntry.objects.filter(user=user, action_id__in=list(ids)).values_list("action_id", "outcome", "error")
    return {
        action_id: _again(ActionId(action_id), outcome, error and msgspec.convert(error, ErrorBody))
        for action_id, outcome, error in rows
    }


def _again(action_id: ActionId, outcome: str, error: ErrorBody | None) -> ActionResult:
    """The answer to an action that was judged before: a refusal is final and stays the same one."""
    if outcome == wire.REFUSED:
        return ActionResult(id=action_id, outcome=wire.REFUSED, error=error)
    return ActionResult(id=action_id, outcome=wire.DUPLICATE)


class _DeviceOrder:
    """What a device did last, as far as it was judged: see ``protocol.conflicts.corrected_order``."""

    def __init__(self, user: User) -> None:
        self._user = user
        self._last: dict[str, tuple[int, datetime] | None] = {}

    def moment(self, action: Action, now: datetime) -> datetime:
        """When an action happened."""
        device = action.device_id[:64]
        if device not in self._last:
            rows = LedgerEntry.objects.filter(user=self._user, device_id=device).order_by("-sequence")
            self._last[device] = rows.values_list("sequence", "happened_at").first()
        last = self._last[device]
        # One that was refused and is tried again keeps its place in the order, and its time
        before = last[1] if last is not None and last[0] < action.sequence else None
        return corrected_order(corrected_moment(action.clock, now), before)

    def judged(self, entry: LedgerEntry) -> None:
        """It is in the ledger from now on."""
        last = self._last.get(entry.device_id)
        if last is None or last[0] < entry.sequence:
            self._last[entry.device_id] = (entry.sequence, entry.happened_at)


def _judge(
    user: User, feed: FeedWriter, action: Action, order: _DeviceOrder
) -> tuple[ActionResult, LedgerEntry | None]:
    now = timezone.now()
    happened_at = order.moment(action, now)
    error: ErrorBody | None = None
    try:
        with feed.undone_on_error():
            _apply(Acting(user=user, feed=feed, action=action, happened_at=happened_at, now=now))
    except RefusedError as refusal:
        error = refusal.body
    except DatabaseError:
        raise
    except Exception:  # last resort: one action that we can't judge must not hold up the others
        log.exception("Action %s (%s) could not be judged", action.id, action.kind)
        # Not written to the ledger: it may be sent again when the fault is mended
        return ActionResult(id=action.id, outcome=wire.REFUSED, error=_our_fault()), None
    if error is not None and error.code == errors.UNKNOWN_ACTION:
        # Nor is this: a newer version of this server will know it
        return ActionResult(id=action.id, outcome=wire.REFUSED, error=error), None
    outcome = wire.APPLIED if error is None else wire.REFUSED
    entry = LedgerEntry(
        user=user,
        action_id=action.id[:64],
        kind=action.kind[:40],
        subject=action.subject[:200],
        device_id=action.device_id[:64],
        sequence=max(-(2**62), min(action.sequence, 2**62)),
        made_at=storable(action.clock.made_at),
        zone=action.clock.zone[:64],
        happened_at=happened_at,
        outcome=outcome,
        error=None if error is None else msgspec.to_builtins(error),
    )
    if error is not None and error.code == errors.BAD_REQUEST and len(action.id) > 64:
        return ActionResult(id=action.id, outcome=outcome, error=error), None
    return ActionResult(id=action.id, outcome=outcome, error=error), entry


def _apply(acting: Acting) -> None:
    action = acting.action
    check_client_id(action.id)
    effect = EFFECTS.get(action.kind)
    if effect is None:
        raise RefusedError(
            errors.UNKNOWN_ACTION,
            "The server does not know this kind of action.",
            "The server is older than this Haversack; ask the program's support to update it.",
        )
    try:
        body = decode(bytes(action.body), wire.ACTION_BODIES[action.kind])
    except WireError as error:
        raise bad_request(str(error)) from error
    effect(acting, body)


def _our_fault() -> ErrorBody:
    return ErrorBody(
        code=errors.SERVER_FAULT,
        text="The server made a mistake with this action.",
        way_out="It is kept here; try again later or contact support.",
    )
