"""What a text needs beside itself: pictures of the course, and what lies on other sites."""

from __future__ import annotations

from html.parser import HTMLParser


class HtmlNeeds(HTMLParser):
    """``pictures`` are hashes of files of the course; the others are counted."""

    EMBEDS = frozenset({"iframe", "object", "embed", "video", "audio"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pictures: set[str] = set()
        self.web_pictures = 0
        self.embedded = 0
        self.links = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note it."""
        values = dict(attrs)
        source = (values.get("src") or values.get("data") or "").strip()
        if tag == "img":
            if source.startswith("asset:"):
                self.pictures.add(source.removeprefix("asset:"))
            elif source.startswith(("http:", "https:", "//")):
                self.web_pictures += 1
        elif tag in self.EMBEDS:
            self.embedded += 1
        elif tag == "a" and (values.get("href") or "").startswith(("http:", "https:")):
            self.links += 1


def read_html(text: str) -> HtmlNeeds:
    """Of a text."""
    found = HtmlNeeds()
    found.feed(text)
    found.close()
    return found
