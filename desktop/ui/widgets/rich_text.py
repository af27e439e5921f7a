"""Sanitized HTML as people like to read it, within what Qt's rich text can do.

The store hands out sanitized HTML; ``prepared`` rewrites what Qt draws badly: pictures are kept within the column and
replaced by their description when they are not here, tables get a border around every cell, ``pre`` becomes a table of
one cell (Qt gives it no ground otherwise). ``RichText`` is a page to read, ``RichLabel`` a text within a form.
"""

from __future__ import annotations

import html as entities
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, QUrl
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QDesktopServices,
    QImage,
    QImageReader,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QTextDocument,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.i18n import tr
from desktop.ui.theme.live import font, tokens
from desktop.ui.theme.tokens import TYPE_BODY

WEB_SCHEMES = frozenset({"http", "https"})
CODE_SIZE = 0.88
"""Of letters of code, as a share of the text's."""
_VOID = frozenset({"img", "br", "hr", "col", "wbr"})


class _Preparer(HTMLParser):
    """Writes what it reads, with the changes the module names."""

    def __init__(self, pictures: Mapping[str, Path], widest: int) -> None:
        super().__init__(convert_charrefs=False)
        self._pictures = pictures
        self._widest = widest
        self.out: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "img":
            self.out.append(self._picture(given))
            return
        if tag == "pre":
            ground = tokens().colours.sunken
            self.out.append(
                f'<table width="100%" cellspacing="0" cellpadding="10" border="0"><tr><td bgcolor="{ground}"><pre>'
            )
            return
        if tag == "table":
            given |= {"border": "0", "cellspacing": "0", "cellpadding": "6"}
            given["style"] = f"{given.get('style', '')} border-collapse: collapse;".strip()
        elif tag in ("td", "th"):
            border = f"border: 1px solid {tokens().colours.border_strong};"
            given["style"] = f"{given.get('style', '')} {border}".strip()
            if tag == "th":
                given.setdefault("bgcolor", tokens().colours.sunken)
        written = "".join(f' {name}="{entities.escape(value)}"' for name, value in given.items())
        self.out.append(f"<{tag}{written}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "pre":
            self.out.append("</pre></td></tr></table>")
        elif tag not in _VOID:
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.out.append(entities.escape(data, quote=False))

    def handle_entityref(self, name: str) -> None:
        self.out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.out.append(f"&#{name};")

    def _picture(self, given: dict[str, str]) -> str:
        source = given.get("src", "")
        path = self._pictures.get(source)
        size = QImageReader(str(path)).size() if path is not None else QSize()
        if not size.isValid() or size.isEmpty():
            said = given.get("alt", "").strip()
            words = tr("[picture: {text}]", text=said) if said else tr("[picture that is not here]")
            return f"<i>{entities.escape(words)}</i>"
        wanted = int(given["width"]) if given.get("width", "").isdigit() else size.width()
        width = max(1, min(wanted, self._widest, 4000))
        height = max(1, round(width * size.height() / size.width()))
        return f'<img src="{entities.escape(source)}" width="{width}" height="{height}">'


def prepared(html: str, pictures: Mapping[str, Path], widest: int) -> str:
    """``html`` for ``QTextDocument.setHtml``; ``widest`` is the column in pixels."""
    preparer = _Preparer(pictures, widest)
    preparer.feed(html)
    preparer.close()
    return "".join(preparer.out)


def document_style(size: int) -> str:
    """The default style sheet of a document, from the look of this moment; ``size`` of its letters in pixels.

    Code is a little smaller (its letters are wide) and wraps where a line is longer than the column: the page would
    have to be scrolled sideways otherwise, all of it.
    """
    colours = tokens().colours
    return (
        f"a {{ color: {colours.accent}; }}"
        f" pre, code, kbd, samp, tt {{ font-family: monospace; font-size: {max(8, round(size * CODE_SIZE))}px; }}"
        f" pre {{ white-space: pre-wrap; margin: 0; }}"
        f" blockquote {{ color: {colours.muted}; margin-left: 16px; }}"
    )


def plain_text(html: str) -> str:
    """The words of a text, for screen readers and lists."""
    document = QTextDocument()
    document.setHtml(html)
    return " ".join(document.toPlainText().replace("\ufffc", " ").split())


def open_link(url: QUrl) -> None:
    """Show a page in the system's browser. Only the web: a reading cannot start programs or open files."""
    if url.scheme().lower() in WEB_SCHEMES:
        QDesktopServices.openUrl(url)


class PictureDocument(QTextDocument):
    """A document whose pictures are found by the addresses the view gives them, and from nowhere else."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pictures: Mapping[str, Path] = {}

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """A picture that is here; nothing is ever fetched, whatever the text asks for."""
        address = name.toString() if isinstance(name, QUrl) else name
        path = self.pictures.get(address)
        if path is not None and kind == QTextDocument.ResourceType.ImageResource.value:
            return QImage(str(path))
        return None


class RichLabel(QWidget):
    """A text of a form: as high as it needs for its width, no scroll bars, links open in the browser.

    With ``passive`` clicks go through to what is below: the row of an option is clicked as a whole.
    """

    def __init__(
        self,
        html: str,
        pictures: Mapping[str, Path],
        *,
        size: int = TYPE_BODY,
        role: str = "text",
        passive: bool = False,
        parent: QWidget | None = None,
        open_address: Callable[[QUrl], None] = open_link,
    ) -> None:
        super().__init__(parent)
        self._html, self._pictures, self._size, self._role = html, pictures, size, role
        self._open = open_address
        self._document = PictureDocument(self)
        self._document.pictures = pictures
        self._document.setDocumentMargin(0)
        self._width = 0
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, passive)
        self.setMouseTracking(not passive)
        self._fill(600)

    def text(self) -> str:
        """The words."""
        return " ".join(self._document.toPlainText().replace("\ufffc", " ").split())

    def _fill(self, width: int) -> None:
        self._width = width
        self._document.setDefaultFont(font(self._size))
        self._document.setDefaultStyleSheet(document_style(self._document.defaultFont().pixelSize()))
        self._document.setHtml(prepared(self._html, self._pictures, max(40, width)))
        self._document.setTextWidth(width)
        self.setAccessibleName(self.text())

    def hasHeightForWidth(self) -> bool:
        """Yes."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of the wrapped text."""
        if width != self._width:
            if "<img" in self._html:
                self._fill(width)
            self._width = width
            self._document.setTextWidth(width)
        return int(self._document.size().height()) + 1

    def sizeHint(self) -> QSize:
        """As wide as the text wants to be, up to a comfortable line."""
        width = min(600, int(self._document.idealWidth()) + 2)
        return QSize(width, self.heightForWidth(self._width or width))

    def minimumSizeHint(self) -> QSize:
        """It wraps as narrow as need be."""
        return QSize(60, 16)

    def changeEvent(self, event: QEvent) -> None:
        """The look changed: colours and sizes in the text follow."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._fill(self._width)
            self.updateGeometry()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open a link."""
        address = self._document.documentLayout().anchorAt(event.position())
        if address:
            self._open(QUrl(address))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand over links."""
        linked = bool(self._document.documentLayout().anchorAt(event.position()))
        self.setCursor(Qt.CursorShape.PointingHandCursor if linked else Qt.CursorShape.ArrowCursor)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the text."""
        self.heightForWidth(self.width())
        context = QAbstractTextDocumentLayout.PaintContext()
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Text, getattr(tokens().colours, self._role))
        context.palette = palette
        painter = QPainter(self)
        self._document.documentLayout().draw(painter, context)
        painter.end()
