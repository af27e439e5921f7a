"""Work that comes by file: applied as if it had come from the device itself, once, and by nobody's hand but its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command
from django.test import override_settings
from msgspec.structs import replace

from protocol.actions import (
    APPLIED,
    DUPLICATE,
    REFUSED,
    SAVE_NOTE,
    SET_POSITION,
    Action,
    ActionBatch,
    ActionBatchResult,
    SaveNote,
    SetPosition,
)
from protocol.deliveries import MOST_ACTIONS, DeliveryAnswer, WorkHeader
from protocol.ids import AccountId, CourseId, DeviceId, ItemId, NoteId, new_uuid7
from protocol.learning import Note, Position
from protocol.sealing import FILE_LIMIT, SealError, open_receipt, read_work_header
from server.accounts.models import DeviceSession, User
from server.deliveries.models import Delivery, SealingKeyPair
from server.learning.ledger import judge_batch
from server.learning.models import LedgerEntry
from tests.guards.logs import ExpectLog
from tests.server.api import Api, body_of
from tests.server.carrying import Carrier, delivered, not_delivered
from tests.server.conftest import Clock, Learner
from tests.server.program_folder import COURSE_ID, LECTURE


def note(api: Api, text: str = "here it becomes clear", note_id: str = "") -> Action:
    body = SaveNote(
        note_id=NoteId(note_id or new_uuid7()), course_id=CourseId(COURSE_ID), item_id=ItemId(LECTURE), text=text
    )
    return api.action(SAVE_NOTE, body, subject=f"note:{body.note_id}")


@pytest.fixture
def carrier(learner: Api) -> Carrier:
    """A learner's device that has checked in."""
    found = Carrier(learner)
    found.check_in()
    return found


def texts(api: Api) -> list[str]:
    return sorted(found.text for found in api.bodies("note", Note).values())


def test_it_is_applied_and_the_receipt_says_what_became_of_each(carrier: Carrier) -> None:
    good = note(carrier.api)
    bad = replace(note(carrier.api), kind="no such thing")
    answer = delivered(carrier.seal(good, bad))
    assert (answer.actions, answer.applied, answer.duplicates, answer.refused) == (2, 1, 0, 1)
    receipt = carrier.receipt(answer)
    assert [(result.id, result.outcome) for result in receipt.results] == [(good.id, APPLIED), (bad.id, REFUSED)]
    assert receipt.results[1].error is not None
    assert texts(carrier.api) == ["here it becomes clear"]
    row = Delivery.objects.get(reference=answer.reference)
    assert (row.user_id, row.actions, row.refused, row.times) == (carrier.api.account, 2, 1, 1)


def test_delivered_twice_and_sent_by_the_device_itself_it_is_there_once(carrier: Carrier) -> None:
    first, second = note(carrier.api, "one"), note(carrier.api, "two")
    file = carrier.seal(first)
    delivered(file)
    again = delivered(file)
    assert (again.applied, again.duplicates) == (0, 1)
    assert carrier.receipt(again).results[0].outcome == DUPLICATE
    assert [result.outcome for result in carrier.api.act(first, second)] == [DUPLICATE, APPLIED]
    assert texts(carrier.api) == ["one", "two"]
    assert Delivery.objects.get(reference=again.reference).times == 2


def test_what_the_device_has_sent_since_is_a_duplicate_in_the_file(carrier: Carrier) -> None:
    action = note(carrier.api)
    file = carrier.seal(action)
    carrier.api.act(action)
    assert delivered(file).duplicates == 1


def test_more_than_a_batch_is_applied_in_its_order(carrier: Carrier) -> None:
    note_id = new_uuid7()
    edits = [note(carrier.api, f"edit {number}", note_id) for number in range(220)]
    answer = delivered(carrier.seal(*edits))
    assert answer.applied == 220
    assert texts(carrier.api) == ["edit 219"]
    sequences = LedgerEntry.objects.filter(kind=SAVE_NOTE).order_by("pk").values_list("sequence", flat=True)
    assert list(sequences) == [action.sequence for action in edits]


