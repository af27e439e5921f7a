"""From the bytes of a text file to its text, whatever wrote them."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like the next one
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WESTERN = ("cp1252",)
_LEGACY: dict[str, tuple[str, ...]] = {
    "ar": ("cp1256",), "fa": ("cp1256",), "ur": ("cp1256",),
    "be": ("cp1251", "koi8-r"), "bg": ("cp1251",), "mk": ("cp1251",), "ru": ("cp1251", "koi8-r", "cp866"),
    "uk": ("cp1251", "koi8-u"),
    "bs": ("cp1250",), "cs": ("cp1250", "iso8859-2"), "hr": ("cp1250", "iso8859-2"), "hu": ("cp1250", "iso8859-2"),
    "pl": ("cp1250", "iso8859-2"), "ro": ("cp1250", "iso8859-2"), "sk": ("cp1250", "iso8859-2"),
    "sl": ("cp1250", "iso8859-2"), "sq": ("cp1250",), "sr": ("cp1250", "cp1251"),
    "el": ("cp1253",), "he": ("cp1255",), "iw": ("cp1255",), "th": ("cp874",), "tr": ("cp1254",), "az": ("cp1254",),
    "et": ("cp1257",), "lt": ("cp1257",), "lv": ("cp1257",), "vi": ("cp1258",),
    "ja": ("cp932", "euc_jp", "iso2022_jp"), "ko": ("cp949",), "zh": ("gb18030", "big5"),
}  # fmt: skip
_LETTERS = {
    "cyrillic": re.compile("[а-яёіїєґўѓќљњџ]"),
    "japanese": re.compile("[\u3040-\u30ff\u4e00-\u9fff]"),
    "latin": re.compile("[a-zà-öø-ÿāăąćčďđēęěğģıīķĺľłļńņňōőœŕřśšşţťūůűųźżžșț]"),
}
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
_LOOKED_AT = 65_536
"""So many bytes are enough to tell encodings apart."""


def decoded(data: bytes, language: str = "") -> str:
    """The text of a file in ``language`` (a tag like ``pt-BR``; '' if nobody knows), without its byte order mark.

    UTF-8 unless something else is certain: a mark, the zeros of UTF-16, or bytes that are no UTF-8. Those are read in
    the encoding that was usual for the language. What can't be read becomes U+FFFD; no error is raised.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if encoding := _by_zeros(data):
        return data.decode(encoding, "replace")
    try:
        # Where it was cut off in the middle of a letter, that letter is lost and nothing else.
        text, length = codecs.utf_8_decode(data, "strict", False)  # noqa: FBT003 (positional only)
    except UnicodeDecodeError:
        # With a wrong byte in it a file is still UTF-8.
        whole = len(_MULTIBYTE.findall(data, 0, _LOOKED_AT))
        high = len(_HIGH.findall(data, 0, _LOOKED_AT))
        broken = high - sum(len(found) for found in _MULTIBYTE.findall(data, 0, _LOOKED_AT))
        if whole > broken:
            return data.decode("utf-8", "replace")
        return data.decode(_legacy(data[:_LOOKED_AT], language), "replace")
    return text if length == len(data) else text + "\ufffd"


def _by_zeros(data: bytes) -> str:
    """UTF-16 without its mark: of the line ends, digits and blanks every other byte is zero."""
    head = data[:256]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if len(head) < 4 or max(even, odd) * 4 < len(head[::2]) or min(even, odd) * 8 > max(even, odd):
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _legacy(sample: bytes, language: str) -> str:
    """The encoding of which ``sample`` has the most lower-case letters of the language's script."""
    tag = language.lower().replace("_", "-")
    candidates = _LEGACY.get(tag.split("-", 1)[0], _WESTERN)
    if tag.startswith("zh") and ("hant" in tag or tag.endswith(("-tw", "-hk", "-mo"))):
        candidates = ("big5", "gb18030")
    if len(candidates) == 1:
        return candidates[0]
    if "gb18030" in candidates:
        script = "japanese"  # the same ideographs
    else:
        script = {"cp1251": "cyrillic", "cp932": "japanese"}.get(candidates[0], "latin")

    def likeness(encoding: str) -> int:
        text = sample.decode(encoding, "replace")
        return len(_LETTERS[script].findall(text)) - 4 * text.count("\ufffd")

    return max(candidates, key=likeness)  # of equals the first
