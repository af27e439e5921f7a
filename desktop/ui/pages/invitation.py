"""An invitation: whose, for whom, and the one-time choice between a new account and one's own."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop.config import SAMPLE_EMAIL, SAMPLE_SERVER
from desktop.errors import Problem
from desktop.i18n import day_text, tr
from desktop.models.views import InvitationView, LearnerView
from desktop.ui.desk import WELCOME, Desk, Place
from desktop.ui.pages.entrance import BackButton, Brow, entrance
from desktop.ui.pages.page import Page
from desktop.ui.pages.refusals import (
    ADMIN,
    LINK,
    PROXY,
    SIGN_IN,
    Refusal,
    can_be_tried_again,
    door_address,
    door_text,
    is_final,
    refusal,
)
from desktop.ui.preferences import Preferences
from desktop.ui.theme.tokens import SPACE_8, SPACE_12
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.choice import ChoiceButton
from desktop.ui.widgets.fields import FormField, PasswordField
from desktop.ui.widgets.indicators import BusyRing
from desktop.ui.widgets.labels import IconLabel, Label
from desktop.ui.widgets.password_rules import PasswordRules
from desktop.ui.widgets.pictures import Pictures
from protocol import errors as codes

FORM_CODES = frozenset({codes.PASSWORD_WEAK, codes.SIGN_IN_REFUSED, codes.ADDRESS_TAKEN, codes.TOO_MANY_TRIES})
"""Refusals that are said beside the form, because trying again in it helps."""

WAITING, REFUSED, OPEN = range(3)


class InvitationPage(Page):
    """Reads the invitation of the place's ``link``, then joins."""

    def __init__(self, desk: Desk, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(desk, preferences, parent)
        self._invitation: InvitationView | None = None
        self._refusal: Refusal | None = None
        sheet = entrance(self)
        self.brow = Brow(Pictures(desk, self))
        sheet.body.addWidget(self.brow)
        self._states = [QWidget(), QWidget(), QWidget()]
        holder = QWidget()
        self._column = QVBoxLayout(holder)
        self._column.setContentsMargins(0, 0, 0, 0)
        for state in self._states:
            self._column.addWidget(state)
        sheet.body.addWidget(holder)
        self._make_waiting(self._states[WAITING])
        self._make_refused(self._states[REFUSED])
        self._make_open(self._states[OPEN])
        self.back = BackButton(desk, "invitationBack")
        sheet.body.addSpacing(SPACE_8)
        sheet.body.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)

    # --- the three states ---------------------------------------------------------------------------------------

    def _make_waiting(self, state: QWidget) -> None:
        column = QVBoxLayout(state)
        column.setContentsMargins(0, SPACE_12, 0, SPACE_12)
        column.setSpacing(SPACE_12)
        column.addWidget(BusyRing(32))
        self.waiting = Label(tr("Reading the invitation …"), "body", "muted")
        column.addWidget(self.waiting)

    def _make_refused(self, state: QWidget) -> None:
        column = QVBoxLayout(state)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        self.refused_icon = IconLabel("warning-circle", 40, "warning")
        self.refused_title = Label("", "title")
        self.refused_title.setObjectName("refusalTitle")
        self.refused_text = Label("")
        self.refused_door = Label("", "body", "muted")
        self.refused_door.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.refused_write = Button("", "primary", "envelope-simple", "refusalWrite")
        self.refused_write.clicked.connect(self._write)
        self.refused_action = Button("", "primary", name="refusalAction")
        self.refused_action.clicked.connect(self._refusal_action)
        for widget in (self.refused_icon, self.refused_title, self.refused_text, self.refused_door):
            column.addWidget(widget)
        column.addSpacing(SPACE_8)
        column.addWidget(self.refused_write)
        column.addWidget(self.refused_action)

    def _make_open(self, state: QWidget) -> None:
        column = QVBoxLayout(state)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_12)
        self.meant_for = Label("", "body", "muted")
        self.new = ChoiceButton(tr("I am new here"), tr("Choose a password, and you are in."), "invitationNew")
        self.existing = ChoiceButton(
            tr("I already have an account"),
            tr("This invitation is added to it, so that all your certificates stay in one place."),
            "invitationExisting",
        )
        self.new.clicked.connect(self._show_new)
        self.existing.clicked.connect(self._show_existing)
        self._form_area = QWidget()
        # Not a stack: the shorter form would leave a gap as high as the longer one.
        area = QVBoxLayout(self._form_area)
        area.setContentsMargins(0, 0, 0, 0)
        self._forms = (self._make_new(), self._make_existing())
        for form in self._forms:
            area.addWidget(form)
        self.join = Button(tr("Join"), "primary", name="joinButton")
        self.join.clicked.connect(self._join)
        self.problem = Label("", "body", "danger")
        self.problem.hide()
        for widget in (self.meant_for, self.new, self.existing, self._form_area, self.problem, self.join):
            column.addWidget(widget)

    def _make_new(self) -> QWidget:
        self.name = FormField(tr("Your name"), QLineEdit(), tr("As it should stand on certificates."))
        self.name.field.setObjectName("nameField")
        self.rules = PasswordRules()
        self.password = FormField(tr("New password"), PasswordField(tr("New password"), "passwordField"))
        self.password.field.textChanged.connect(self._check)
        self.password.field.returnPressed.connect(self._join)
        self.name.field.textChanged.connect(self._check)
        return _column(self.name, self.password, self.rules)

    def _make_existing(self) -> QWidget:
        self.email = FormField(
            tr("E-mail address of your account"), QLineEdit(), tr("It may be another than the one that was invited.")
        )
        self.email.field.setObjectName("emailField")
        self.own_password = FormField(tr("Password"), PasswordField(tr("Password"), "existingPasswordField"))
        self.email.field.textChanged.connect(self._check)
        self.own_password.field.textChanged.connect(self._check)
        self.own_password.field.returnPressed.connect(self._join)
        return _column(self.email, self.own_password)

    def _show_state(self, wanted: int) -> None:
        for number, state in enumerate(self._states):
            state.setVisible(number == wanted)

    # --- reading ------------------------------------------------------------------------------------------------

    def heading(self) -> str:
        """For the title of the window."""
        return tr("Invitation")

    def show_place(self, place: Place) -> None:
        """Another invitation: forget what was typed for the one before."""
        for field in (self.name, self.password, self.email, self.own_password):
            field.field.clear()
            field.set_wrong("")
        self._invitation = None
        sample = place.get("link") == SAMPLE_SERVER
        self.brow.show_names(tr("Sample program") if sample else tr("Your invitation"), "")
        self.back.look()
        super().show_place(place)

    def refresh(self) -> None:
        """Read the invitation."""
        assert self.place is not None
        link = self.place.get("link")
        self.waiting.setText(
            tr("Starting the sample program …") if link == SAMPLE_SERVER else tr("Reading the invitation …")
        )
        self._show_state(WAITING)
        self.desk.fetch(self, lambda gateway: gateway.read_invitation(link), self.show_invitation, self.show_refusal)

    def show_invitation(self, invitation: InvitationView) -> None:
        """Show whose invitation it is; or why it is of no use any more."""
        self._invitation = invitation
        program = invitation.program
        self.brow.show_names(program.name, program.organization, program)
        if invitation.state != "open":
            self.show_refusal(Problem(f"invitation_{invitation.state}", "This invitation cannot be used."))
            return
        words = tr("Invitation for {address}", address=invitation.email)
        if invitation.expires_at is not None:
            words = f"{words} · {tr('valid until {day}', day=day_text(invitation.expires_at))}"
        self.meant_for.setText(words)
        self.name.field.setText(invitation.name)
        self.email.field.setText(invitation.email if invitation.account_exists else "")
        self.rules.show_rules(invitation.password_rules)
        self._show_state(OPEN)
        if invitation.account_exists:
            self._show_existing()
        else:
            self._choose(None)
            self.new.setFocus()
        self._say("")

    def show_refusal(self, problem: Problem) -> None:
        """Say why not, and at which door to knock."""
        found = refusal(problem)
        self._refusal = found
        program = self._invitation.program if self._invitation is not None else None
        self.refused_icon.set_icon(found.icon, "warning")
        self.refused_title.setText(found.title)
        self.refused_text.setText(found.text)
        door = door_text(found.door, program)
        self.refused_door.setText(door)
        self.refused_door.setVisible(bool(door))
        actions = {SIGN_IN: tr("Sign in"), LINK: tr("Correct the link"), PROXY: tr("Enter password")}
        self.refused_action.setText(actions.get(found.door, tr("Try again")))
        # Where somebody else has to act first, trying again is not what leads on.
        self.refused_action.set_variant("secondary" if found.door == ADMIN else "primary")
        self.refused_action.setVisible(can_be_tried_again(problem))
        address = door_address(found.door, program)
        self.refused_write.setVisible(bool(address) and found.door == ADMIN)
        self.refused_write.setText(tr("Write to {address}", address=address))
        self._show_state(REFUSED)
        # Where the way on is: to write, to try again, or back to the start.
        ways = (self.refused_write, self.refused_action, self.back)
        next(way for way in ways if not way.isHidden()).setFocus()

    @Slot()
    def _write(self) -> None:
        program = self._invitation.program if self._invitation is not None else None
        if self._refusal is not None:
            QDesktopServices.openUrl(QUrl(f"mailto:{door_address(self._refusal.door, program)}"))

    def _account(self) -> tuple[str, str]:
        """The server and the address to sign in with, as far as they are known."""
        if self._invitation is not None:
            return self._invitation.server, self._invitation.email
        if self.place is not None and self.place.get("link") == SAMPLE_SERVER:
            return SAMPLE_SERVER, SAMPLE_EMAIL
        return "", ""

    @Slot()
    def _refusal_action(self) -> None:
        if self._refusal is not None and self._refusal.door == SIGN_IN:
            server, email = self._account()
            self.desk.go("sign_in", server=server, email=email)
        elif self._refusal is not None and self._refusal.door == LINK:
            self.desk.go(WELCOME, typed=self.place.get("link") if self.place else "")
        elif self._refusal is not None and self._refusal.door == PROXY:
            self.desk.go(PROXY)
        else:
            self.refresh()

    # --- joining ------------------------------------------------------------------------------------------------

    def _choose(self, form: int | None) -> None:
        self.new.setChecked(form == 0)
        self.existing.setChecked(form == 1)
        self._form_area.setVisible(form is not None)
        self.join.setVisible(form is not None)
        for number, fields in enumerate(self._forms):
            fields.setVisible(number == form)
        self.join.setText(tr("Join") if form == 0 else tr("Sign in and join"))
        self._check()

    @Slot()
    def _show_new(self) -> None:
        self._choose(0)
        target = self.password.field if self.name.field.text() else self.name.field
        target.setFocus()

    @Slot()
    def _show_existing(self) -> None:
        self._choose(1)
        target = self.own_password.field if self.email.field.text() else self.email.field
        target.setFocus()

    @Slot()
    def _check(self) -> None:
        fulfilled = self.rules.check(self.password.field.text())
        if self.new.isChecked():
            ready = fulfilled and bool(self.name.field.text().strip())
        else:
            ready = bool(self.email.field.text().strip() and self.own_password.field.text())
        self.join.setEnabled(ready)

    @Slot()
    def _join(self) -> None:
        invitation = self._invitation
        if invitation is None or not self.join.isEnabled():
            return
        self.join.setEnabled(False)
        self.join.setText(tr("Joining …"))
        self._say("")
        if self.new.isChecked():
            name, password = self.name.field.text().strip(), self.password.field.text()
            self.desk.fetch(self, lambda gateway: gateway.join_new(invitation, name, password), self._in, self._failed)
        else:
            email, password = self.email.field.text().strip(), self.own_password.field.text()
            self.desk.fetch(
                self,
                lambda gateway: gateway.sign_in(invitation.server, email, password, invitation.token),
                self._in,
                self._failed,
            )

    def _in(self, learner: LearnerView) -> None:
        self.password.field.clear()
        self.own_password.field.clear()
        self.waiting.setText(tr("Setting up your courses …"))
        self._show_state(WAITING)
        self.desk.enter(learner)

    def _failed(self, problem: Problem) -> None:
        self._choose(0 if self.new.isChecked() else 1)
        if problem.code == codes.ADDRESS_TAKEN:
            self._show_existing()
            self._say(tr("There is an account for this address already. Sign in with it."))
        elif problem.code == codes.SIGN_IN_REFUSED:
            self._say(tr("Address or password is not right. Check both and try again."))
        elif problem.code in FORM_CODES:
            self._say(" ".join(tr(part) for part in (problem.text, problem.way_out) if part))
        elif is_final(problem):
            self.show_refusal(problem)
        else:  # what was typed stays: trying again is one click
            self._say(refusal(problem).sentence())
            if problem.code == "proxy_password":
                self.desk.go(PROXY)
        if self._states[OPEN].isVisible():
            (self.join if self.join.isEnabled() else self.own_password.field).setFocus()

        if not self.refused_title.isVisible():
            self._focus_again(problem.code)

    def _focus_again(self, code: str) -> None:
        """Where to go on: the password if it was not taken, else the button that was pressed."""
        if code in FORM_CODES:
            field = (self.password if self.new.isChecked() else self.own_password).field
            field.setFocus()
            field.selectAll()
        else:
            self.join.setFocus()

    def _say(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))


def _column(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(SPACE_12)
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch(1)
    return holder
