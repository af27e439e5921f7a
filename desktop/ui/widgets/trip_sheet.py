"""How the parts of packing for a trip stand together: what to choose above its foot, or the trip above its check."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.i18n import tr
from desktop.ui.theme.live import tokens
from desktop.ui.theme.tokens import PAGE_WIDTH, SPACE_12, SPACE_16, SPACE_24
from desktop.ui.widgets.scroll import PageScroll
from desktop.ui.widgets.surfaces import SectionHeader
from desktop.ui.widgets.trip_check import TripCheck
from desktop.ui.widgets.trip_choice import TripChoice, TripFoot
from desktop.ui.widgets.trip_packed import TripPacked

ROOM_FOR_FOOT = 360
"""Pixels at 100 % text. In less height the foot scrolls with the rest, which would else have no room."""


class TripSheet(QWidget):
    """The four parts, of which the first two are seen or the others."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice = TripChoice()
        self.foot = TripFoot()
        self.packed = TripPacked()
        self.check = TripCheck()
        weeks_header = SectionHeader(tr("Packed"))
        self._area = PageScroll()
        self._area.body.setSpacing(SPACE_16)
        for part in (self.choice, self.packed, self.check, weeks_header, self.packed.weeks):
            self._area.body.addWidget(part)
        self._foot_row = QWidget()
        self._row = QHBoxLayout(self._foot_row)
        self._row.addStretch(1)
        self._row.addWidget(self.foot, 1000)
        self._row.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._area, 1)
        self._stays: bool | None = None
        self._of_choice = (self.choice, self._foot_row)
        self._of_trip = (self.packed, self.check, weeks_header, self.packed.weeks)
        self._place_foot()
        self._show(())

    def show_choice(self) -> None:
        """There is no trip: what to choose."""
        self._show(self._of_choice)

    def show_trip(self) -> None:
        """There is one."""
        self._show(self._of_trip)

    def _show(self, wanted: tuple[QWidget, ...]) -> None:
        for part in (*self._of_choice, *self._of_trip):
            part.setVisible(part in wanted)

    def _place_foot(self) -> None:
        self.foot.setMaximumWidth(tokens().scaled(PAGE_WIDTH))
        stays = self.height() >= tokens().scaled(ROOM_FOR_FOOT)
        if stays == self._stays:
            return
        self._stays = stays
        seen = not self._foot_row.isHidden()
        if stays:
            self._row.setContentsMargins(SPACE_24, SPACE_12, SPACE_24, SPACE_12)
            self._column.addWidget(self._foot_row)
        else:
            self._row.setContentsMargins(0, 0, 0, 0)
            self._area.body.insertWidget(1, self._foot_row)
        self._foot_row.setVisible(seen)  # whoever gets another parent is hidden

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There is more room, or less."""
        super().resizeEvent(event)
        self._place_foot()

    def changeEvent(self, event: QEvent) -> None:
        """The text's size changed, and with it what has room."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_of_trip"):
            self._place_foot()
