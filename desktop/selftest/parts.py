"""What can be looked at without playing anything. Each part imports what it looks at, so that what a package lacks
is a failure of that part and not of the whole."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QGuiApplication, QImage, QPainter

from desktop.selftest.report import INCOMPLETE, Finding, bad, good

LETTERS = "agW8é"
PICTURE_SIDE = 64


def check_store() -> Finding:
    """A learner's database is made, migrated from nothing, written to, searched and closed, in a folder of its own."""
    from desktop.clock import SystemClock
    from desktop.errors import Problem
    from desktop.models.opening import migrate, open_store

    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="haversack-selftest-") as name:
        folder = Path(name)
        try:
            store, _ = open_store(folder / "learner", SystemClock(), folder / "assets")
            try:
                with store.write(set()) as connection:
                    version = connection.exec_driver_sql("SELECT sqlite_version()").scalar()
                    connection.exec_driver_sql("CREATE VIRTUAL TABLE selftest USING fts5(line, tokenize='unicode61')")
                    connection.exec_driver_sql("INSERT INTO selftest VALUES ('the second line'), ('another')")
                    found = connection.exec_driver_sql("SELECT line FROM selftest WHERE selftest MATCH 'sec*'").all()
            finally:
                store.close()
            migrate(folder / "migrated.db")
        except Problem as problem:
            return bad("store", f"{problem.text} {problem.detail}", problem.way_out)
    if [tuple(row) for row in found] != [("the second line",)]:
        return bad("store", f"SQLite {version} does not find what was written: {found}")
    took_ms = (time.monotonic() - started) * 1000
    return good("store", f"SQLite {version} with full-text search; made, migrated and closed in {took_ms:.0f} ms")


def check_text() -> Finding:
    """Letters are drawn as letters: without a font Qt draws the same box for each, and says nothing."""
    family = QFontInfo(QGuiApplication.font()).family()
    drawn = [_drawn(letter) for letter in LETTERS]
    if len(set(drawn)) == len(LETTERS) and _drawn(" ") not in drawn:
        count = len(QFontDatabase.families())
        return good("text", f"{family}, of {count} font {'family' if count == 1 else 'families'}")
    return bad(
        "text",
        "letters are drawn as empty boxes: there is no font",
        "Install one, on Debian and Ubuntu: sudo apt-get install fonts-dejavu-core",
        "On Fedora: sudo dnf install dejavu-sans-fonts",
    )


def _drawn(text: str) -> bytes:
    image = QImage(PICTURE_SIDE, PICTURE_SIDE, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.white)
    font = QFont(QGuiApplication.font())
    font.setPixelSize(PICTURE_SIDE // 2)
    painter = QPainter(image)
    painter.setFont(font)
    painter.setPen(Qt.GlobalColor.black)
    painter.drawText(image.rect(), Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return pixels(image)


def check_icons() -> Finding:
    """The icons' font is there and draws different things."""
    from desktop.ui.theme.icons import KIND_ICONS, icon_pixmap, known

    unknown = [name for name in KIND_ICONS.values() if not known(name)]
    drawn = {pixels(icon_pixmap(name, PICTURE_SIDE, "#ffffff").toImage()) for name in KIND_ICONS.values()}
    if unknown or len(drawn) < len(KIND_ICONS):
        said = f"not in the set: {', '.join(unknown)}" if unknown else "they all look the same"
        return bad("icons", said, INCOMPLETE)
    return good("icons", f"{len(drawn)} looked at")


def pixels(image: QImage) -> bytes:
    """The greys of an image, black where it is transparent: equal bytes are the same picture.

    Lines are padded to four bytes with whatever lay in memory; up to three columns are left out instead.
    """
    even = image.copy(0, 0, image.width() & ~3, image.height())
    grey = even.convertToFormat(QImage.Format.Format_Grayscale8)
    # A name of its own: the view does not keep the image's memory alive.
    return bytes(grey.constBits())
