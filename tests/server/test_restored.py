"""A database that was restored from an older copy is found out by what the server itself had said since."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from protocol.actions import SAVE_NOTE, Action, ActionBatch, ActionBatchResult, SaveNote
from protocol.ids import CourseId, ItemId, NoteId, new_uuid7
from server.accounts.models import DeviceSession, DeviceUse, User
from server.feeds.lives import this_server
from server.feeds.models import FeedHead
from server.learning.marks import was_restored
from server.learning.models import LedgerEntry
from tests.server.api import Api
from tests.server.carrying import Carrier
from tests.server.conftest import Learner
from tests.server.program_folder import COURSE_ID, LECTURE

pytestmark = pytest.mark.postgres


def note(api: Api) -> Action:
    body = SaveNote(note_id=NoteId(new_uuid7()), course_id=CourseId(COURSE_ID), item_id=ItemId(LECTURE), text="x")
    return api.action(SAVE_NOTE, body)


def send(api: Api, *actions: Action, mark: str = "") -> ActionBatchResult:
    return api.post("/v1/actions", ActionBatch(actions=actions, mark=mark), ActionBatchResult)


def refused(api: Api, mark: str) -> tuple[int, str]:
    return api.refused("POST", "/v1/actions", ActionBatch(actions=(note(api),), mark=mark))


def restore() -> None:
    """As if the newest entry of the ledger had not been there when the copy was made."""
    LedgerEntry.objects.latest("pk").delete()


def test_as_long_as_nothing_is_lost_a_mark_says_nothing(learner: Api) -> None:
    mark = ""
    for _ in range(3):
        mark = send(learner, note(learner), mark=mark).mark
        assert mark
    action = note(learner)
    before = send(learner, action, mark=mark).mark
    assert send(learner, action, mark=mark).mark, "of duplicates there is one too"
    assert send(learner, note(learner), mark=before).mark


@pytest.mark.expected_log("another life")
def test_what_the_server_signed_and_lost_begins_another_life(learner: Api, new_learner: Learner) -> None:
    life, epochs = this_server().life, set(FeedHead.objects.values_list("epoch", flat=True))
    cursor = learner.cursor()
    mark = send(learner, note(learner)).mark
    restore()
    other = new_learner("bo@example.org")
    send(other, note(other))
    assert refused(learner, mark) == (409, "server_restored")
    assert this_server().life != life
    assert not epochs & set(FeedHead.objects.values_list("epoch", flat=True))
    assert learner.refused("GET", f"/v1/feeds/learner?after={cursor}") == (410, "cursor_expired")
    assert send(learner, note(learner)).mark, "without the mark it goes on"


@pytest.mark.expected_log("another life")
def test_a_life_begins_once(learner: Api) -> None:
    mark = send(learner, note(learner)).mark
    restore()
    assert refused(learner, mark)[1] == "server_restored"
    life = this_server().life
    assert refused(learner, mark)[1] == "server_restored"
    assert this_server().life == life


@pytest.mark.expected_log("another life")
def test_it_comes_to_light_at_a_check_in_too(learner: Api) -> None:
    device = Carrier(learner)
    life = device.check_in().life
    device.mark = send(learner, note(learner)).mark
    restore()
    assert device.check_in().life != life


@pytest.mark.expected_log("another life")
def test_the_operator_can_say_it(learner: Api) -> None:
    mark = send(learner, note(learner)).mark
    call_command("begin_feeds_anew")
    assert refused(learner, mark)[1] == "server_restored"


@pytest.mark.expected_log("another life")
def test_devices_are_believed_after_it(learner: Api) -> None:
    """What the server knew of them is older than what they know."""
    device = Carrier(learner)
    device.check_in()
    use = learner.device
    device.check_in()
    device.check_in()
    DeviceUse.objects.update(place="0" * 64, place_before="1" * 64)
    call_command("begin_feeds_anew")
    assert not device.check_in().device_taken
    assert device.api.device == use


@pytest.mark.parametrize("forged", ["x", "W10:1vOXyZ:aaaa", ".eJw:1:2", "\N{SNOWMAN}"])
def test_nobody_can_make_a_server_begin_anew(learner: Api, new_learner: Learner, forged: str) -> None:
    life = this_server().life
    assert send(learner, note(learner), mark=forged).mark
    mark = send(learner, note(learner)).mark
    other = new_learner("bo@example.org")
    assert send(other, note(other), mark=mark).mark, "of somebody else"
    assert this_server().life == life


def test_an_old_mark_says_nothing(learner: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ledger may have been thinned out since."""
    life = this_server().life
    mark = send(learner, note(learner)).mark
    restore()
    now = time.time() + 301 * 24 * 3600
    monkeypatch.setattr(time, "time", lambda: now)
    assert not was_restored(User.objects.get(pk=learner.account), mark)
    assert this_server().life == life


def test_a_number_that_is_given_a_second_time_is_another_session(learner: Api, new_learner: Learner) -> None:
    """After a restore, the session of somebody else may get the number of one that was lost."""
    other = new_learner("bo@example.org")
    session = DeviceSession.objects.get(user_id=learner.account, revoked_at=None)
    theirs = DeviceSession.objects.get(user_id=other.account)
    DeviceSession.objects.filter(pk=theirs.pk).update(user_id=learner.account, created_at=datetime.now(UTC))
    assert other.refused("GET", "/v1/me") == (401, "session_ended")
    assert session.pk != theirs.pk
    assert learner.send("GET", "/v1/me").status_code == 200


def test_an_older_desktop_says_no_mark(learner: Api) -> None:
    send(learner, note(learner))
    restore()
    assert send(learner, note(learner)).results[0].outcome == "applied"
