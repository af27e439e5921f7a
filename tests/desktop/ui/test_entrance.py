"""The way in: welcome, invitation with its choice and refusals, sign in."""

from __future__ import annotations

import tomllib

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.config import SAMPLE_EMAIL, SAMPLE_SERVER, resources
from desktop.errors import Problem
from desktop.ui.desk import Place
from desktop.ui.pages.invitation import InvitationPage
from desktop.ui.pages.sign_in import SignInPage
from desktop.ui.pages.welcome import WelcomePage
from desktop.ui.preferences import Preferences
from protocol import errors as codes
from tests.desktop.ui import sample_views as views
from tests.desktop.ui.fakes import Bench

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def welcome(qtbot: QtBot, bench: Bench, preferences: Preferences) -> WelcomePage:
    page = WelcomePage(bench.desk, preferences)
    qtbot.addWidget(page)
    page.resize(900, 700)
    page.show()
    page.show_place(Place("welcome"))
    return page


@pytest.fixture
def invitation(qtbot: QtBot, bench: Bench, preferences: Preferences) -> InvitationPage:
    page = InvitationPage(bench.desk, preferences)
    qtbot.addWidget(page)
    page.resize(900, 900)
    page.show()
    return page


def read(qtbot: QtBot, bench: Bench, page: InvitationPage) -> None:
    """Open the invitation that the edge answers with."""
    page.show_place(Place("invitation", {"link": "https://learn.example.org/join/t1"}))
    qtbot.waitUntil(lambda: not bench.runner.busy())


@pytest.mark.parametrize(
    ("typed", "page", "arguments"),
    [
        ("https://learn.example.org/join/t1", "invitation", {"link": "https://learn.example.org/join/t1"}),
        (
            " haversack://join?server=https://x.org&invitation=t ",
            "invitation",
            {"link": "haversack://join?server=https://x.org&invitation=t"},
        ),
        ("learn.example.org", "sign_in", {"server": "learn.example.org"}),
    ],
)
def test_a_pasted_link_leads_to_its_page(
    qtbot: QtBot, bench: Bench, welcome: WelcomePage, typed: str, page: str, arguments: dict[str, str]
) -> None:
    welcome.link.field.setText(typed)
    qtbot.keyClick(welcome.link.field, Qt.Key.Key_Return)
    assert bench.places == [Place(page, arguments)]


def test_nothing_pasted_is_said_beside_the_field(qtbot: QtBot, bench: Bench, welcome: WelcomePage) -> None:
    qtbot.mouseClick(welcome.open, LEFT)
    assert bench.places == []
    assert welcome.link.message.text() == "Paste the link or the address first."
    assert welcome.link.field.accessibleDescription() == welcome.link.message.text()
    qtbot.keyClicks(welcome.link.field, "x")
    assert welcome.link.message.text().startswith("It is in the e-mail")


@pytest.mark.parametrize("typed", ["hello world", "invitation", "join us"])
def test_what_is_no_link_and_no_address_is_said_beside_the_field(
    qtbot: QtBot, bench: Bench, welcome: WelcomePage, typed: str
) -> None:
    welcome.link.field.setText(typed)
    qtbot.keyClick(welcome.link.field, Qt.Key.Key_Return)
    assert bench.places == []
    assert welcome.link.message.text().startswith("This is neither a link nor an address.")
    assert welcome.link.field.selectedText() == typed


@pytest.mark.parametrize("typed", ["learn.example.org", "https://joiners.example.org/", "localhost:8000", "[::1]:8000"])
def test_an_address_as_people_type_it_leads_to_signing_in(
    qtbot: QtBot, bench: Bench, welcome: WelcomePage, typed: str
) -> None:
    welcome.link.field.setText(typed)
    qtbot.keyClick(welcome.link.field, Qt.Key.Key_Return)
    assert bench.places == [Place("sign_in", {"server": typed})]


