"""Readings, and the texts of assignments, tools, surveys and discussions."""

from __future__ import annotations

import functools
from pathlib import Path

from desktop.models import state
from desktop.models.blobs import blob_path
from desktop.models.store import Store
from desktop.models.views import ReadingView
from desktop.services.course_state import item_versions
from desktop.services.courses import place_of
from desktop.services.lost_files import note_lost
from protocol.manifest import Item

TEXTS = ("p", "div", "span", "td", "th", "h1", "h2", "h3", "h4", "li", "ol", "ul", "table", "code", "pre", "bdo")
SCHEMES = {"https", "http", "mailto", "asset"}


@functools.cache
def _attributes() -> dict[str, set[str]]:
    import nh3

    found = {name: set(names) for name, names in nh3.ALLOWED_ATTRIBUTES.items()}
    for name in TEXTS:
        found.setdefault(name, set()).update({"dir", "lang", "align", "class"})
    return found


def clean_html(html: str) -> str:
    """The server sanitizes what it sends; a wrong or hostile server must not matter either."""
    import nh3  # a library of its own that no start has to wait for

    return nh3.clean(html, attributes=_attributes(), url_schemes=SCHEMES, link_rel="noopener noreferrer")


class Readings:
    """Items that are read."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def view(self, item_id: str) -> ReadingView:
        """The text of an item; ``html`` is None until it is on this computer. A text that a new version replaces is
        the one to read until the new one is here.

        Raises:
            Problem: ``not_found``, ``not_enrolled``.
        """
        with self._store.read() as connection:
            place = place_of(self._store, connection, item_id)
            versions = [item for item, _ in item_versions(self._store, connection, item_id)]
            item = next((one for one in versions if state.ready_blobs(connection, _text_of(one)[:1])), versions[0])
            text, pictures = _text_of(item)
            ready = state.ready_blobs(connection, [text, *pictures])
            direction = item.reading.text_direction if item.reading else "ltr"
        html = read_blob(self._store, text) if text in ready else None
        if html is None and text in ready:
            note_lost(self._store, {text: -1})
        return ReadingView(
            place=place,
            html=clean_html(html.decode("utf-8", "replace")) if html is not None else None,
            direction=direction,
            pictures=picture_files(self._store, pictures, ready),
        )


def _text_of(item: Item) -> tuple[str, tuple[str, ...]]:
    """The blob that holds the words of an item, empty when it has none; and the pictures among the words."""
    text = item.reading or item.assignment or item.tool
    return (text.asset, text.pictures) if text else ("", ())


def read_blob(store: Store, sha256: str) -> bytes | None:
    """The bytes of a small blob, None when the file, or the drive that it is on, is not there."""
    if not store.content.readable:
        return None
    try:
        return blob_path(store.assets, sha256).read_bytes()
    except OSError:
        return None


def picture_files(store: Store, pictures: tuple[str, ...], ready: set[str]) -> dict[str, Path]:
    """By address in the text (``asset:<sha256>``), the files that are here."""
    if not store.content.readable:
        return {}
    return {f"asset:{sha256}": blob_path(store.assets, sha256) for sha256 in pictures if sha256 in ready}
