"""A learner's hands and eyes: real mouse and key events on the real window, waiting for what can be seen."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

W = TypeVar("W", bound=QWidget)
PATIENCE_MS = 15_000


def wait_for(condition: Callable[[], bool], patience_ms: int) -> bool:
    """Let Qt work until ``condition`` holds; False when time is up."""
    if condition():
        return True
    loop = QEventLoop()
    end = QDeadlineTimer(patience_ms)
    look = QTimer(interval=15)
    look.timeout.connect(lambda: loop.quit() if condition() or end.hasExpired() else None)
    look.start()
    loop.exec()
    look.stop()
    return condition()


class NotSeenError(AssertionError):
    """What a learner would have waited for in vain."""


class Driver:
    """Drives one window. Names are the widgets' object names."""

    def __init__(self, window: QWidget, pictures: Path | None = None) -> None:
        self.window = window
        self.pictures = pictures or (Path(found) if (found := os.environ.get("HAVERSACK_PICTURES")) else None)

    def wait(self, condition: Callable[[], bool], what: str, patience_ms: int = PATIENCE_MS) -> None:
        """Let the program run until ``condition`` holds."""
        if not wait_for(condition, patience_ms):
            self.picture("not-seen")
            raise NotSeenError(f"waited {patience_ms} ms for: {what}")

    def _visible(self, name: str, kind: type[W]) -> W | None:
        for widget in self.window.findChildren(kind, name):
            if widget.isVisible():
                return widget
        for top in QApplication.topLevelWidgets():
            if top is not self.window and top.isVisible():
                if top.objectName() == name and isinstance(top, kind):
                    return top
                for widget in top.findChildren(kind, name):
                    if widget.isVisible():
                        return widget
        return None

    def sees(self, name: str) -> bool:
        """Whether something of this name is visible now."""
        return self._visible(name, QWidget) is not None

    def find_a(self, kind: type[W], name: str, patience_ms: int = PATIENCE_MS) -> W:
        """The visible widget of this kind and name; waits for it."""
        self.wait(lambda: self._visible(name, kind) is not None, f"{kind.__name__} “{name}” to be visible", patience_ms)
        found = self._visible(name, kind)
        assert found is not None
        return found

    def find(self, name: str, patience_ms: int = PATIENCE_MS) -> QWidget:
        """The visible widget of this name; waits for it."""
        return self.find_a(QWidget, name, patience_ms)

    def _bring_into_view(self, widget: QWidget) -> None:
        parent = widget.parentWidget()
        while parent is not None:
            if isinstance(parent, QScrollArea):
                parent.ensureWidgetVisible(widget)
            parent = parent.parentWidget()

    def click(self, name: str, patience_ms: int = PATIENCE_MS) -> None:
        """Click the middle of a widget, once it is visible and enabled, scrolled into view."""
        widget = self.find(name, patience_ms=patience_ms)
        self.wait(lambda: widget.isEnabled(), f"“{name}” to be enabled", patience_ms)
        self.wait(lambda: self._reachable(widget), f"“{name}” to be where it can be clicked", patience_ms)
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=self._hit_point(widget))

    def _reachable(self, widget: QWidget) -> bool:
        """Scroll to it, as a person would; a page that was just shown may still be laid out."""
        self._bring_into_view(widget)
        return not widget.visibleRegion().isEmpty()

    def _hit_point(self, widget: QWidget) -> QPoint:
        """Where a person would click: the middle of what is visible; at the left end for a box with a long text."""
        seen: QRect = widget.visibleRegion().boundingRect()
        point = seen.center()
        if (
            widget.inherits("QAbstractButton")
            and not widget.inherits("QPushButton")
            and not widget.inherits("QToolButton")
        ):
            point.setX(seen.left() + 10)
        return point

    def type(self, name: str, text: str) -> None:
        """Click a field and type into it."""
        widget = self.find(name)
        self._bring_into_view(widget)
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=widget.rect().center())
        QTest.keyClicks(widget, text)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key wherever the focus is."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    def text(self, name: str) -> str:
        """What is written on a widget, or all that is written within it."""
        widget = self.find(name)
        return " ".join(_texts(widget))

    def picture(self, name: str) -> QImage:
        """What the window shows; kept as a file where ``HAVERSACK_PICTURES`` names a folder."""
        image = self.window.grab().toImage()
        if self.pictures is not None:
            self.pictures.mkdir(parents=True, exist_ok=True)
            image.save(str(self.pictures / f"{name}.png"))
        return image


def _texts(widget: QWidget) -> list[str]:
    found: list[str] = []
    for part in (widget, *widget.findChildren(QWidget)):
        if part is not widget and not part.isVisible():
            continue
        reader = getattr(part, "text", None) or getattr(part, "toPlainText", None)
        said = reader() if callable(reader) else ""
        if isinstance(said, str) and said:
            found.append(said)
    return found