def test_the_sample_program_is_one_click(qtbot: QtBot, bench: Bench, welcome: WelcomePage) -> None:
    qtbot.mouseClick(welcome.sample, LEFT)
    assert bench.places == [Place("invitation", {"link": "sample"})]


def test_a_new_learner_chooses_a_password_by_the_rules_and_joins(
    qtbot: QtBot, bench: Bench, invitation: InvitationPage
) -> None:
    read(qtbot, bench, invitation)
    assert invitation.meant_for.text().startswith("Invitation for amina@example.org")
    assert not invitation.join.isVisible()
    qtbot.mouseClick(invitation.new, LEFT, pos=invitation.new.rect().center())
    assert invitation.join.isVisible()
    assert not invitation.join.isEnabled()
    qtbot.keyClicks(invitation.password.field, "short")
    assert not invitation.join.isEnabled()
    qtbot.keyClicks(invitation.password.field, " no more")
    assert invitation.join.isEnabled()
    with qtbot.waitSignal(bench.desk.enter_requested) as entered:
        qtbot.mouseClick(invitation.join, LEFT)
    assert entered.args == [views.LEARNER]
    assert bench.edge.asked("gateway.join_new") == [(views.INVITATION, "Amina Okafor", "short no more")]
    assert invitation.password.field.text() == ""


def test_one_with_an_account_signs_in_with_another_address(
    qtbot: QtBot, bench: Bench, invitation: InvitationPage
) -> None:
    read(qtbot, bench, invitation)
    qtbot.mouseClick(invitation.existing, LEFT, pos=invitation.existing.rect().center())
    qtbot.keyClicks(invitation.email.field, "a.okafor@home.example")
    qtbot.keyClicks(invitation.own_password.field, "old one")
    with qtbot.waitSignal(bench.desk.enter_requested):
        qtbot.keyClick(invitation.own_password.field, Qt.Key.Key_Return)
    asked = bench.edge.asked("gateway.sign_in")
    assert asked == [("https://learn.example.org", "a.okafor@home.example", "old one", "t1")]


def test_an_address_that_has_an_account_opens_with_it(qtbot: QtBot, bench: Bench, invitation: InvitationPage) -> None:
    bench.edge.answers["gateway.read_invitation"] = replace(views.INVITATION, account_exists=True)
    read(qtbot, bench, invitation)
    assert invitation.existing.isChecked()
    assert invitation.email.field.text() == "amina@example.org"


def test_a_weak_password_is_said_beside_the_form(qtbot: QtBot, bench: Bench, invitation: InvitationPage) -> None:
    read(qtbot, bench, invitation)
    qtbot.mouseClick(invitation.new, LEFT, pos=invitation.new.rect().center())
    qtbot.keyClicks(invitation.password.field, "1234567890")
    bench.edge.answers["gateway.join_new"] = Problem(codes.PASSWORD_WEAK, "Not only digits.", "Add a word.")
    qtbot.mouseClick(invitation.join, LEFT)
    qtbot.waitUntil(invitation.problem.isVisible)
    assert invitation.problem.text() == "Not only digits. Add a word."
    assert invitation.password.field.text() == "1234567890"
    assert invitation.join.isEnabled()


