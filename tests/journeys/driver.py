"""A learner's hands and eyes: real mouse, wheel and key events on the real window, waiting for what can be seen.

Clicks and the wheel go to the window as the system would send them: Qt finds out what lies at that point. So a button
that is covered, outside of the window or scrolled away can't be clicked here either.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QPoint, QPointF, QRect, Qt, QTimer
from PySide6.QtGui import QImage, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QApplication, QPushButton, QToolButton, QWidget

W = TypeVar("W", bound=QWidget)
PATIENCE_MS = 30_000
NOTCH = 120
"""One click of a mouse wheel, in eighths of a degree."""
STEADY_LOOKS = 5
"""A page that was just shown is laid out over several turns of the event loop; a look comes at most once a turn."""
ENOUGH_PX = 16
"""So much of a thing must be in sight before somebody aims at it."""


def wait_for(condition: Callable[[], bool], patience_ms: int) -> bool:
    """Let Qt work until ``condition`` holds; False when time is up."""
    if condition():
        return True
    loop = QEventLoop()
    end = QDeadlineTimer(patience_ms)
    look = QTimer(interval=15)
    held = False

    def looked() -> None:
        nonlocal held
        held = held or condition()
        if held or end.hasExpired():
            loop.quit()

    look.timeout.connect(looked)
    look.start()
    loop.exec()
    look.stop()
    return held


class NotSeenError(AssertionError):
    """What a learner would have waited for in vain."""


class Driver:
    """Drives one window. Names are the widgets' object names."""

    def __init__(self, window: QWidget, pictures: Path | None = None) -> None:
        self.window = window
        self._aimed_at: tuple[QWidget, QRect] | None = None
        self._steady = 0
        self.pictures = pictures or (Path(found) if (found := os.environ.get("HAVERSACK_PICTURES")) else None)

    # --- eyes ---------------------------------------------------------------------------------------------------

    def wait(self, condition: Callable[[], bool], what: str, patience_ms: int = PATIENCE_MS) -> None:
        """Let the program run until ``condition`` holds."""
        if not wait_for(condition, patience_ms):
            self.picture("not-seen")
            raise NotSeenError(f"waited {patience_ms} ms for: {what}")

    def _tops(self) -> Iterator[QWidget]:
        yield self.window
        yield from (top for top in QApplication.topLevelWidgets() if top is not self.window and top.isVisible())

    def _visible(self, name: str, kind: type[W]) -> W | None:
        for top in self._tops():
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
        self.wait(lambda: self.sees_a(kind, name), f"{kind.__name__} “{name}” to be visible", patience_ms)
        found = self._visible(name, kind)
        assert found is not None
        return found

    def sees_a(self, kind: type[QWidget], name: str) -> bool:
        """Whether something of this name and kind is visible now."""
        return self._visible(name, kind) is not None

    def find(self, name: str, patience_ms: int = PATIENCE_MS) -> QWidget:
        """The visible widget of this name; waits for it."""
        return self.find_a(QWidget, name, patience_ms)

    def text(self, name: str) -> str:
        """What is written on a widget, or all that is written within it."""
        return " ".join(_texts(self.find(name)))

    def reads(self, name: str, part: str, patience_ms: int = PATIENCE_MS) -> str:
        """Wait until ``part`` is written on a widget; returns all that is written there."""
        self.wait(lambda: self._says(name, part), f"“{part}” on “{name}”", patience_ms)
        return self.text(name)

    def _says(self, name: str, part: str) -> bool:
        found = self._visible(name, QWidget)
        return found is not None and part in " ".join(_texts(found))

    def picture(self, name: str) -> QImage:
        """What the window shows; kept as a file where ``HAVERSACK_PICTURES`` names a folder."""
        image = self.window.grab().toImage()
        if self.pictures is not None:
            self.pictures.mkdir(parents=True, exist_ok=True)
            image.save(str(self.pictures / f"{name}.png"))
        return image

    # --- hands --------------------------------------------------------------------------------------------------

    def click(self, name: str, patience_ms: int = PATIENCE_MS) -> None:
        """Click the middle of a widget, once it is visible and enabled; turns the wheel to get there."""
        self.wait(lambda: self._ready(name), f"“{name}” to be where it can be clicked", patience_ms)
        widget = self.find(name)
        self._press(widget, _hit_point(widget))

    def _ready(self, name: str) -> bool:
        widget = self._visible(name, QWidget)
        if widget is None or not widget.isEnabled():
            return False
        for area in _areas_around(widget):
            viewport = area.viewport()
            here = viewport.mapFromGlobal(widget.mapToGlobal(QPoint()))
            if self._turn_wheel(viewport, QRect(here, widget.size())):
                return False
        return self._stands(widget, widget.rect()) and _lies_open(widget, _hit_point(widget))

    def _stands(self, widget: QWidget, rect: QRect) -> bool:
        """Whether it has been where it is for some looks: nobody hits what is just being laid out."""
        aim = (widget, QRect(widget.mapTo(widget.window(), rect.topLeft()), rect.size()))
        self._steady = self._steady + 1 if aim == self._aimed_at else 1
        self._aimed_at = aim
        return self._steady >= STEADY_LOOKS

    def click_within(self, area: QAbstractScrollArea, rect_of: Callable[[], QRect], what: str) -> None:
        """Click what is painted in a view: ``rect_of`` says where it is in the viewport now; null for not yet."""

        def spot() -> QPoint:
            return rect_of().intersected(area.viewport().rect()).center()

        def ready() -> bool:
            rect, viewport = rect_of(), area.viewport()
            if rect.isNull() or self._turn_wheel(viewport, rect):
                return False
            return self._stands(viewport, rect) and _lies_open(viewport, spot())

        self.wait(ready, f"{what} to be where it can be clicked")
        self._press(area.viewport(), spot())

    def _turn_wheel(self, viewport: QWidget, wanted: QRect) -> bool:
        """One notch nearer to ``wanted`` (in the viewport); False if enough of it is in sight."""
        seen = wanted.intersected(viewport.rect())
        if seen.height() >= min(wanted.height(), max(ENOUGH_PX, viewport.height() // 2)):
            return False
        window = viewport.window()
        # At the edge: in the middle a list or a slider might take the wheel for itself.
        at = viewport.mapTo(window, QPoint(3, viewport.height() // 2))
        up = wanted.top() < 0
        QTest.wheelEvent(window.windowHandle(), QPointF(at), QPoint(0, NOTCH if up else -NOTCH))
        return True

    def _press(self, widget: QWidget, point: QPoint) -> None:
        window = widget.window()
        at = widget.mapTo(window, point)
        QTest.mouseMove(window.windowHandle(), at)
        QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, pos=at)

    def type(self, name: str, text: str, *, instead: bool = False) -> None:
        """Click a field and type into it; ``instead``: in place of what is there."""
        self.click(name)
        field = self.find(name)
        focused = QApplication.focusWidget()
        assert focused is not None, f"“{name}” took no focus"
        assert focused is field or field.isAncestorOf(focused), f"“{name}” took no focus, but {focused}"
        if instead:
            QTest.keySequence(focused, QKeySequence(QKeySequence.StandardKey.SelectAll))
        QTest.keyClicks(focused, text)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key wherever the focus is."""
        QTest.keyClick(self._focused(), key, modifier)

    def keys(self, text: str) -> None:
        """Type wherever the focus is."""
        QTest.keyClicks(self._focused(), text)

    def _focused(self) -> QWidget:
        self.wait(lambda: QApplication.focusWidget() is not None, "something to have the focus")
        focused = QApplication.focusWidget()
        assert focused is not None
        return focused


def _areas_around(widget: QWidget) -> Iterator[QAbstractScrollArea]:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QAbstractScrollArea) and parent.viewport().isAncestorOf(widget):
            yield parent
        parent = parent.parentWidget()


def _hit_point(widget: QWidget) -> QPoint:
    """Where a person would click: the middle of what is visible; at the left end for a box with a long text."""
    seen: QRect = widget.visibleRegion().boundingRect()
    point = seen.center()
    if isinstance(widget, QAbstractButton) and not isinstance(widget, QPushButton | QToolButton):
        point.setX(seen.left() + 10)
    return point


def _lies_open(widget: QWidget, point: QPoint) -> bool:
    """Whether a click there reaches the widget, and not something that covers it."""
    window = widget.window()
    above = QApplication.activePopupWidget() or QApplication.activeModalWidget()
    if above is not None and above != window:
        return False
    # Not ``QApplication.widgetAt``: the screen of the offscreen platform is smaller than the window.
    hit = window.childAt(widget.mapTo(window, point))
    return hit is not None and (hit == widget or widget.isAncestorOf(hit))


def _texts(widget: QWidget) -> list[str]:
    found: list[str] = []
    for part in (widget, *widget.findChildren(QWidget)):
        if part is not widget and not part.isVisible():
            continue
        reader = getattr(part, "text", None) or getattr(part, "toPlainText", None)
        said = reader() if callable(reader) else ""
        # What is painted, and no widget of its own, is told to screen readers: they read the same.
        found += [said if isinstance(said, str) else "", part.accessibleDescription()]
    return [words for words in found if words]
