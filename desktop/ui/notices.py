"""The one place that speaks to the learner: a line per topic under the header, never a dialog."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.i18n import tr
from desktop.ui.desk import Notice
from desktop.ui.theme.tokens import ICON_MEDIUM, SPACE_4, SPACE_8, SPACE_12, SPACE_16
from desktop.ui.widgets.buttons import Button, IconButton
from desktop.ui.widgets.labels import IconLabel, Label
from desktop.ui.widgets.layouts import margins
from desktop.ui.widgets.surfaces import TONE_ICONS, Card

SHOWN_MS = 6_000
SHOWN_WITH_ACTION_MS = 12_000
MOST = 3
"""More lines than this would push the page away; the oldest goes first."""

TONES = {"info": "accent", "success": "success", "warning": "warning", "error": "danger"}


class NoticeLine(Card):
    """One notice. It goes by itself, unless it is an error or is to stay. ``closed`` is emitted when it goes."""

    closed = Signal()

    def __init__(self, notice: Notice, parent: QWidget | None = None) -> None:
        tone = TONES.get(notice.level, "accent")
        super().__init__(parent, margin=SPACE_4, fill=f"{tone}_soft", edge=f"{tone}_soft")
        self.notice = notice
        self.setObjectName(f"notice-{notice.topic}")
        self.text = Label(notice.text)
        row = QHBoxLayout()
        row.setContentsMargins(margins(SPACE_8, 0, 0, 0))
        row.setSpacing(SPACE_12)
        row.addWidget(IconLabel(TONE_ICONS[tone], role=tone))
        row.addWidget(self.text, 1)
        if notice.action_text and notice.action is not None:
            button = Button(notice.action_text, "quiet", name="noticeAction")
            button.setProperty("tone", "accent")
            button.clicked.connect(notice.action)
            button.clicked.connect(self.close_line)
            row.addWidget(button)
        close = IconButton("x", tr("Dismiss"), "noticeDismiss", ICON_MEDIUM)
        close.clicked.connect(self.close_line)
        row.addWidget(close)
        self.body.addLayout(row)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.close_line)
        if notice.level != "error" and not notice.stays:
            self._timer.start(SHOWN_WITH_ACTION_MS if notice.action_text else SHOWN_MS)

    def closes_by_itself(self) -> bool:
        """Whether it goes after a while without anybody dismissing it."""
        return self._timer.isActive()

    @Slot()
    def close_line(self) -> None:
        """It was read."""
        self._timer.stop()
        self.hide()
        self.closed.emit()
        self.deleteLater()


class NoticeArea(QFrame):
    """The lines that are shown now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(SPACE_16, SPACE_8, SPACE_16, 0)
        self._column.setSpacing(SPACE_4)
        self.setVisible(False)

    def lines(self) -> list[NoticeLine]:
        """What is shown, oldest first."""
        found = self.findChildren(NoticeLine, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return [line for line in found if not line.isHidden()]

    @Slot(object)
    def post(self, notice: Notice) -> None:
        """Show a notice in place of an earlier one of its topic, and tell screen readers."""
        for line in self.lines():
            if line.notice.topic == notice.topic:
                line.close_line()
        for line in self.lines()[: -(MOST - 1)]:
            line.close_line()
        line = NoticeLine(notice, self)
        line.closed.connect(self._settle)  # at once: an empty area would push the next page down for a moment
        self._column.addWidget(line)
        line.show()
        self.setVisible(True)
        from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent  # large; the first paint has no notice

        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, notice.text))

    @Slot(str)
    def withdraw(self, topic: str) -> None:
        """What was said of this topic holds no longer."""
        for line in self.lines():
            if line.notice.topic == topic:
                line.close_line()

    @Slot()
    def _settle(self) -> None:
        if not self.lines():
            self.setVisible(False)
