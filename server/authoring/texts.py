"""Markdown and HTML of authors to sanitized HTML whose pictures are assets."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt

from server.authoring.mathematics import keep_mathematics
from server.authoring.mistakes import Report

_TAGS = nh3.ALLOWED_TAGS - {"area", "map", "nav"} | {"section", "tfoot"}
_ATTRIBUTES = {
    "*": {"dir", "lang", "title", "id", "class", "style"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "type", "reversed"},
    "td": {"colspan", "rowspan", "align", "valign"},
    "th": {"colspan", "rowspan", "align", "valign", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
    "time": {"datetime"},
}
_STYLES = {
    "color",
    "background-color",
    "font-weight",
    "font-style",
    "text-align",
    "text-decoration",
    "vertical-align",
    "width",
    "height",
    "margin-left",
    "list-style-type",
    "border",
    "border-collapse",
    "padding",
}
# Elements without content, and those whose end tag may be left out
# fmt: off
_WITHOUT_END = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr", "body", "colgroup", "dd", "dt", "head", "html", "li", "optgroup", "option", "p", "rb", "rp", "rt",
    "rtc", "tbody", "td", "tfoot", "th", "thead", "tr",
}
# fmt: on
DEEPEST = 200
"""Elements within each other: the time that sanitizing takes grows with the square of it."""
TOO_DEEP = f"elements are nested more than {DEEPEST} deep here; is an end tag missing?"
_CJK = r"\u3040-\u30ff\u3400-\u9fff"
_WORD = re.compile(rf"[{_CJK}]{{1,2}}|[^\W{_CJK}]+(?:['’\-][^\W{_CJK}]+)*")
_TAG = re.compile(r"<[^>]*>")

PictureOf = Callable[[str, int], str | None]
"""From a picture's address as written, and its line, to its SHA-256; None after a mistake was reported."""


class TooDeepError(ValueError):
    """Elements are nested more than ``DEEPEST`` deep."""


class _Outline(HTMLParser):
    """The addresses of pictures, and how deep elements are nested. Those that need no end tag do not count."""

    def __init__(self) -> None:
        super().__init__()
        self.sources: list[str] = []
        self.deepest = 0
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember where a picture comes from."""
        if tag == "img":
            self.sources += [value for name, value in attrs if name == "src" and value]
        if tag not in _WITHOUT_END:
            self._depth += 1
            self.deepest = max(self.deepest, self._depth)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """As a browser does: the slash at the end of a start tag means nothing."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """One level up."""
        if tag not in _WITHOUT_END:
            self._depth = max(0, self._depth - 1)


def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    keep_mathematics(markdown)
    return markdown


MARKDOWN = _markdown()


def markdown_to_html(text: str, picture_of: PictureOf, first_line: int = 1) -> str:
    """A document of Markdown. ``first_line`` is where it starts in its file.

    Raises:
        TooDeepError: as every one of these functions.
    """
    return _sanitized(MARKDOWN.render(text), text, picture_of, first_line)


def phrase_to_html(text: str, picture_of: PictureOf, first_line: int) -> str:
    """Markdown of a question or an option: a single paragraph is not wrapped."""
    result = markdown_to_html(text, picture_of, first_line).strip()
    if result.startswith("<p>") and result.endswith("</p>") and result.count("<p>") == 1:
        return result[3:-4]
    return result


def html_to_html(text: str, picture_of: PictureOf) -> str:
    """A page of HTML; of a whole document only the body's content stays."""
    return _sanitized(text, text, picture_of, 1)


def page_to_html(path: Path, text: str, picture_of: PictureOf, report: Report) -> str | None:
    """A file of Markdown or HTML; None after a mistake."""
    try:
        return markdown_to_html(text, picture_of) if is_markdown(path) else html_to_html(text, picture_of)
    except TooDeepError:
        report.mistake(path, 1, TOO_DEEP)
        return None


def _sanitized(rendered: str, source: str, picture_of: PictureOf, first_line: int) -> str:
    outline = _Outline()
    outline.feed(rendered)
    if outline.deepest > DEEPEST:
        raise TooDeepError
    found: dict[str, str] = {}
    for address in dict.fromkeys(outline.sources):
        at = max(0, source.find(address), source.find(unquote(address)))
        sha256 = picture_of(address, first_line + source.count("\n", 0, at))
        if sha256 is not None:
            found[address] = f"asset:{sha256}"

    def keep(tag: str, attribute: str, value: str) -> str | None:
        if (tag, attribute) == ("img", "src"):
            return found.get(value)
        return value

    return nh3.clean(
        rendered,
        tags=_TAGS,
        clean_content_tags={"script", "style", "title", "iframe", "noscript", "template", "svg", "object"},
        attributes=_ATTRIBUTES,
        attribute_filter=keep,
        url_schemes={"http", "https", "mailto", "asset"},
        filter_style_properties=_STYLES,
        link_rel="noopener noreferrer",
    )


def reading_minutes(content: str) -> int:
    """How long a text takes: 200 words a minute, at least one minute. Two CJK characters count as a word."""
    words = len(_WORD.findall(html.unescape(_TAG.sub(" ", content))))
    return max(1, round(words / 200))


def is_markdown(path: Path) -> bool:
    """By the name's ending."""
    return path.suffix.lower() in (".md", ".markdown")
