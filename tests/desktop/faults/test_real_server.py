"""The same door with the real program server behind it: what it refuses, in the words that the learner reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit

from desktop.config import resources
from desktop.ui.pages.invitation import InvitationPage
from desktop.ui.pages.sign_in import SignInPage
from tests.desktop.faults.conftest import House, Learner
from tests.server_process import ServerProcess

WEAK = "password12345"
STRONG = "seven quiet lanterns"
NO_HINT = "Address or password is not right. Check both and try again."


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """The server, with the sample program and its one invitation."""
    with ServerProcess(tmp_path_factory.mktemp("server"), load=[resources() / "sample"]) as running:
        yield running


def invitation(learner: Learner) -> InvitationPage:
    """The page of the invitation."""
    page = learner.window.findChild(InvitationPage)
    assert page is not None
    return page


def sign_in(learner: Learner, server: str, email: str, password: str) -> SignInPage:
    """Fill in the form and press its button."""
    for name, text in (("serverField", server), ("emailField", email), ("existingPasswordField", password)):
        learner.find_a(QLineEdit, name).clear()
        learner.type(name, text)
    learner.click("signInButton")
    page = learner.window.findChild(SignInPage)
    assert page is not None
    return page


def test_a_wrong_invitation_then_a_weak_password_then_a_wrong_one(
    house: House, real: ServerProcess, tmp_path: Path
) -> None:
    link = real.invitations[0]["url"]
    email = real.invitations[0]["email"]
    learner = house.start(f"{link[:-6]}zzzzzz")
    learner.find("refusalAction")
    assert invitation(learner).refused_title.text() == "This invitation is not known"
    learner.picture("real-wrong-invitation")

    learner.program.open_link(link)
    learner.click("invitationNew")
    learner.find_a(QLineEdit, "nameField").clear()
    learner.type("nameField", "Ada King")
    learner.type("passwordField", WEAK)
    learner.click("joinButton")
    page = invitation(learner)
    learner.wait(page.problem.isVisible, "the password to be refused")
    learner.picture("real-weak-password")
    assert "It is one that many people use." in page.problem.text()
    assert "Choose another" in page.problem.text()
    assert page.name.field.text() == "Ada King"
    assert page.password.field.text() == WEAK
    learner.find_a(QLineEdit, "passwordField").clear()
    learner.type("passwordField", STRONG)
    learner.click("joinButton")
    learner.wait(lambda: learner.program.desk.learner is not None, "the store to open")
    house.end()

    other = House(tmp_path / "other")
    try:
        second = other.start()
        second.click("signInLink")
        said = []
        for address, password in ((email, "not the right one"), ("nobody@example.org", STRONG)):
            form = sign_in(second, real.url, address, password)
            second.wait(form.problem.isVisible, "the refusal to be said")
            said.append(form.problem.text())
            assert form.email.field.text() == address
            assert form.password.field.selectedText(), "typing replaces what was wrong"
            second.picture("real-wrong-password")
        assert said == [NO_HINT, NO_HINT], "no hint which of the two it was"
        sign_in(second, real.url, email, STRONG)
        second.wait(lambda: second.program.desk.learner is not None, "the right one to be let in")
        second.program.open_link(link)
        second.find("refusalAction")
        assert invitation(second).refused_title.text() == "This invitation was used already"
        second.picture("real-used-invitation")
    finally:
        other.end()
