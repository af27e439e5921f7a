"""Where Tab leads: in the order in which things are laid out, which is the order in which they are read.

Qt goes by the order in which widgets were made. Pages are made when they are first shown, and most of what stands on
them when its data has come: by Qt's order the status bar would come before the page, and later weeks after the info.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QWidget


def tab_stops(root: QWidget, current: QWidget | None = None) -> list[QWidget]:
    """What Tab stops at within ``root``, in reading order. ``current`` is listed even if it is no stop any more."""
    found: list[QWidget] = []
    _visit(root, current, found)
    return found


def next_stop(root: QWidget, current: QWidget | None, *, forward: bool) -> QWidget | None:
    """The stop after ``current`` or before it, round the ends; None if there is no other."""
    stops = tab_stops(root, current)
    others = [stop for stop in stops if stop is not current]
    if not others:
        return None
    if current is None or current not in stops:
        return others[0 if forward else -1]
    return stops[(stops.index(current) + (1 if forward else -1)) % len(stops)]


def bring_into_view(widget: QWidget) -> None:
    """Scroll what lies around ``widget`` so that it is seen."""
    area = widget.parentWidget()
    while area is not None:
        if isinstance(area, QScrollArea):
            area.ensureWidgetVisible(widget)
        area = area.parentWidget()


def _visit(widget: QWidget, current: QWidget | None, found: list[QWidget]) -> None:
    holds_current = current is not None and (widget is current or widget.isAncestorOf(current))
    if not widget.isVisible() and not holds_current:
        return
    if widget is current or _is_stop(widget):
        found.append(widget)
    for child in _children(widget):
        _visit(child, current, found)


def _is_stop(widget: QWidget) -> bool:
    by_tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus
    return by_tab and widget.isEnabled() and widget.focusProxy() is None


def _children(widget: QWidget) -> Iterator[QWidget]:
    """Those in the layout in its order, then the others by where they stand: line by line."""
    layout = widget.layout()
    laid_out = list(_laid_out(layout)) if layout is not None else []
    known = {id(child) for child in laid_out}
    yield from laid_out
    others = [child for child in widget.children() if isinstance(child, QWidget) and not child.isWindow()]
    towards = -1 if widget.layoutDirection() == Qt.LayoutDirection.RightToLeft else 1
    yield from sorted(
        (child for child in others if id(child) not in known), key=lambda child: (child.y(), towards * child.x())
    )


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    for number in range(layout.count()):
        item = layout.itemAt(number)
        if item is None:
            continue
        inner, widget = item.layout(), item.widget()
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _laid_out(inner)
