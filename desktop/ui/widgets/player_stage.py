"""The picture with what lies on it: a word about resuming, or the state that stands in its place.

Object names: ``video`` (the picture), ``resumeNote``, ``startOver``, ``bigPlay``.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from desktop.errors import Problem
from desktop.i18n import clock_text, tr
from desktop.ui.theme.icons import paint_icon
from desktop.ui.theme.live import tokens
from desktop.ui.theme.tokens import SPACE_4, SPACE_8, SPACE_12, SPACE_16
from desktop.ui.widgets.buttons import Button, IconButton
from desktop.ui.widgets.labels import Label
from desktop.ui.widgets.states import StateView
from desktop.ui.widgets.surfaces import Card
from desktop.ui.widgets.video import VideoSurface

BIG_SIGN = 72


class BigPlay(QWidget):
    """A large sign on a picture that stands: click anywhere to play, or to play again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bigPlay")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._again = False
        self.resize(BIG_SIGN, BIG_SIGN)
        self.hide()

    def show_again(self, *, again: bool) -> None:
        """Whether playing begins anew."""
        self._again = again
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A triangle, or an arrow that turns back, in a disc."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens().colours.accent))
        painter.drawEllipse(self.rect())
        edge = self.width() * 0.28
        inner = QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)
        sign = "arrow-counter-clockwise-bold" if self._again else "play-fill"
        paint_icon(painter, inner, sign, tokens().colours.on_accent)
        painter.end()


class ResumeNote(Card):
    """``Continues at 3:12`` with *Start over*. Emits ``start_over``."""

    start_over = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=SPACE_8)
        self.setObjectName("resumeNote")
        self._text = Label("", "body", wrap=False)
        over = Button(tr("Start over"), "quiet", "arrow-counter-clockwise", name="startOver")
        close = IconButton("x", tr("Dismiss"))
        over.clicked.connect(self.start_over)
        over.clicked.connect(self.hide)
        close.clicked.connect(self.hide)
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        row.addSpacing(SPACE_4)
        row.addWidget(self._text)
        row.addWidget(over)
        row.addWidget(close)
        self.body.addLayout(row)
        self.hide()

    def show_at(self, position_ms: int) -> None:
        """Say where it goes on."""
        self._text.setText(tr("Continues at {time}", time=clock_text(position_ms)))
        self.show()
        self.adjustSize()
        self.move(SPACE_12, SPACE_12)
        self.raise_()


class _Margin(QVBoxLayout):
    """Room around something that takes none while that is hidden; Qt's own layouts keep their margins."""

    def sizeHint(self) -> QSize:
        return QSize(0, 0) if self.isEmpty() else super().sizeHint()

    def minimumSize(self) -> QSize:  # noqa: N802 (Qt's name)
        return QSize(0, 0) if self.isEmpty() else super().minimumSize()


class PlayerStage(QWidget):
    """Picture, controls and the note that is being written: what full screen shows.

    Signals: ``clicked`` and ``double_clicked`` on the picture.
    """

    clicked = Signal()
    double_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("playerStage")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.surface = VideoSurface()
        self.surface.setObjectName("video")
        self.surface.setAccessibleName(tr("Video"))
        self.surface.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.surface.setMinimumWidth(240)
        self.big_play = BigPlay(self.surface)
        self.resume = ResumeNote(self.surface)
        self.state = StateView()
        self._picture = QWidget()
        self._stack = QStackedLayout(self._picture)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self.surface)
        self._stack.addWidget(self.state)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.column.addWidget(self._picture, 1)
        self.surface.installEventFilter(self)
        self._picture.installEventFilter(self)
        self._controls: QWidget | None = None
        self._over_picture = False
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def add_controls(self, controls: QWidget) -> None:
        """Put the controls below the picture."""
        self._controls = controls
        self.column.addWidget(controls)

    def lay_controls_over(self, *, over: bool) -> None:
        """Whether the controls lie on the picture's lower edge, so that it stays as it is when they come and go."""
        controls = self._controls
        if controls is None or over == self._over_picture:
            return
        self._over_picture = over
        self.column.removeWidget(controls)
        controls.setAutoFillBackground(over)
        if over:
            self._place_controls()
            controls.raise_()
        else:
            self.column.insertWidget(1, controls)
        self.show_controls(shown=True)

    def show_controls(self, *, shown: bool) -> None:
        """Show or hide the controls, and the pointer with them."""
        if self._controls is not None:
            self._controls.setVisible(shown)
        if shown:
            self.unsetCursor()
        else:
            self.setCursor(Qt.CursorShape.BlankCursor)

    def _place_controls(self) -> None:
        if self._controls is not None and self._over_picture:
            room, height = self._picture.geometry(), self._controls.sizeHint().height()
            self._controls.setGeometry(room.left(), room.bottom() + 1 - height, room.width(), height)

    def add_below(self, widget: QWidget, margin: int = 0) -> None:
        """Put a widget below the picture."""
        if margin:
            row = _Margin()
            row.setContentsMargins(SPACE_16, 0, SPACE_16, margin)
            row.addWidget(widget)
            self.column.addLayout(row)
        else:
            self.column.addWidget(widget)

    def set_least_height(self, height: int) -> None:
        """The picture is at least so high, in pixels."""
        self._picture.setMinimumHeight(height)

    def shows_picture(self) -> bool:
        """Whether the picture is what is seen."""
        return self._stack.currentWidget() is self.surface

    def show_picture(self) -> None:
        """There is something to see."""
        self._stack.setCurrentWidget(self.surface)

    def show_loading(self, text: str) -> None:
        """It is on its way."""
        self.state.show_state("", text)
        self._stack.setCurrentWidget(self.state)

    def show_state(
        self, icon_name: str, title: str, text: str, action_text: str = "", action: Callable[[], None] | None = None
    ) -> None:
        """In place of the picture: what is missing, and the one action that helps."""
        self.state.show_state(icon_name, title, text, action_text, action)
        self._stack.setCurrentWidget(self.state)

    def show_problem(
        self, problem: Problem, more: str = "", action_text: str = "", action: Callable[[], None] | None = None
    ) -> None:
        """In place of the picture: what went wrong."""
        hint = " ".join(part for part in (tr(problem.way_out) if problem.way_out else "", more) if part)
        self.show_state("warning-circle", tr(problem.text), hint, action_text, action)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Clicks on the picture; what lies on it keeps its place."""
        if watched is self._picture and event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place_controls()
        if watched is self.surface:
            if event.type() == QEvent.Type.Resize:
                centre = self.surface.rect().center()
                side = max(36, min(BIG_SIGN, round(self.surface.height() * 0.4)))
                self.big_play.resize(side, side)
                self.big_play.move(centre.x() - self.big_play.width() // 2, centre.y() - self.big_play.height() // 2)
            elif isinstance(event, QMouseEvent) and event.button() == Qt.MouseButton.LeftButton:
                if event.type() == QEvent.Type.MouseButtonRelease:
                    self.clicked.emit()
                elif event.type() == QEvent.Type.MouseButtonDblClick:
                    self.double_clicked.emit()
        return super().eventFilter(watched, event)


class FullScreen(QWidget):
    """A window that shows the stage alone. Emits ``left`` at Escape, and when it is closed from outside.

    The stage moves from layout to layout and never becomes a window itself: not every platform can take that back.
    """

    left = Signal()

    def __init__(self, stage: PlayerStage) -> None:
        super().__init__()
        self.setObjectName("fullScreen")
        self.setWindowTitle(tr("Lecture"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(stage)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves, whatever has the focus."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Back into the page: the lecture goes on there."""
        event.ignore()
        self.left.emit()
