"""Help: whom to ask for what, the keys, what this program is and whose work it stands on."""

from __future__ import annotations

from importlib import metadata

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from desktop.config import APP_NAME
from desktop.errors import Problem
from desktop.i18n import tr
from desktop.ui.desk import Desk, Place
from desktop.ui.pages.page import Page
from desktop.ui.preferences import PROGRAM, Preferences
from desktop.ui.theme.tokens import SPACE_12, SPACE_16, SPACE_24
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.layouts import FlowLayout
from desktop.ui.widgets.player_cheat_sheet import KeyLine, fill_with_keys, keys_of_the_page
from desktop.ui.widgets.scroll import PageScroll
from desktop.ui.widgets.surfaces import Card, SectionHeader


def _version() -> str:
    try:
        return metadata.version("haversack")
    except metadata.PackageNotFoundError:
        return tr("from source")


def _mail_link(name: str) -> Button:
    """Opens the mail program; its text is the address."""
    link = Button("", "link", "envelope-simple", name)
    link.set_tone("accent")
    link.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(f"mailto:{link.text()}")))
    return link


class HelpPage(Page):
    """Needs no data and no network."""

    def __init__(self, desk: Desk, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(desk, preferences, parent)
        sheet = PageScroll(880)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(sheet)
        back = Button(tr("Back"), "link", "arrow-left", "helpBack")
        back.clicked.connect(desk.back)
        top = QWidget()
        flow = FlowLayout(top)
        flow.addWidget(back)
        sheet.body.addWidget(top)
        sheet.body.addWidget(Label(tr("Help"), "title"))
        sheet.body.addWidget(self._offline())
        sheet.body.addWidget(SectionHeader(tr("Whom to ask")))
        sheet.body.addWidget(self._doors())
        self.sign_in = self._sign_in()
        sheet.body.addWidget(self.sign_in)
        self.sync_header = SectionHeader(tr("Sync and network"))
        sheet.body.addWidget(self.sync_header)
        self.sync_card = self._sync()
        sheet.body.addWidget(self.sync_card)
        sheet.body.addWidget(SectionHeader(tr("Keys")))
        sheet.body.addWidget(self._keys())
        sheet.body.addWidget(SectionHeader(tr("About and licences")))
        sheet.body.addWidget(self._about())
        sheet.body.addStretch(1)

    def heading(self) -> str:
        """For the title of the window."""
        return tr("Help")

    def _offline(self) -> Card:
        card = Card(margin=SPACE_16, fill="accent_soft", edge="accent_soft")
        card.body.addWidget(Label(tr("Without a network"), "heading"))
        card.body.addWidget(
            Label(
                tr(
                    "What you downloaded works as ever: lectures, readings, notes, quizzes. What you do is kept in the "
                    "Outbox, shown at the bottom left, and is sent by itself when there is a network again."
                )
            )
        )
        return card

    def _sync(self) -> Card:
        card = Card(margin=SPACE_16)
        card.body.addWidget(
            Label(tr("Something is not sent, or does not arrive? See how the sync stands and test the network."))
        )
        self.sync = Button(tr("Sync and network"), "secondary", "wifi-high", "helpSync")
        self.sync.clicked.connect(lambda: self.desk.go("diagnostics"))
        card.body.addWidget(self.sync, 0, Qt.AlignmentFlag.AlignLeading)
        return card

    def _doors(self) -> Card:
        self.admin, self.support = _mail_link("helpAdmin"), _mail_link("helpSupport")
        rows = (
            (
                tr("An invitation, a place in the program, a deadline that cannot be reset"),
                tr("Your program's administrator"),
                self.admin,
            ),
            (
                tr("Signing in, a fault of the server, something that does not play"),
                tr("The support of your organization"),
                self.support,
            ),
            (tr("What a lecture says, what a task means"), tr("The teachers of the course"), None),
        )
        card = Card(margin=SPACE_16)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_24)
        grid.setVerticalSpacing(SPACE_12)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        top = Qt.AlignmentFlag.AlignTop
        for row, (about, who, link) in enumerate(rows):
            whom = QVBoxLayout()
            whom.setSpacing(0)
            whom.addWidget(Label(who, "strong"))
            if link is not None:
                whom.addWidget(link, 0, Qt.AlignmentFlag.AlignLeading)
            grid.addWidget(Label(about), row, 0, top)
            grid.addLayout(whom, row, 1, top)
        card.body.addLayout(grid)
        return card

    def _sign_in(self) -> Card:
        card = Card(margin=SPACE_16)
        card.body.addWidget(Label(tr("Where your sign-in is kept"), "heading"))
        self.sign_in_note = Label("")
        self.sign_in_note.setObjectName("helpSignIn")
        card.body.addWidget(self.sign_in_note)
        card.hide()
        return card

    def _show_sign_in(self, note: Problem | None) -> None:
        self.sign_in.setVisible(note is not None)
        if note is not None:
            self.sign_in_note.setText(f"{tr(note.text)} {tr(note.way_out)}")

    def show_place(self, place: Place) -> None:
        """Say the addresses of the program in front, where there is one, and how the sign-in is kept."""
        super().show_place(place)
        self.desk.fetch(self, lambda gateway: gateway.secrets_note(), self._show_sign_in, lambda _: None)
        for widget in (self.sync_header, self.sync_card):  # there is no sync before somebody is here
            widget.setVisible(self.desk.learner is not None)
        programs = self.desk.learner.programs if self.desk.learner is not None else ()
        wanted = self.preferences.text(PROGRAM)
        program = next((entry for entry in programs if entry.id == wanted), programs[0] if programs else None)
        for link, address in (
            (self.admin, program.admin_email if program else ""),
            (self.support, program.support_email if program else ""),
        ):
            link.setText(address)
            link.setAccessibleName(tr("Write to {address}", address=address))
            link.setVisible(bool(address))

    def _keys(self) -> Card:
        everywhere = (
            KeyLine(("/", tr("Ctrl+K")), tr("Search; in a lecture / finds in the transcript")),
            KeyLine((tr("Alt+←"),), tr("Back")),
            KeyLine(("F1",), tr("This page")),
            KeyLine((tr("Ctrl+Q"),), tr("Leave Haversack")),
        )
        card = Card(margin=SPACE_16)
        grid = QGridLayout()
        fill_with_keys(grid, ((tr("Everywhere"), everywhere), *keys_of_the_page()))
        card.body.addLayout(grid)
        return card

    def _about(self) -> Card:
        card = Card(margin=SPACE_16)
        card.body.addWidget(Label(f"{APP_NAME} {_version()}", "strong"))
        card.body.addWidget(
            Label(
                tr(
                    "Free software under the Apache License 2.0. It stands on Qt and PySide6 (LGPL 3), libVLC "
                    "(LGPL 2.1), SQLite (public domain), SQLAlchemy, Alembic and Requests, and shows Phosphor icons "
                    "(MIT) by way of QtAwesome. The full texts come with the program."
                ),
                "body",
                "muted",
            )
        )
        return card
