"""Faults at the door: each is said in words on a page that fits, and what was typed is still there afterwards."""

from __future__ import annotations

import ssl

import pytest
import trustme
from PySide6.QtWidgets import QLineEdit

from desktop.ui.pages.invitation import InvitationPage
from desktop.ui.pages.sign_in import SignInPage
from protocol.errors import ErrorBody
from protocol.wire import encode
from tests.desktop.faults.conftest import PASSWORD, House, Learner
from tests.desktop.sync.program_server import Fault, ProgramServer, answer, cut, drop

HTML = "text/html; charset=utf-8"
PORTAL = answer(200, b"<html><h1>Welcome to Hotel Sunrise</h1></html>", Content_Type=HTML)
GATEWAY = answer(502, b"<html>Bad gateway</html>", Content_Type=HTML)
UNKNOWN = answer(404, encode(ErrorBody(code="invitation_unknown", text="No such invitation.")), ours=True)

FAULTS = [
    pytest.param(drop, "There is no way to the server now", id="unreachable"),
    pytest.param(GATEWAY, "The server has a fault", id="500"),
    pytest.param(PORTAL, "The network wants you to log in first", id="portal"),
    pytest.param(answer(404, b"<html>nginx</html>", Content_Type=HTML), "This is not a Haversack server", id="html"),
    pytest.param(answer(200, b"[]"), "This is not a Haversack server", id="json-of-others"),
    pytest.param(cut, "The answer broke off", id="truncated"),
]


def refused(learner: Learner) -> InvitationPage:
    """The page that says why not."""
    learner.find("refusalTitle")
    page = learner.window.findChild(InvitationPage)
    assert page is not None
    for label in (page.refused_title, page.refused_text):
        assert label.isVisible()
        assert not label.visibleRegion().isEmpty(), f"“{label.text()}” is outside of the window"
    return page


@pytest.mark.parametrize(("fault", "title"), FAULTS)
def test_an_invitation_that_cannot_be_read(
    house: House, server: ProgramServer, fault: Fault, title: str, request: pytest.FixtureRequest
) -> None:
    server.spoil("/v1/invitations/", fault)
    learner = house.start(server.link())
    learner.program.window.resize(900, 600)
    page = refused(learner)
    learner.picture(f"door-{request.node.callspec.id}")
    assert page.refused_title.text() == title
    learner.click("refusalAction")
    learner.find("invitationNew")


def test_an_invitation_that_is_not_known_is_corrected_where_it_was_typed(house: House, server: ProgramServer) -> None:
    server.spoil("/v1/invitations/", UNKNOWN)
    learner = house.start(server.link())
    page = refused(learner)
    learner.picture("door-wrong")
    assert page.refused_title.text() == "This invitation is not known"
    learner.click("refusalAction")
    assert learner.find_a(QLineEdit, "linkField").text() == server.link()
    learner.click("openLink")
    learner.find("invitationNew")


def test_an_expired_invitation(house: House, server: ProgramServer) -> None:
    server.invitation_state = "expired"
    learner = house.start(server.link())
    page = refused(learner)
    learner.picture("door-expired")
    assert page.refused_title.text() == "This invitation has expired"
    assert "send a new one" in page.refused_text.text()
    assert page.refused_door.text() == "Ask the person who sent you the link."
    assert not learner.sees("refusalAction"), "trying again does not make it younger"
    learner.click("invitationBack")
    learner.find("linkField")


@pytest.mark.parametrize(("fault", "title"), FAULTS)
def test_what_was_typed_survives_a_fault_while_joining(
    house: House, server: ProgramServer, fault: Fault, title: str, request: pytest.FixtureRequest
) -> None:
    learner = house.start(server.link())
    learner.click("invitationNew")
    learner.find_a(QLineEdit, "nameField").clear()
    learner.type("nameField", "Ada King")
    learner.type("passwordField", PASSWORD)
    server.spoil("/v1/accounts", fault)
    learner.click("joinButton")
    page = learner.window.findChild(InvitationPage)
    assert page is not None
    learner.wait(page.problem.isVisible, "the fault to be said")
    learner.picture(f"join-{request.node.callspec.id}")
    assert page.problem.text().startswith(title)
    assert page.name.field.text() == "Ada King"
    assert page.password.field.text() == PASSWORD
    learner.click("joinButton")
    learner.wait(lambda: learner.program.desk.learner is not None, "trying again to be all it takes")