@pytest.mark.parametrize(
    ("code", "title", "door"),
    [
        (codes.INVITATION_EXPIRED, "This invitation has expired", "Ask the person who sent you the link."),
        (codes.INVITATION_WITHDRAWN, "This invitation was withdrawn", "Ask the person who sent you the link."),
        (codes.INVITATION_USED, "This invitation was used already", ""),
        (codes.LICENCES_EXHAUSTED, "No places are left", "Ask the person who sent you the link."),
        (codes.CONTRACT_ENDED, "This program has ended", "Ask the person who sent you the link."),
        (
            codes.INVITATION_FOR_ANOTHER,
            "This invitation is for another address",
            "Ask the person who sent you the link.",
        ),
        ("offline", "There is no way to the server now", ""),
        ("tls", "The server could not prove who it is", "If that does not help, ask the support of your organization."),
        ("not_ours", "This is not a Haversack server", ""),
        ("truncated", "The answer broke off", ""),
        (codes.SERVER_FAULT, "The server has a fault", "If that does not help, ask the support of your organization."),
    ],
)
def test_each_refusal_is_a_page_with_its_door(
    qtbot: QtBot, bench: Bench, invitation: InvitationPage, code: str, title: str, door: str
) -> None:
    bench.edge.answers["gateway.read_invitation"] = Problem(code, "the server's words")
    read(qtbot, bench, invitation)
    assert invitation.refused_title.text() == title
    assert invitation.refused_text.isVisible()
    assert invitation.refused_door.text() == door
    assert not invitation.new.isVisible()
    over = code in {codes.INVITATION_EXPIRED, codes.INVITATION_WITHDRAWN, codes.CONTRACT_ENDED}
    assert invitation.refused_action.isVisible() is not over
    if not over:
        assert invitation.refused_action.text() == ("Sign in" if code == codes.INVITATION_USED else "Try again")


def test_an_unknown_invitation_can_be_corrected_where_it_was_typed(
    qtbot: QtBot, bench: Bench, invitation: InvitationPage
) -> None:
    bench.edge.answers["gateway.read_invitation"] = Problem(codes.INVITATION_UNKNOWN, "the server's words")
    read(qtbot, bench, invitation)
    assert invitation.refused_action.text() == "Correct the link"
    qtbot.mouseClick(invitation.refused_action, LEFT)
    assert bench.places == [Place("welcome", {"typed": "https://learn.example.org/join/t1"})]


def test_whoever_joined_the_sample_program_can_sign_in_there_again(
    qtbot: QtBot, bench: Bench, invitation: InvitationPage
) -> None:
    """Its invitation is used up then, and nobody knows the address of its server."""
    bench.edge.answers["gateway.read_invitation"] = Problem("sample_joined", "")
    invitation.show_place(Place("invitation", {"link": SAMPLE_SERVER}))
    qtbot.waitUntil(lambda: not bench.runner.busy())
    assert invitation.refused_title.text() == "You have an account in the sample program"
    qtbot.mouseClick(invitation.refused_action, LEFT)
    assert bench.places == [Place("sign_in", {"server": SAMPLE_SERVER, "email": SAMPLE_EMAIL})]
    program = tomllib.loads((resources() / "sample" / "program.toml").read_text(encoding="utf-8"))
    assert [invited["email"] for invited in program["invitations"]] == [SAMPLE_EMAIL]


@pytest.mark.parametrize(
    ("answer", "holder"),
    [
        (views.INVITATION, "invitationNew"),
        (replace(views.INVITATION, account_exists=True), "existingPasswordField"),
        (replace(views.INVITATION, state="expired"), "refusalWrite"),
        (replace(views.INVITATION, state="used"), "refusalAction"),
        (Problem(codes.INVITATION_EXPIRED, ""), "invitationBack"),
        (Problem("offline", ""), "refusalAction"),
    ],
)
def test_the_keyboard_is_where_the_way_goes_on(
    qtbot: QtBot, bench: Bench, invitation: InvitationPage, answer: object, holder: str
) -> None:
    with qtbot.waitActive(invitation):
        invitation.activateWindow()
    bench.edge.answers["gateway.read_invitation"] = answer
    read(qtbot, bench, invitation)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.objectName() == holder


def test_the_shorter_form_leaves_no_gap(qtbot: QtBot, bench: Bench, invitation: InvitationPage) -> None:
    read(qtbot, bench, invitation)
    qtbot.mouseClick(invitation.existing, LEFT)
    form, button = invitation.own_password, invitation.join

    def gap() -> int:
        return button.mapTo(invitation, QPoint()).y() - form.mapTo(invitation, form.rect().bottomLeft()).y()

    qtbot.waitUntil(lambda: 0 < gap() < 40)


