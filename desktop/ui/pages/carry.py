"""Work by file: save what waits for somebody to deliver, take a receipt, and deliver the work of somebody else.

Object names: ``carryBack``, ``carryState``, ``carrySave``, ``carryReceipt``, ``carryOwnSaid``, ``carryChoose``,
``carryFound``, ``carryDeliver``, ``carryCancel``, ``carrySaid``, ``carryKeepReceipt``; the dialogs are ``carryFiles``.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QDir, Qt, QTimer, Slot
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from desktop.config import SAMPLE_SERVER
from desktop.errors import Problem, problem_of_os
from desktop.i18n import short_moment_text, tr
from desktop.models.carried_views import RECEIPT, CarriedView, DeliveredWork, FoundFile, SavedWork, TakenReceipt
from desktop.ui.desk import WELCOME, Desk, Place
from desktop.ui.pages.page import Page
from desktop.ui.preferences import Preferences
from desktop.ui.theme.tokens import SPACE_16, SPACE_24
from desktop.ui.widgets.buttons import Button
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.layouts import FlowLayout
from desktop.ui.widgets.scroll import PageScroll
from desktop.ui.widgets.surfaces import Banner, Card
from protocol import RECEIPT_SUFFIX, WORK_SUFFIX

WIDTH = 720


def state_text(view: CarriedView, now: datetime) -> str:
    """What waits, and whether it is on its way."""
    if not view.waiting:
        said = tr("Nothing waits to be sent.")
        if view.answered_at is not None:
            said += " " + tr("The last receipt was opened {time}.", time=short_moment_text(view.answered_at, now))
        return said
    said = tr("{n} entry waits to be sent.|{n} entries wait to be sent.", n=view.waiting)
    if view.filed_at is not None:
        said += " " + tr("On its way by file since {time}.", time=short_moment_text(view.filed_at, now))
    return said


def saved_text(saved: SavedWork) -> str:
    """What to do with a file that was written."""
    said = tr("Saved: {file}", file=str(saved.file)) + "\n"
    said += tr("Give it to somebody who has a network. Bring their receipt back and open it here.")
    if saved.left:
        said += " " + tr(
            "A file holds so much and no more: {n} action is left. Save it when the receipt is back.|"
            "A file holds so much and no more: {n} actions are left. Save them when the receipt is back.",
            n=saved.left,
        )
    return said


def taken_text(taken: TakenReceipt, now: datetime) -> str:
    """What a receipt said."""
    if not taken.sent and not taken.refused:
        return tr("Everything in this receipt was known here already.")
    parts = [tr("Delivered {time}.", time=short_moment_text(taken.delivered_at, now))]
    if taken.sent:
        parts.append(tr("{n} action has arrived.|{n} actions have arrived.", n=taken.sent))
    if taken.refused:
        parts.append(
            tr(
                "{n} was not taken; the Outbox says why.|{n} were not taken; the Outbox says why.",
                n=taken.refused,
            )
        )
    return " ".join(parts)


def delivered_text(delivered: DeliveredWork) -> str:
    """What the server said, without what is none of the carrier's business."""
    parts = [tr("{n} entry has arrived.|{n} entries have arrived.", n=delivered.actions - delivered.refused)]
    if delivered.duplicates:
        parts.append(tr("{n} of them had arrived before.", n=delivered.duplicates))
    if delivered.refused:
        parts.append(tr("{n} could not be taken; the receipt says why.", n=delivered.refused))
    said = " ".join(parts) + "\n"
    if delivered.receipt is None:
        return said + tr("The receipt could not be written beside the file. Save it and take it back.")
    return said + tr("Take the receipt back to whoever gave you the file: {file}", file=str(delivered.receipt))