def test_days_later_it_still_happened_when_it_happened(carrier: Carrier, clock: Clock) -> None:
    """By the monotonic distance from the last contact, though the device's own clock is a year off."""
    contact = datetime.now(UTC)
    wrong = contact - timedelta(days=365)
    body = SetPosition(item_id=ItemId(LECTURE), course_id=CourseId(COURSE_ID), position_ms=5_000)
    action = carrier.api.action(SET_POSITION, body, at=wrong, contact_at=contact, since_contact_ms=3_600_000)
    file = carrier.seal(action)
    clock.forward(days=9)
    delivered(file)
    carrier.api.sign_in("ada@example.org")
    (position,) = carrier.api.bodies("position", Position).values()
    assert abs(position.at - (contact + timedelta(hours=1))) < timedelta(seconds=1)


def test_nobody_who_carries_it_can_read_it(carrier: Carrier) -> None:
    file = carrier.seal(note(carrier.api, "a very private thought"))
    answer = delivered(file)
    for data in (file, answer.receipt):
        for secret in (b"private", carrier.api.account.encode(), carrier.api.device.encode(), b"ada@"):
            assert secret not in data
    assert read_work_header(file).server == "https://learn.example.org"
    with pytest.raises(SealError):
        open_receipt(answer.receipt, bytes(32))


def test_its_length_says_little(carrier: Carrier) -> None:
    assert len(carrier.seal(note(carrier.api, "x"))) == len(carrier.seal(note(carrier.api, "y" * 1000)))


def test_a_changed_byte_anywhere_is_found_and_nothing_is_applied(carrier: Carrier) -> None:
    file = carrier.seal(note(carrier.api))
    for number in range(60):
        changed = bytearray(file)
        changed[number * (len(file) - 1) // 59] ^= 1 + number % 7
        code = not_delivered(bytes(changed))
        assert code in {"work_unreadable", "work_elsewhere", "work_key_gone"}, number
    assert texts(carrier.api) == []
    assert not Delivery.objects.exists()


def test_a_part_of_it_is_not_taken(carrier: Carrier) -> None:
    file = carrier.seal(note(carrier.api))
    for part in (0, 1, 16, 17, 100, 300, -4000, -17, -1):
        assert not_delivered(file[:part]) == "work_unreadable", part


Change = Callable[[Carrier], bytes]


def _elsewhere(carrier: Carrier) -> bytes:
    return carrier.seal(note(carrier.api), header=replace(carrier.header(), server_id=new_uuid7()))


def _sealed_header_changed(carrier: Carrier) -> bytes:
    file = carrier.seal(note(carrier.api))
    assert b"learn.example.org" in file
    return file.replace(b"learn.example.org", b"other.example.org")


def _key_gone(carrier: Carrier) -> bytes:
    return carrier.seal(note(carrier.api), header=replace(carrier.header(), key="0" * 16))


def _signed_by_another(carrier: Carrier) -> bytes:
    carrier.header()
    carrier.signing = Ed25519PrivateKey.generate()
    return carrier.seal(note(carrier.api))


def _in_the_name_of_another(carrier: Carrier) -> bytes:
    other = User.objects.create_user("bo@example.org")
    return carrier.seal(work=replace(carrier.work(note(carrier.api)), account_id=AccountId(other.pk)))


def _of_an_unknown_device(carrier: Carrier) -> bytes:
    action = replace(note(carrier.api), device_id=DeviceId("another"))
    return carrier.seal(work=replace(carrier.work(action), device_id=DeviceId("another")))


def _actions_of_another_device(carrier: Carrier) -> bytes:
    return carrier.seal(replace(note(carrier.api), device_id=DeviceId("another")))


def _too_many(carrier: Carrier) -> bytes:
    return carrier.seal(*[note(carrier.api)] * (MOST_ACTIONS + 1))


def _signed_out(carrier: Carrier) -> bytes:
    file = carrier.seal(note(carrier.api))
    carrier.api.send("DELETE", "/v1/sessions/current")
    return file


def _revoked(carrier: Carrier) -> bytes:
    file = carrier.seal(note(carrier.api))
    DeviceSession.objects.filter(user_id=carrier.api.account).update(revoked_at=datetime.now(UTC))
    return file


def _closed(carrier: Carrier) -> bytes:
    file = carrier.seal(note(carrier.api))
    User.objects.filter(pk=carrier.api.account).update(is_active=False)
    return file


def _key_of_before(carrier: Carrier) -> bytes:
    """The device has another key now: as after signing out and in."""
    file = carrier.seal(note(carrier.api))
    carrier.signing = Ed25519PrivateKey.generate()
    carrier.check_in()
    return file


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_elsewhere, "work_elsewhere"),
        (_sealed_header_changed, "work_unreadable"),
        (_key_gone, "work_key_gone"),
        (_signed_by_another, "device_unknown"),
        (_in_the_name_of_another, "device_unknown"),
        (_of_an_unknown_device, "device_unknown"),
        (_actions_of_another_device, "work_unreadable"),
        (_too_many, "work_unreadable"),
        (_signed_out, "device_signed_out"),
        (_revoked, "device_signed_out"),
        (_closed, "account_closed"),
        (_key_of_before, "device_unknown"),
        (lambda _: b"haversack work 1\n" + bytes(100), "work_unreadable"),
        (lambda _: b"x" * (FILE_LIMIT + 1), "too_large"),
        (lambda _: b"", "work_unreadable"),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_what_is_refused_says_why_and_nothing_of_it_is_applied(carrier: Carrier, change: Change, code: str) -> None:
    before = LedgerEntry.objects.count()
    assert not_delivered(change(carrier)) == code
    assert LedgerEntry.objects.count() == before
    assert not Delivery.objects.exists()


