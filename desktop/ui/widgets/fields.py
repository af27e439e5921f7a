"""Fields to type in."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, Slot
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QVBoxLayout,
    QWidget,
)

from desktop.i18n import tr
from desktop.ui.theme.icons import icon, paint_icon
from desktop.ui.theme.live import tokens
from desktop.ui.theme.tokens import ICON_SMALL, SPACE_4, SPACE_8
from desktop.ui.widgets.focus import shows_ring
from desktop.ui.widgets.key_cap import key_cap_size, paint_key_cap
from desktop.ui.widgets.labels import Label, restyle
from desktop.ui.widgets.lines import is_right_to_left

LEADING, TRAILING = QLineEdit.ActionPosition.LeadingPosition, QLineEdit.ActionPosition.TrailingPosition


class SearchField(QLineEdit):
    """One line with a magnifying glass and a cross to empty it.

    ``key`` is drawn at its end while it is empty: what to press to come here.
    """

    def __init__(self, label: str, name: str = "", parent: QWidget | None = None, *, key: str = "") -> None:
        super().__init__(parent)
        self._key = key
        self.setPlaceholderText(label)
        self.setAccessibleName(label)
        self.setProperty("variant", "search")
        if name:
            self.setObjectName(name)
        self._glass = QAction(self)
        self._cross = QAction(tr("Empty the search"), self)
        self._cross.setVisible(False)
        self._cross.triggered.connect(self.empty)
        self.addAction(self._glass, LEADING)
        self.addAction(self._cross, TRAILING)
        self.textChanged.connect(self._on_text)
        self._tint()

    @Slot()
    def empty(self) -> None:
        """As if the learner had deleted the text."""
        self.clear()
        self.textEdited.emit("")

    @Slot(str)
    def _on_text(self, text: str) -> None:
        self._cross.setVisible(bool(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The field, and the key that leads here."""
        super().paintEvent(event)
        if not self._key or self.text() or self.hasFocus():
            return
        size = key_cap_size(self._key)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        words = self.placeholderText()
        against = is_right_to_left(words) != mirrored  # words begin where the key would stand
        needed = self.fontMetrics().horizontalAdvance(words) + size.width() + 3 * SPACE_8 + self.height()
        if against or needed > self.width():
            return
        painter = QPainter(self)
        left = SPACE_8 if mirrored else self.width() - size.width() - SPACE_8
        paint_key_cap(
            painter, QRectF(left, (self.height() - size.height()) / 2, size.width(), size.height()), self._key
        )
        painter.end()

    def _tint(self) -> None:
        self._glass.setIcon(icon("magnifying-glass", "muted", 16))
        self._cross.setIcon(icon("x", "muted", 16))

    def changeEvent(self, event: QEvent) -> None:
        """The look changed: the icon follows."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()


class ChoiceBox(QComboBox):
    """A list that unfolds. ``label`` names it for screen readers and stands for *no choice*."""

    _ring = False

    def __init__(self, label: str, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = label
        self.setAccessibleName(label)
        # The box's own delegate knows nothing of the style sheet's rows.
        self.setItemDelegate(QStyledItemDelegate(self))
        if name:
            self.setObjectName(name)

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        """The ring is for those who came by keyboard."""
        super().initStyleOption(option)
        if not self._ring:
            option.state &= ~QStyle.StateFlag.State_HasFocus

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Remember how the focus came."""
        self._ring = shows_ring(event.reason(), before=self._ring)
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keyboard is in use."""
        self._ring = True
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The style sheet has no arrow of our set: it is painted here."""
        super().paintEvent(event)
        side = tokens().scaled(ICON_SMALL)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = SPACE_8 if mirrored else self.width() - side - SPACE_8
        colours = tokens().colours
        painter = QPainter(self)
        rect = QRectF(left, (self.height() - side) / 2, side, side)
        paint_icon(painter, rect, "caret-down", colours.muted if self.isEnabled() else colours.disabled)
        painter.end()


class PasswordField(QLineEdit):
    """A password, hidden until the learner wants to see it."""

    def __init__(self, label: str, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(label)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        if name:
            self.setObjectName(name)
        self._eye = QAction(self)
        self._eye.setObjectName("showPassword")
        self._eye.setCheckable(True)
        self._eye.toggled.connect(self._show)
        self.addAction(self._eye, TRAILING)
        self._tint()

    @Slot(bool)
    def _show(self, shown: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._tint()

    def _tint(self) -> None:
        shown = self._eye.isChecked()
        self._eye.setIcon(icon("eye-slash" if shown else "eye", "muted", 18))
        self._eye.setText(tr("Hide password") if shown else tr("Show password"))

    def changeEvent(self, event: QEvent) -> None:
        """The look changed: the icon follows."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()


class FormField(QWidget):
    """A label above a field, and a line below it for a hint or what is wrong."""

    def __init__(self, label: str, field: QLineEdit, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self._hint = hint
        self._label = Label(label, "strong")
        self._label.setBuddy(field)
        field.setAccessibleName(label)
        self.message = Label(hint, "small", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_4)
        column.addWidget(self._label)
        column.addWidget(field)
        column.addWidget(self.message)
        self.message.setVisible(bool(hint))

    def set_wrong(self, text: str) -> None:
        """Say what is wrong; '' when all is well again."""
        self.message.setText(text or self._hint)
        self.message.set_tone("danger" if text else "muted")
        self.message.setVisible(bool(text or self._hint))
        self.field.setAccessibleDescription(text or self._hint)
        restyle(self.field, tone="danger" if text else "")