def test_a_refusal_nobody_knows_speaks_in_the_server_s_words(
    qtbot: QtBot, bench: Bench, invitation: InvitationPage
) -> None:
    bench.edge.answers["gateway.read_invitation"] = Problem("new_kind", "Closed on Sundays.", "Come on Monday.")
    read(qtbot, bench, invitation)
    assert invitation.refused_title.text() == "Closed on Sundays."
    assert invitation.refused_text.text() == "Come on Monday."
    bench.edge.answers["gateway.read_invitation"] = views.INVITATION
    qtbot.mouseClick(invitation.refused_action, LEFT)
    qtbot.waitUntil(invitation.new.isVisible)


def test_an_expired_invitation_names_the_administrator(qtbot: QtBot, bench: Bench, invitation: InvitationPage) -> None:
    bench.edge.answers["gateway.read_invitation"] = replace(views.INVITATION, state="expired")
    read(qtbot, bench, invitation)
    assert "learning@example.org" in invitation.refused_door.text()


def test_the_password_can_be_seen(qtbot: QtBot, bench: Bench, invitation: InvitationPage) -> None:
    read(qtbot, bench, invitation)
    field = invitation.password.field
    assert field.echoMode() == QLineEdit.EchoMode.Password
    eye = next(action for action in field.actions() if action.objectName() == "showPassword")
    eye.trigger()
    assert field.echoMode() == QLineEdit.EchoMode.Normal


def test_sign_in_says_no_more_than_it_may(qtbot: QtBot, bench: Bench, preferences: Preferences) -> None:
    page = SignInPage(bench.desk, preferences)
    qtbot.addWidget(page)
    page.show()
    page.show_place(Place("sign_in", {"server": "learn.example.org", "ended": "1"}))
    assert page.ended.isVisible()
    assert not page.button.isEnabled()
    qtbot.keyClicks(page.email.field, "amina@example.org")
    qtbot.keyClicks(page.password.field, "wrong")
    bench.edge.answers["gateway.sign_in"] = Problem(codes.SIGN_IN_REFUSED, "no")
    qtbot.keyClick(page.password.field, Qt.Key.Key_Return)
    qtbot.waitUntil(page.problem.isVisible)
    assert page.problem.text() == "Address or password is not right. Check both and try again."
    assert bench.edge.asked("gateway.sign_in") == [("https://learn.example.org", "amina@example.org", "wrong")]
    bench.edge.answers["gateway.sign_in"] = views.LEARNER
    with qtbot.waitSignal(bench.desk.enter_requested):
        qtbot.mouseClick(page.button, LEFT)


def test_an_expired_invitation_leads_to_whom_to_ask(
    qtbot: QtBot, bench: Bench, invitation: InvitationPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    bench.edge.answers["gateway.read_invitation"] = replace(views.INVITATION, state="expired")
    read(qtbot, bench, invitation)
    assert invitation.refused_write.text() == "Write to learning@example.org"
    assert invitation.refused_write.property("variant") == "primary"
    assert invitation.refused_action.property("variant") == "secondary"
    qtbot.mouseClick(invitation.refused_write, LEFT)
    assert opened == ["mailto:learning@example.org"]


def test_after_a_weak_password_one_can_type_at_once(qtbot: QtBot, bench: Bench, invitation: InvitationPage) -> None:
    read(qtbot, bench, invitation)
    invitation.window().activateWindow()
    qtbot.mouseClick(invitation.new, LEFT)
    bench.edge.answers["gateway.join_new"] = Problem(codes.PASSWORD_WEAK, "Not only digits.", "Add a word.")
    invitation.password.field.setText("1234567890")
    qtbot.mouseClick(invitation.join, LEFT)
    qtbot.waitUntil(invitation.problem.isVisible)
    assert invitation.password.field.hasFocus()
    assert invitation.password.field.selectedText()
