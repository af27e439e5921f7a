"""What a file turns out to be, in whatever encoding it was written."""

from __future__ import annotations

import codecs
import json

import pytest

from protocol.cues.encoding import decoded
from protocol.cues.reading import read_track

SAMPLES = {
    ("ru", "cp1251"): "Сегодня мы поговорим о том, как соединяются таблицы. Ещё раз: ключ — это поле.",
    ("ru", "koi8-r"): "Сегодня мы поговорим о том, как соединяются таблицы. Ещё раз: ключ это поле.",
    ("ru-RU", "cp866"): "Сегодня мы поговорим о том, как соединяются таблицы. Ещё раз: ключ это поле.",
    ("uk", "cp1251"): "Сьогодні ми поговоримо про те, як з'єднуються таблиці.",
    ("pl", "cp1250"): "Dziś powiemy, jak się łączy tabele. Źródło, żółć, gęś.",
    ("pl", "iso8859-2"): "Dziś powiemy, jak się łączy tabele. Źródło, żółć, gęś.",
    ("el", "cp1253"): "Σήμερα θα μιλήσουμε για τους πίνακες.",
    ("tr", "cp1254"): "Bugün tabloları nasıl birleştireceğimizi konuşacağız. İşte şöyle.",
    ("he", "cp1255"): "היום נדבר על טבלאות.",
    ("ar", "cp1256"): "اليوم سنتحدث عن الجداول.",
    ("th", "cp874"): "วันนี้เราจะพูดถึงตาราง",
    ("ja", "cp932"): "今日はテーブルの結合について話します。",
    ("ja-JP", "euc_jp"): "今日はテーブルの結合について話します。",
    ("ko", "cp949"): "오늘은 테이블을 합치는 방법을 이야기합니다.",
    ("zh-CN", "gb18030"): "今天我们来谈谈如何连接表。",
    ("zh-TW", "big5"): "今天我們來談談如何連接表格。",
    ("zh", "gb18030"): "今天我们来谈谈如何连接表。",
    ("fr", "cp1252"): "Aujourd’hui, nous parlerons des clés étrangères.",
    ("", "cp1252"): "Heute geht es um Schlüssel – und „Fremdschlüssel“.",
}


def srt(text: str, start: int = 1) -> str:
    return f"1\n00:00:0{start},000 --> 00:00:0{start + 1},000\n{text}\n"


@pytest.mark.parametrize(("language", "encoding"), SAMPLES)
def test_encodings_that_were_usual_for_a_language(language: str, encoding: str) -> None:
    text = SAMPLES[language, encoding]
    assert read_track(srt(text).encode(encoding), language).texts == (text,)


@pytest.mark.parametrize(("language", "encoding"), SAMPLES)
def test_unicode_is_known_whatever_the_language(language: str, encoding: str) -> None:
    text = srt(SAMPLES[language, encoding])
    for mark, name in (
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
    ):
        assert decoded(mark + text.encode(name), language) == text


def test_one_wrong_byte_does_not_make_another_encoding_of_it() -> None:
    before, after = srt("Größe, Maß").encode(), " und Übung".encode()
    assert decoded(before + b"\xff" + after, "de") == before.decode() + "\ufffd" + after.decode()
    cut = srt("Größe").encode()[: srt("Grö").encode().index(b"\xc3") + 1]
    assert decoded(cut, "de").endswith("Gr\ufffd")


def test_webvtt_that_is_no_unicode_is_read_all_the_same() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\nСегодня\n"
    assert read_track(text.encode("cp1251"), "ru").texts == ("Сегодня",)
    assert read_track(text.encode("utf-16"), "ru").texts == ("Сегодня",)


def sjson(**lists: object) -> bytes:
    return json.dumps(lists).encode()


def test_open_edx() -> None:
    track = read_track(
        sjson(start=[0, 2000.4, 9], end=[1500, 3000, 20], text=["a\nb", "it&#39;s", "first"], other={"x": []})
    )
    assert [(cue.start_ms, cue.end_ms, cue.text) for cue in track] == [
        (0, 1500, "a\nb"),
        (9, 20, "first"),
        (2000, 3000, "it's"),
    ]


def test_open_edx_with_nonsense_in_it() -> None:
    data = sjson(
        start=[None, "1", 5, True, 7, -3, 1e300],
        end=[1, 2, None, 4, "x", 5, 5],
        text=["a", "b", "c", "d", 3, "f", "g", "h"],
    )
    assert [(cue.start_ms, cue.end_ms, cue.text) for cue in read_track(data)] == [
        (0, 5, "f"),
        (5, 4005, "c"),
        (2**53, 2**53 + 4000, "g"),
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b"{}",
        b"[]",
        b'{"start":[],"end":[],"text":[]}',
        b'{"start":1,"end":2,"text":3}',
        b"{" * 100_000,
        b'{"start":' + b"[" * 100_000,
        b'{"x":' * 50_000,
        b'{"start":[1],"end":[2],"text":["\\ud800"]}',
    ],
    ids=lambda data: data[:40].decode(),
)
def test_json_that_is_no_track(data: bytes) -> None:
    assert "".join(read_track(data).texts).encode() in (b"", b"\xef\xbf\xbd")


def test_a_subrip_file_that_begins_with_a_brace() -> None:
    assert read_track("{a heading}\n\n" + srt("x")).texts == ("x",)
