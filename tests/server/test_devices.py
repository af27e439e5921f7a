"""A device is told from a copy of itself, and both go on."""

from __future__ import annotations

import pytest

from server.accounts.models import DeviceSession, DeviceUse
from tests.server.api import Api
from tests.server.carrying import Carrier
from tests.server.conftest import Learner

pytestmark = pytest.mark.postgres
ADA = "ada@example.org"


@pytest.fixture
def one(member: Api) -> Carrier:
    """A device that has checked in twice."""
    found = Carrier(member)
    found.check_in()
    assert not found.check_in().device_taken
    return found


def copy_of(original: Carrier, *, signed_in: bool = False) -> Carrier:
    """The same data folder on another computer; ``signed_in`` anew there."""
    api = Api(token=original.api.token, device=original.api.device, account=original.api.account)
    return Carrier(api.sign_in(ADA) if signed_in else api, known=original.known)


def live() -> int:
    return DeviceSession.objects.filter(revoked_at=None).count()


def test_a_device_goes_on_being_itself(one: Carrier) -> None:
    for _ in range(5):
        assert not one.check_in().device_taken
    assert DeviceUse.objects.count() == 1


def test_an_answer_that_was_lost_is_asked_for_again(one: Carrier) -> None:
    before = one.known
    for _ in range(3):
        one.known = before
        assert not one.check_in().device_taken
    assert not one.check_in().device_taken


def test_the_first_answer_may_be_lost_too(member: Api) -> None:
    device = Carrier(member)
    device.check_in()
    device.known = None
    assert not device.check_in().device_taken
    assert not device.check_in().device_taken


@pytest.mark.parametrize("first", [0, 1], ids=["the original comes first", "the copy comes first"])
def test_of_two_that_hold_the_same_one_is_told(one: Carrier, first: int) -> None:
    copy = copy_of(one)
    pair = (one, copy) if first == 0 else (copy, one)
    told = [device for _ in range(3) for device in pair if device.check_in().device_taken]
    assert told
    (other,) = {id(device): device for device in told}.values()
    other.api.device += "-copy"
    other.known = None
    for _ in range(3):
        assert not one.check_in().device_taken
        assert not copy.check_in().device_taken
    assert DeviceUse.objects.count() == 2


def test_a_copied_image_that_the_same_person_signs_in_on(one: Carrier) -> None:
    """The image holds the device's id and nothing of the learner: the first session is not ended by the second."""
    there = copy_of(one, signed_in=True)
    there.known = None
    assert there.check_in().device_taken
    assert live() == 2
    there.api.device += "-copy"
    assert not there.check_in().device_taken
    assert not one.check_in().device_taken
    assert live() == 2


def test_signing_in_again_ends_the_session_of_before_at_the_check_in(one: Carrier) -> None:
    one.api.sign_in(ADA)
    assert live() == 2
    assert not one.check_in().device_taken
    assert live() == 1
    assert one.api.send("GET", "/v1/me").status_code == 200


def test_of_a_device_that_never_checks_in_it_ends_with_the_first_use_of_the_new_one(member: Api) -> None:
    member.sign_in(ADA)
    assert live() == 2, "the answer may have been lost"
    assert member.send("GET", "/v1/me").status_code == 200
    assert live() == 1


def test_another_persons_device_is_another(one: Carrier, new_learner: Learner) -> None:
    other = Carrier(new_learner("bo@example.org"))
    other.api.device = one.api.device
    assert not other.check_in().device_taken
    assert not one.check_in().device_taken


def test_nothing_is_written_down_for_a_device_that_is_taken(one: Carrier) -> None:
    before = DeviceUse.objects.values().get()
    copy = copy_of(one, signed_in=True)
    copy.known = None
    assert copy.check_in().device_taken
    assert DeviceUse.objects.values().get() == before


@pytest.mark.parametrize("key", [b"", b"x" * 31, b"x" * 33])
def test_what_is_no_key_is_refused(member: Api, key: bytes) -> None:
    device = Carrier(member)
    with pytest.raises(AssertionError, match="bad_request"):
        device.check_in(signing_key=key)
