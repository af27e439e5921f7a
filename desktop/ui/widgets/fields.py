"""Fields to type in."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTime, Signal, Slot
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

from desktop.i18n import locale, tr
from desktop.ui.theme.icons import icon, paint_icon
from desktop.ui.theme.live import tokens
from desktop.ui.theme.tokens import ICON_SMALL, SPACE_4, SPACE_8, SPACE_12
from desktop.ui.widgets.focus import shows_ring
from desktop.ui.widgets.labels import Label, restyle
from desktop.ui.widgets.menu import become_round, cut_corners

QUARTER, DAY = 15, 24 * 60
TRAILING = QLineEdit.ActionPosition.TrailingPosition


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

    def showPopup(self) -> None:  # noqa: N802 (Qt's name)
        """Unfold the list, with round corners as menus have them."""
        popup = self.view().window()
        if not popup.testAttribute(Qt.WidgetAttribute.WA_TranslucentBackground):
            become_round(popup)
        super().showPopup()
        cut_corners(popup)

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


class TimeField(QLineEdit):
    """A time of day, to the minute, typed as people write it; Up and Down go to the next quarter of an hour.

    ``chosen`` is emitted with minutes since midnight, when the learner is done with it and has changed it. What is no
    time is taken back. (Qt's own field for times leaves no room for its text under a style sheet.)
    """

    chosen = Signal(int)

    def __init__(self, label: str, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = label
        self._minute = 0
        self.setAccessibleName(label)
        if name:
            self.setObjectName(name)
        self.editingFinished.connect(self._tell)
        self.show_minute(0)

    def minute(self) -> int:
        """What it says, in minutes since midnight; what it said last while that is no time."""
        found = read_minute(self.text())
        return self._minute if found is None else found

    def show_minute(self, minute: int) -> None:
        """Say a time of day. Nothing that is being typed is taken away."""
        if minute != self._minute or not self.hasFocus():
            self._minute = minute
            self.setText(minute_text(minute))

    @Slot()
    def _tell(self) -> None:
        minute = self.minute()
        self.setText(minute_text(minute))
        if minute != self._minute:
            self._minute = minute
            self.chosen.emit(minute)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down."""
        step = {Qt.Key.Key_Up: QUARTER, Qt.Key.Key_Down: -QUARTER}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        minute = self.minute()
        rest = minute % QUARTER
        self.setText(minute_text((minute + (step if step > 0 or not rest else 0) - rest) % DAY))
        self.selectAll()

    def sizeHint(self) -> QSize:
        """Room for the widest time and a little more."""
        hint = super().sizeHint()
        return QSize(self.fontMetrics().horizontalAdvance(minute_text(22 * 60 + 58)) + 3 * SPACE_12, hint.height())

    def minimumSizeHint(self) -> QSize:
        """As ``sizeHint``."""
        return self.sizeHint()


def minute_text(minute: int) -> str:
    """A time of day as the locale writes it: ``22:00``."""
    known = locale()
    return known.toString(QTime(minute // 60 % 24, minute % 60), known.timeFormat(known.FormatType.ShortFormat))


def read_minute(text: str) -> int | None:
    """Minutes since midnight of a time as it may be typed: ``22:15``, ``2215``, ``22.15``, ``7``, ``10:15 pm``.

    None for what is none."""
    plain = text.strip()
    known = locale()
    formats = (known.timeFormat(known.FormatType.ShortFormat), "H:m", "H.m", "HHmm", "H", "h:m ap", "h ap")
    for form in formats:
        found = known.toTime(plain, form)
        if found.isValid():
            return found.hour() * 60 + found.minute()
    return None


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