class CarryPage(Page):
    """See the module. Whoever delivers need not be signed in."""

    kinds: ClassVar[frozenset[str]] = frozenset({"outbox"})

    def __init__(self, desk: Desk, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(desk, preferences, parent)
        self._found: FoundFile | None = None
        self._receipt = b""
        self._sheet = sheet = PageScroll(WIDTH)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(sheet)
        back = Button(tr("Back"), "link", "arrow-left", "carryBack")
        back.clicked.connect(self._on_back)
        sheet.body.addWidget(back, 0, Qt.AlignmentFlag.AlignLeading)
        sheet.body.addWidget(Label(tr("Work by file"), "title"))
        self.own = self._own_card()
        self.others = self._others_card()
        sheet.body.addWidget(self.own)
        sheet.body.addWidget(self.others)
        sheet.body.addStretch(1)
        desk.signed_in.connect(self._look_who)
        desk.signed_out.connect(self._look_who)

    def _own_card(self) -> Card:
        self.state = Label("", "strong")
        self.state.setObjectName("carryState")
        self.save = Button(tr("Save to a file …"), "primary", "floppy-disk", "carrySave")
        self.receipt = Button(tr("Open a receipt …"), "secondary", "receipt", "carryReceipt")
        self.own_said = Banner()
        self.own_said.setObjectName("carryOwnSaid")
        self.own_said.hide()
        self.save.clicked.connect(self._ask_where)
        self.receipt.clicked.connect(self._ask_for_receipt)
        about = tr(
            "No network on this computer? Save what waits to a file, on a stick for example. Anybody can deliver it "
            "from a computer with a network, with Haversack or a web browser. It is sealed: only your program can read "
            "it. Until a receipt or a network says that it arrived, everything stays here too."
        )
        return _card(tr("Your own work"), about, self.state, self.own_said, (self.save, self.receipt))

    def _others_card(self) -> Card:
        self.choose = Button(tr("Choose the file …"), "secondary", "folder-open", "carryChoose")
        self.deliver = Button(tr("Deliver"), "primary", "paper-plane-tilt", "carryDeliver")
        self.cancel = Button(tr("Cancel"), "quiet", name="carryCancel")
        self.keep_receipt = Button(tr("Save the receipt …"), "primary", "floppy-disk", "carryKeepReceipt")
        self.found = Label("", "strong")
        self.found.setObjectName("carryFound")
        self.said = Banner()
        self.said.setObjectName("carrySaid")
        for hidden in (self.deliver, self.cancel, self.keep_receipt, self.found, self.said):
            hidden.hide()
        self.choose.clicked.connect(self._ask_for_work)
        self.deliver.clicked.connect(self._on_deliver)
        self.cancel.clicked.connect(self._on_cancel)
        self.keep_receipt.clicked.connect(self._ask_where_for_receipt)
        about = tr(
            "Somebody without a network gave you a file that ends in {suffix}? Deliver it from here. You cannot read "
            "what is in it, and you need no account.",
            suffix=WORK_SUFFIX,
        )
        buttons = (self.deliver, self.keep_receipt, self.choose, self.cancel)
        return _card(tr("Somebody else's work"), about, self.found, self.said, buttons)

    def heading(self) -> str:
        """The page's title."""
        return tr("Work by file")

    def show_place(self, place: Place) -> None:
        """With a ``file``: what was dropped here, or opened from outside."""
        super().show_place(place)
        self._look_who()
        if place.get("file"):
            self.open_file(place.get("file"))

    def take_focus(self) -> None:
        """The first thing that can be done."""
        buttons = (self.deliver, self.save, self.receipt, self.choose)
        next((button for button in buttons if button.isVisible() and button.isEnabled()), self.choose).setFocus()

    def refresh(self) -> None:
        """Ask what waits."""
        if self.desk.learner is not None:
            self.desk.ask(self, lambda services: services.outbox.carried(), self._show, self._say_own_problem)

    @Slot()
    def _look_who(self, signed_in: object = None) -> None:
        if signed_in is not None:
            self.own_said.hide()  # it was said to whoever was here before
        self.own.setVisible(self.desk.learner is not None)

    @Slot()
    def _on_back(self) -> None:
        self.desk.back() if self.desk.learner is not None else self.desk.go(WELCOME)

    def _show(self, view: CarriedView) -> None:
        self.state.setText(state_text(view, self.desk.clock.now()))
        # Said before a file is chosen: what works on the sample program never leaves this computer.
        sample = self.desk.learner is not None and self.desk.learner.server == SAMPLE_SERVER
        if sample:
            self.own_said.show_message(
                tr("The sample program is on this computer: there is nowhere to carry it to."), "accent"
            )
        self.save.setEnabled(view.waiting > 0 and not sample)
        self.receipt.setEnabled(not sample)
        # While a receipt is awaited, that is what leads on.
        self.save.set_variant("secondary" if view.filed_at else "primary")
        self.receipt.set_variant("primary" if view.filed_at else "secondary")

    # --- one's own work ------------------------------------------------------------------------------------------

    @Slot()
    def _ask_where(self) -> None:
        name = f"haversack-{self.desk.clock.now():%Y-%m-%d}{WORK_SUFFIX}"
        self._dialog(tr("Save waiting work"), name).fileSelected.connect(self.save_as)

    @Slot(str)
    def save_as(self, name: str) -> None:
        """Save what waits to this file."""
        file = _with_suffix(name, WORK_SUFFIX)
        self.save.setEnabled(False)
        self.desk.fetch(self, lambda gateway: gateway.save_work(file), self._saved, self._say_own_problem)

    def _saved(self, saved: SavedWork) -> None:
        self.own_said.show_message(saved_text(saved), "success")
        self.refresh()

    @Slot()
    def _ask_for_receipt(self) -> None:
        kind = tr("Receipts") + f" (*{RECEIPT_SUFFIX})"
        self._dialog(tr("Open a receipt"), "", kind).fileSelected.connect(self.take_receipt)

    @Slot(str)
    def take_receipt(self, name: str) -> None:
        """Open the receipt in this file."""
        file = Path(name)
        self.desk.fetch(self, lambda gateway: gateway.take_receipt(file), self._taken, self._say_own_problem)

    def _taken(self, taken: TakenReceipt) -> None:
        tone = "warning" if taken.refused else "success"
        self.own_said.show_message(taken_text(taken, self.desk.clock.now()), tone)
        self.refresh()

    def _say_own_problem(self, problem: Problem) -> None:
        self.own_said.show_message(_words(problem), "danger")
        self.save.setEnabled(True)

    # --- somebody else's -----------------------------------------------------------------------------------------

    @Slot()
    def _ask_for_work(self) -> None:
        kind = tr("Work from Haversack") + f" (*{WORK_SUFFIX})"
        self._dialog(tr("Choose the file"), "", kind).fileSelected.connect(self.open_file)

    @Slot(str)
    def open_file(self, name: str) -> None:
        """Find out what this file is."""
        file = Path(name)
        self._on_cancel()
        self.said.hide()
        self.desk.fetch(self, lambda gateway: gateway.look_at_file(file), self._show_file, self._say_problem)

    def _show_file(self, found: FoundFile) -> None:
        if found.kind == RECEIPT:
            if self.desk.learner is not None:
                self.take_receipt(str(found.file))
            else:
                self.said.show_message(tr("This is a receipt. Sign in to open it."), "warning")
            return
        self._found = found
        said = tr("{file}, for {server}", file=found.file.name, server=found.server)
        if found.mine:
            said += "\n" + tr("You saved this work here yourself: with a network it is sent without a file, too.")
        self.found.setText(said)
        for shown in (self.found, self.deliver, self.cancel):
            shown.show()
        self.choose.hide()
        self.deliver.setFocus()
        QTimer.singleShot(0, self, self._show_others)

    @Slot()
    def _show_others(self) -> None:
        """With large text the lower card begins below the edge."""
        for part in (self.found, self.said, self.deliver, self.choose):
            if part.isVisible():
                self._sheet.ensureWidgetVisible(part)

    @Slot()
    def _on_deliver(self) -> None:
        found = self._found
        if found is None:
            return
        self.deliver.setEnabled(False)
        self.deliver.setText(tr("Delivering …"))
        self.said.hide()
        self.desk.fetch(self, lambda gateway: gateway.deliver_work(found.file), self._delivered, self._say_problem)

    def _delivered(self, delivered: DeliveredWork) -> None:
        self._on_cancel()
        self.said.show_message(
            delivered_text(delivered), "success" if delivered.receipt else "warning", tr("Delivered")
        )
        self._receipt = delivered.receipt_data
        self.keep_receipt.setVisible(delivered.receipt is None)
        self.choose.setText(tr("Choose another file …"))
        QTimer.singleShot(0, self, self._show_others)
        (self.keep_receipt if delivered.receipt is None else self.choose).setFocus()

    @Slot()
    def _on_cancel(self) -> None:
        self._found = None
        for hidden in (self.found, self.deliver, self.cancel, self.keep_receipt):
            hidden.hide()
        self.choose.show()
        self._ready()

    def _ready(self) -> None:
        self.deliver.setEnabled(True)
        self.deliver.setText(tr("Deliver"))

    @Slot()
    def _ask_where_for_receipt(self) -> None:
        self._dialog(tr("Save the receipt"), f"haversack{RECEIPT_SUFFIX}").fileSelected.connect(self.keep_receipt_as)

    @Slot(str)
    def keep_receipt_as(self, name: str) -> None:
        """Write the receipt to this file."""
        file, data = _with_suffix(name, RECEIPT_SUFFIX), self._receipt

        def write() -> Path:
            try:
                file.write_bytes(data)
            except OSError as error:
                raise (problem_of_os(error) or error) from error
            return file

        self.desk.decode(self, write, self._receipt_kept, self._say_problem)

    def _receipt_kept(self, file: Path) -> None:
        self.keep_receipt.hide()
        said = tr("Take the receipt back to whoever gave you the file: {file}", file=str(file))
        self.said.show_message(said, "success", tr("Delivered"))

    def _say_problem(self, problem: Problem) -> None:
        self._ready()
        self.said.show_message(_words(problem), "danger")
        QTimer.singleShot(0, self, self._show_others)

    def _dialog(self, title: str, name: str, kind: str = "") -> QFileDialog:
        """A dialog that is open; ``name``: of a file to be written, else one is chosen, of this ``kind``."""
        dialog = QFileDialog(self, title, QDir.homePath())
        dialog.setObjectName("carryFiles")
        if name:
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.setFileMode(QFileDialog.FileMode.AnyFile)
            dialog.selectFile(name)
        else:
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
            dialog.setNameFilters([kind, tr("All files") + " (*)"])
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog


def _words(problem: Problem) -> str:
    return " ".join(tr(part) for part in (problem.text, problem.way_out) if part)


def _with_suffix(name: str, suffix: str) -> Path:
    return Path(name if name.endswith(suffix) else name + suffix)


def _card(title: str, about: str, state: Label, said: Banner, buttons: tuple[Button, ...]) -> Card:
    card = Card(margin=SPACE_24)
    card.body.setSpacing(SPACE_16)
    card.body.addWidget(Label(title, "heading"))
    card.body.addWidget(Label(about, "body", "muted"))
    card.body.addWidget(state)
    card.body.addWidget(said)
    row = FlowLayout()
    for button in buttons:
        row.addWidget(button)
    card.body.addLayout(row)
    return card
