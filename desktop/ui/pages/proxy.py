"""The proxy of a network wants to know who asks: user name and password, kept with the sign-in.

Object names: ``proxyText``, ``proxyUser``, ``proxyPassword``, ``proxySave``, ``proxyLater``.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.config import APP_NAME
from desktop.errors import Problem
from desktop.i18n import tr
from desktop.ui.desk import Desk, Place
from desktop.ui.pages.entrance import Brow, entrance
from desktop.ui.pages.page import Page
from desktop.ui.preferences import Preferences
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.fields import FormField, PasswordField
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.pictures import Pictures


class ProxyPage(Page):
    """Also for those who are not signed in: without the proxy nobody gets as far as that."""

    def __init__(self, desk: Desk, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(desk, preferences, parent)
        self._proxy = ""
        sheet = entrance(self)
        self.brow = Brow(Pictures(desk, self))
        self.brow.show_names(tr("The proxy of this network"), APP_NAME)
        self.text = Label("")
        self.text.setObjectName("proxyText")
        self.user = FormField(tr("User name"), QLineEdit())
        self.user.field.setObjectName("proxyUser")
        self.password = FormField(tr("Password"), PasswordField(tr("Password"), "proxyPassword"))
        self.problem = Label("", "body", "danger")
        self.save = Button(tr("Save and try again"), "primary", name="proxySave")
        self.later = Button(tr("Not now"), "link", "arrow-left", "proxyLater")
        kept = tr("Both are kept where your sign-in is kept on this computer, and sent to this proxy alone.")
        for field in (self.user, self.password):
            field.field.textChanged.connect(self._check)
            field.field.returnPressed.connect(self._save)
        self.save.clicked.connect(self._save)
        self.later.clicked.connect(desk.back)
        for widget in (
            self.brow,
            self.text,
            self.user,
            self.password,
            Label(kept, "small", "muted"),
            self.problem,
            self.save,
            self.later,
        ):
            sheet.body.addWidget(widget)
        sheet.body.setAlignment(self.later, Qt.AlignmentFlag.AlignLeft)

    def heading(self) -> str:
        """For the title of the window."""
        return tr("The proxy of this network")

    def show_place(self, place: Place) -> None:
        """Empty, whatever was typed before."""
        super().show_place(place)
        self.password.field.clear()
        self.problem.hide()
        self._check()
        self.user.field.setFocus()

    def refresh(self) -> None:
        """Ask which proxy it is."""
        self.text.setText("")
        self.desk.fetch(self, lambda gateway: gateway.asking_proxy(), self._show, self._failed)

    def _show(self, proxy: str) -> None:
        self._proxy = proxy
        if proxy:
            said = tr(
                "{proxy} lets nothing through without a user name and a password. Whoever runs this network gave them "
                "to you, or they are those of this computer.",
                proxy=proxy,
            )
        else:
            said = tr("No proxy asks for a password at the moment.")
        self.text.setText(said)
        self._check()

    @Slot()
    def _check(self) -> None:
        self.save.setEnabled(bool(self._proxy and self.user.field.text().strip() and self.password.field.text()))

    @Slot()
    def _save(self) -> None:
        if not self.save.isEnabled():
            return
        self.save.setEnabled(False)
        proxy, user, password = self._proxy, self.user.field.text().strip(), self.password.field.text()
        self.desk.fetch(
            self, lambda gateway: gateway.keep_proxy_login(proxy, user, password), self._saved, self._failed
        )

    def _saved(self, _: None) -> None:
        self.password.field.clear()
        self.desk.wake_sync()
        self.desk.back()

    def _failed(self, problem: Problem) -> None:
        self.problem.setText(" ".join(tr(part) for part in (problem.text, problem.way_out) if part))
        self.problem.show()
        self._check()