def test_a_certificate_that_nobody_vouches_for(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    trusted, stranger = trustme.CA(), trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    stranger.issue_cert("localhost").configure_cert(context)
    with trusted.cert_pem.tempfile() as bundle, ProgramServer().running(context) as server:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", bundle)
        learner = house.start(server.link())
        page = refused(learner)
        learner.picture("door-certificate")
        assert page.refused_title.text() == "The server could not prove who it is"
        assert "Nothing was sent" in page.refused_text.text()
        assert "date" in page.refused_text.text()
        assert server.asked == []
        house.end()


def test_a_certificate_for_another_name_at_sign_in(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    trusted = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trusted.issue_cert("another.example").configure_cert(context)
    with trusted.cert_pem.tempfile() as bundle, ProgramServer().running(context) as server:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", bundle)
        learner = house.start()
        learner.click("signInLink")
        learner.type("serverField", server.url)
        learner.type("emailField", "ada@example.org")
        learner.type("existingPasswordField", PASSWORD)
        learner.click("signInButton")
        page = learner.window.findChild(SignInPage)
        assert page is not None
        learner.wait(page.problem.isVisible, "the fault to be said")
        learner.picture("sign-in-certificate")
        assert page.problem.text().startswith("The server could not prove who it is. Nothing was sent.")
        assert page.password.field.text() == PASSWORD
        assert server.asked == []
        house.end()


@pytest.mark.parametrize(
    "link", ["tset", "haversack://join?server=https://learn.example.org", "https://[broken/join/x"]
)
def test_a_broken_link_is_mended_not_typed_again(house: House, server: ProgramServer, link: str) -> None:
    learner = house.start(link)
    page = refused(learner)
    learner.picture("door-broken-link")
    assert page.refused_title.text() == "This is not an invitation that Haversack can read."
    assert page.refused_text.text().startswith("Copy the whole link")
    assert page.refused_action.text() == "Correct the link"
    learner.click("refusalAction")
    field = learner.find_a(QLineEdit, "linkField")
    assert field.text() == link
    assert not learner.sees("welcomeBack")
    field.clear()
    learner.type("linkField", server.link())
    learner.click("openLink")
    learner.find("invitationNew")


def test_a_broken_link_does_not_lock_out_who_is_signed_in(house: House, server: ProgramServer) -> None:
    learner = house.start(server.link())
    learner.join()
    learner.program.open_link("haversack://nonsense")
    refused(learner)
    learner.picture("door-broken-link-signed-in")
    assert "Back to my courses" in learner.text("invitationBack")
    learner.click("refusalAction")
    learner.click("welcomeBack")
    learner.find("card-sql")
    assert learner.sees("header")


def test_a_server_that_wants_a_newer_program_says_so(house: House, server: ProgramServer) -> None:
    too_old = ErrorBody(
        code="protocol_too_old",
        text="This Haversack is too old for the program's server.",
        way_out="Update Haversack; what waits to be sent is kept.",
    )
    server.spoil("/v1/invitations/", answer(426, encode(too_old), ours=True))
    learner = house.start(server.link())
    page = refused(learner)
    learner.picture("door-too-old")
    assert page.refused_title.text() == too_old.text
    assert page.refused_text.text() == too_old.way_out


def test_a_server_of_a_later_version_is_understood(house: House, server: ProgramServer) -> None:
    server.protocol = 7
    learner = house.start(server.link())
    learner.join()
    learner.find("card-sql")
