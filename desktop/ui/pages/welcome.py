"""The first page: open an invitation, try the sample program, or sign in."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from desktop.config import APP_NAME
from desktop.i18n import tr
from desktop.ui.desk import CARRY, Desk, Place
from desktop.ui.pages.entrance import BackButton, Brow, entrance
from desktop.ui.pages.page import Page
from desktop.ui.preferences import Preferences
from desktop.ui.theme.tokens import SPACE_8
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.fields import FormField
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.pictures import Pictures
from desktop.ui.widgets.surfaces import Divider

SAMPLE_LINK = "sample"


def may_be_address(text: str) -> bool:
    """Whether somebody may have meant the address of a program: one word, with a dot or a port in it."""
    name = text.partition("://")[2] or text
    return not any(sign.isspace() for sign in text) and any(sign in name.strip(".:/") for sign in ".:")


class WelcomePage(Page):
    """For somebody whom this installation does not know, and for joining another program."""

    def __init__(self, desk: Desk, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(desk, preferences, parent)
        sheet = entrance(self)
        self.brow = Brow(Pictures(desk, self))
        self.brow.show_names(APP_NAME, tr("Courses that come along, with or without a network."))
        self.link = FormField(
            tr("Invitation link or program address"),
            QLineEdit(),
            tr("It is in the e-mail from your organization. Paste it as it is."),
        )
        self.link.field.setObjectName("linkField")
        self.link.field.setPlaceholderText("https://…")
        self.link.field.returnPressed.connect(self._open)
        self.link.field.textEdited.connect(self._typed)
        self.open = Button(tr("Continue"), "primary", name="openLink")
        self.open.clicked.connect(self._open)
        self.sample = Button(tr("Try the sample program"), "secondary", "compass", "trySample")
        self.sample.clicked.connect(self._sample)
        self.sign_in = Button(tr("I have an account: sign in"), "quiet", name="signInLink")
        self.sign_in.setProperty("tone", "accent")
        self.sign_in.clicked.connect(self._sign_in)
        body = sheet.body
        body.addWidget(self.brow)
        body.addWidget(self.link)
        body.addWidget(self.open)
        body.addWidget(self.sign_in)
        body.addSpacing(SPACE_8)
        body.addWidget(Divider())
        body.addSpacing(SPACE_8)
        body.addWidget(Label(tr("No invitation?"), "strong"))
        body.addWidget(
            Label(
                tr("The sample program has two small courses and runs on this computer, without any network."),
                "body",
                "muted",
            )
        )
        row = QHBoxLayout()
        row.addWidget(self.sample)
        row.addStretch(1)
        body.addLayout(row)
        self.carry = Button(tr("Deliver somebody's work …"), "link", "floppy-disk", "welcomeCarry")
        self.carry.clicked.connect(self._carry)
        body.addWidget(self.carry, 0, Qt.AlignmentFlag.AlignLeft)
        self.back = BackButton(desk, "welcomeBack")
        body.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)

    def heading(self) -> str:
        """For the title of the window."""
        return tr("Welcome")

    def show_place(self, place: Place) -> None:
        """Be ready to paste; ``typed`` is a link that could not be read, to be mended."""
        super().show_place(place)
        self.back.look()
        self.back.setVisible(self.desk.learner is not None)
        if place.get("typed"):
            self.link.field.setText(place.get("typed"))
        self.link.field.setFocus()

    @Slot()
    def _typed(self) -> None:
        self.link.set_wrong("")

    @Slot()
    def _open(self) -> None:
        link = self.link.field.text().strip()
        if not link:
            self.link.set_wrong(tr("Paste the link or the address first."))
            self.link.field.setFocus()
            return
        if link.startswith("haversack:") or "/join/" in link or "invitation=" in link or link == SAMPLE_LINK:
            self.desk.go("invitation", link=link)
        elif may_be_address(link):
            self.desk.go("sign_in", server=link)
        else:
            self.link.set_wrong(
                tr("This is neither a link nor an address. Both are in the e-mail with your invitation.")
            )
            self.link.field.selectAll()
            self.link.field.setFocus()

    @Slot()
    def _sample(self) -> None:
        self.desk.go("invitation", link=SAMPLE_LINK)

    @Slot()
    def _carry(self) -> None:
        self.desk.go(CARRY)

    @Slot()
    def _sign_in(self) -> None:
        self.desk.go("sign_in")