def test_a_thief_of_the_file_can_deliver_it_and_nothing_else(carrier: Carrier, new_learner: Learner) -> None:
    file = carrier.seal(note(carrier.api))
    thief = new_learner("bo@example.org")
    answer = expect_delivery(thief, file)
    assert answer.applied == 1
    assert texts(thief) == []
    assert texts(carrier.api) == ["here it becomes clear"]


def expect_delivery(api: Api, file: bytes) -> DeliveryAnswer:
    return api.post("/v1/deliveries", file, DeliveryAnswer)


def test_a_replaced_key_opens_what_was_sealed_for_it(carrier: Carrier, clock: Clock) -> None:
    file = carrier.seal(note(carrier.api))
    call_command("replace_sealing_key")
    assert carrier.check_in().sealing_key.id != read_work_header(file).key
    delivered(file)
    clock.forward(days=500)
    call_command("replace_sealing_key")
    clock.forward(days=401)
    call_command("replace_sealing_key")
    assert SealingKeyPair.objects.filter(pk=read_work_header(file).key).count() == 0
    assert not_delivered(file) == "work_key_gone"


def test_a_device_that_nobody_heard_of_for_long_is_signed_out_and_a_delivery_is_a_sign_of_life(
    carrier: Carrier, clock: Clock
) -> None:
    files = [carrier.seal(note(carrier.api)) for _ in range(3)]
    clock.forward(days=390)
    delivered(files[0])
    clock.forward(days=390)
    delivered(files[1])
    clock.forward(days=401)
    assert not_delivered(files[2]) == "device_signed_out"


def test_a_fault_in_the_middle_leaves_nothing_applied(
    carrier: Carrier, monkeypatch: pytest.MonkeyPatch, expected_log: ExpectLog
) -> None:
    calls: list[ActionBatch] = []

    def breaking(user: User, batch: ActionBatch) -> ActionBatchResult:
        calls.append(batch)
        if len(calls) == 2:
            raise OSError("the disk went away")
        return judge_batch(user, batch)

    expected_log("the disk went away")
    monkeypatch.setattr("server.deliveries.delivering.judge_batch", breaking)
    file = carrier.seal(*[note(carrier.api, str(number)) for number in range(210)])
    with pytest.raises(OSError, match="went away"):
        Api().send("POST", "/v1/deliveries", file)
    monkeypatch.undo()
    assert texts(carrier.api) == []
    assert delivered(file).applied == 210


@override_settings(PROXY_COUNT=0)
def test_who_delivers_too_much_waits(carrier: Carrier) -> None:
    for _ in range(120):
        assert not_delivered(b"x") == "work_unreadable"
    response = Api().send("POST", "/v1/deliveries", carrier.seal(note(carrier.api)))
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert b"private" not in body_of(response)


def test_a_header_of_anything_is_only_text(carrier: Carrier) -> None:
    """What a stranger writes into the header comes back as text alone."""
    header = WorkHeader(server="<script>", server_id="elsewhere", key="k", reference="r")
    response = Api().send("POST", "/v1/deliveries", carrier.seal(note(carrier.api), header=header))
    assert response["Content-Type"] == "application/json"
    assert response.status_code == 409
