"""Sign in with an account one has; also when a session has ended."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.config import APP_NAME
from desktop.errors import Problem
from desktop.i18n import tr
from desktop.models.views import LearnerView
from desktop.ui.desk import PROXY, Desk, Place
from desktop.ui.pages.entrance import BackButton, Brow, entrance
from desktop.ui.pages.page import Page
from desktop.ui.pages.refusals import refusal
from desktop.ui.preferences import Preferences
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.fields import FormField, PasswordField
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.pictures import Pictures
from desktop.ui.widgets.surfaces import Banner
from protocol import errors as codes


class SignInPage(Page):
    """Place arguments: ``server`` (its address), ``email``, ``ended`` (any text: the session has ended)."""

    def __init__(self, desk: Desk, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(desk, preferences, parent)
        sheet = entrance(self)
        self.brow = Brow(Pictures(desk, self))
        self.brow.show_names(tr("Sign in"), APP_NAME)
        self.ended = Banner(
            tr("What you did is kept on this computer and goes out once you are signed in."),
            "warning",
            title=tr("Your session has ended, sign in again"),
        )
        self.server = FormField(tr("Program address"), QLineEdit(), tr("For example learning.your-organization.org"))
        self.server.field.setObjectName("serverField")
        self.email = FormField(tr("E-mail address"), QLineEdit())
        self.email.field.setObjectName("emailField")
        self.password = FormField(tr("Password"), PasswordField(tr("Password"), "existingPasswordField"))
        self.problem = Label("", "body", "danger")
        self.problem.hide()
        self.button = Button(tr("Sign in"), "primary", name="signInButton")
        self.button.clicked.connect(self._sign_in)
        self.back = BackButton(desk, "invitationBack")
        for field in (self.server, self.email, self.password):
            field.field.textChanged.connect(self._check)
            field.field.returnPressed.connect(self._sign_in)
        for widget in (
            self.brow,
            self.ended,
            self.server,
            self.email,
            self.password,
            self.problem,
            self.button,
            self.back,
        ):
            sheet.body.addWidget(widget)
        sheet.body.setAlignment(self.back, Qt.AlignmentFlag.AlignLeft)

    def heading(self) -> str:
        """For the title of the window."""
        return tr("Sign in")

    def show_place(self, place: Place) -> None:
        """Fill in what is known."""
        super().show_place(place)
        self.back.look()
        self.ended.setVisible(bool(place.get("ended")))
        if place.get("server"):
            self.server.field.setText(place.get("server"))
        self.server.setVisible(place.get("server") != "sample")
        if place.get("email"):
            self.email.field.setText(place.get("email"))
        self.password.field.clear()
        self._say("")
        self._check()
        empty = [field for field in (self.server, self.email, self.password) if not field.field.text()]
        empty[0].field.setFocus()

    @Slot()
    def _check(self) -> None:
        fields = (self.server, self.email, self.password)
        self.button.setEnabled(all(field.field.text().strip() for field in fields))

    @Slot()
    def _sign_in(self) -> None:
        if not self.button.isEnabled():
            return
        self.button.setEnabled(False)
        self.button.setText(tr("Signing in …"))
        self._say("")
        server, email = self.server.field.text().strip(), self.email.field.text().strip()
        if server != "sample" and "://" not in server:
            server = f"https://{server}"
        password = self.password.field.text()
        self.desk.fetch(self, lambda gateway: gateway.sign_in(server, email, password), self._in, self._failed)

    def _in(self, learner: LearnerView) -> None:
        self.password.field.clear()
        self.button.setText(tr("Setting up your courses …"))
        self.desk.enter(learner)

    def _failed(self, problem: Problem) -> None:
        self.button.setText(tr("Sign in"))
        self._check()
        if problem.code == codes.SIGN_IN_REFUSED:
            self._say(tr("Address or password is not right. Check both and try again."))
            self.password.field.setFocus()
            self.password.field.selectAll()
            return
        self._say(refusal(problem).sentence())
        self.button.setFocus()
        if problem.code == "proxy_password":
            self.desk.go(PROXY)

    def _say(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        if not text:
            self.button.setText(tr("Sign in"))
