"""The page on which anybody delivers a file of work: a form, without scripts, without an account."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from msgspec.structs import replace

from protocol.sealing import open_receipt
from tests.server.api import Api
from tests.server.carrying import Carrier
from tests.server.test_deliveries import note, texts

# The form must work for a browser that has no cookie of ours
BROWSER = Client(enforce_csrf_checks=True)


class Tags(HTMLParser):
    """The tags of a page, with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def sent(data: bytes, name: str = "ada.haversack-work") -> tuple[int, str]:
    response = BROWSER.post("/deliver", {"work": SimpleUploadedFile(name, data)})
    return response.status_code, response.content.decode()


@pytest.fixture
def carrier(learner: Api) -> Carrier:
    found = Carrier(learner)
    found.check_in()
    return found


@pytest.mark.django_db
def test_the_form_needs_no_script_and_every_field_has_a_label() -> None:
    response = BROWSER.get("/deliver")
    assert response.status_code == 200
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    tags = Tags(response.content.decode()).found
    assert not [tag for tag, attributes in tags if tag == "script" or any(name.startswith("on") for name in attributes)]
    ids = {attributes["id"] for tag, attributes in tags if tag == "input"}
    assert ids == {attributes["for"] for tag, attributes in tags if tag == "label"}
    assert not response.cookies


def test_a_file_is_delivered_and_the_receipt_can_be_saved(carrier: Carrier) -> None:
    status, page = sent(carrier.seal(note(carrier.api)))
    assert status == 200
    assert "1 entry arrived" in page
    link = re.search(r'download="([^"]+)" href="data:application/octet-stream;base64,([^"]+)"', page)
    assert link is not None
    assert link[1].endswith(".haversack-receipt")
    receipt = open_receipt(base64.b64decode(link[2]), carrier.receipt_key)
    assert [result.outcome for result in receipt.results] == ["applied"]
    assert texts(carrier.api) == ["here it becomes clear"]


@pytest.mark.parametrize("data", [b"", b"holiday.jpg", b"haversack work 1\n{}\n"])
def test_another_file_is_refused_in_words(db: None, data: bytes) -> None:
    status, page = sent(data, "holiday.jpg")
    assert status == 422
    assert 'role="alert"' in page
    assert "not a file of work" in page


def test_no_file_at_all(db: None) -> None:
    response = BROWSER.post("/deliver", {})
    assert response.status_code == 422
    assert b"No file was chosen" in response.content


def test_what_a_stranger_wrote_is_shown_as_text(carrier: Carrier) -> None:
    header = replace(carrier.header(), server="https://x/<script>alert(1)</script>", server_id="elsewhere")
    status, page = sent(carrier.seal(note(carrier.api), header=header))
    assert status == 409
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_it_shares_the_limit_with_other_ways(db: None) -> None:
    for _ in range(120):
        Api().send("POST", "/v1/deliveries", b"x")
    status, page = sent(b"x")
    assert status == 429
    assert "too many tries" in page
