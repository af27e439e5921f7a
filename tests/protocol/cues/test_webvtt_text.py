"""The text of WebVTT cues: the W3C's tokens and tree, kept as plain text and spans."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from protocol.cues.payload import tidied
from protocol.cues.references import without_closed_references, without_references
from protocol.cues.track import Span, WordTime
from protocol.cues.webvtt_text import DEEPEST, read_payload
from tests.protocol.cues.w3c import Node, plain, tree


def text(payload: str) -> str:
    return read_payload(payload)[0]


def spans(payload: str) -> list[tuple[str, str, str]]:
    """Kind, value and the marked text of each span."""
    said, found, _ = read_payload(payload)
    return [(span.kind, span.value, said[span.start : span.end]) for span in found]


@pytest.mark.parametrize(
    ("reference", "letter"),
    [
        ("&amp;", "&"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", '"'),
        ("&AMP;", "&"),
        ("&copy;", "©"),
        ("&lrm;", "\u200e"),
        ("&rlm;", "\u200f"),
        ("&nbsp;", "\u00a0"),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&#X2019;", "’"),
        ("&NotEqualTilde;", "≂̸"),
        ("&amp", "&"),
        ("&ampx", "&x"),
        ("&notit;", "¬it;"),
        ("&notin;", "∉"),
        ("&#65", "A"),
        ("&#x41g", "Ag"),
        ("&", "&"),
        ("&&", "&&"),
        ("&1;", "&1;"),
        ("&;", "&;"),
        ("&#;", "&#;"),
        ("&#x;", "&#x;"),
        ("&nosuch;", "&nosuch;"),
        ("&#0;", "\ufffd"),
        ("&#xD800;", "\ufffd"),
        ("&#x110000;", "\ufffd"),
        ("&#128;", "€"),
        ("&#x9f;", "Ÿ"),
        ("&#129;", "\x81"),
        ("&#x0000000000000041;", "A"),
        (f"&#{'9' * 5000};", "\ufffd"),
        (f"&#x{'F' * 5000};", "\ufffd"),
        (f"&{'a' * 5000};", f"&{'a' * 5000};"),
        ("&amp;lt;", "&lt;"),
    ],
)
def test_character_references(reference: str, letter: str) -> None:
    assert without_references(reference) == letter


def test_only_closed_references_where_the_format_has_none() -> None:
    assert without_closed_references("R&D &amp Q&A &copy; &#39; &amp; &nosuch;") == "R&D &amp Q&A © ' & &nosuch;"


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        ("a<b>c", "ac"),
        ("a<b", "a"),
        ("a<", "a"),
        ("a<>b", "ab"),
        ("a< >b", "ab"),
        ("a</>b", "ab"),
        ("a<.x>b", "ab"),
        ("a<x>b</x>c", "abc"),
        ("a<b\nc>d", "ad"),
        ("1 &lt; 2 > 1", "1 < 2 > 1"),
        ("&<c", "&"),
        ("a<!-- x -->b", "ab"),
        ("a<v x&gt;y>b", "ab"),
        ("a<v x&>b", "ab"),
        ("&lt;b>", "<b>"),
        ("a<00:01.000>b", "ab"),
        ("a<00:99>b", "ab"),
        ("<ruby>漢<rt>かん</rt>字<rt>じ</rt></ruby>!", "漢字!"),
        ("<rt>a</rt>b", "ab"),
        ("<ruby><b>x<rt>y", "xy"),
        (" a  b \n\n  c\t\td ", "a b\nc d"),
        ("a\u2028b\x0bc", "a b c"),
        ("a\u00a0b\u3000c", "a\u00a0b\u3000c"),
        ("&#10;a&#13;b", "a b"),
    ],
)
def test_plain_text(payload: str, said: str) -> None:
    assert text(payload) == said


def test_marks_are_spans_over_the_text_outer_ones_first() -> None:
    assert spans("<b>a <i>b</i></b> <u>c") == [("b", "", "a b"), ("i", "", "b"), ("u", "", "c")]
    assert spans("<b><i>a</i></b>") == [("b", "", "a"), ("i", "", "a")]
    assert read_payload("<c.one.two>x</c><c>y</c><b.loud>z")[1] == (
        Span(0, 1, "c", "", ("one", "two")),
        Span(2, 3, "b", "", ("loud",)),
    )
    assert spans("<lang en-GB>x</lang>y<lang>z") == [("lang", "en-GB", "x"), ("lang", "", "z")]


def test_an_end_closes_only_what_is_innermost() -> None:
    assert spans("<b>a<i>b</b>c</i>d</b>e") == [("b", "", "abcd"), ("i", "", "bc")]
    assert spans("</b>a<b>b</b></b>") == [("b", "", "b")]


def test_voices() -> None:
    assert spans("<v Esme  \t O&#39;Neil >Hi</v>") == [("v", "Esme O'Neil", "Hi")]
    assert spans("<v.first.loud Mary\nAnn>Hi") == [("v", "Mary Ann", "Hi")]
    assert spans("<v>Hi") == [("v", "", "Hi")]
    assert spans("<v A>one\n<v B>two") == [("v", "A", "one\ntwo"), ("v", "B", "two")]
    assert spans("<vx A>Hi") == []


def test_ruby_stands_above_its_letters() -> None:
    assert spans("<ruby>漢<rt>かん</rt>字<rt>じ</ruby>!") == [("ruby", "かん", "漢"), ("ruby", "じ", "字")]
    assert spans("<ruby.x>a<rt>b<i>c</i></rt></ruby>") == [("ruby", "bc", "a")]
    assert spans("<ruby><b>漢</b><rt>x</rt></ruby>") == [("ruby", "x", "漢"), ("b", "", "漢")]
    assert spans("<ruby>a<rt></rt></ruby><ruby><rt>b</rt></ruby>") == []


def test_word_times_are_where_the_next_word_begins() -> None:
    said, _, words = read_payload("one <00:01.000>two<00:00:02.500> three <1:00:03.000><i>four</i><0:x><00:09>")
    assert said == "one two three four"
    assert words == (WordTime(4, 1000), WordTime(8, 2500), WordTime(14, 3_603_000))


def test_word_times_never_go_back() -> None:
    assert read_payload("a <00:05.000>b <00:01.000>c <00:06.000><00:07.000>d<00:08.000>")[2] == (
        WordTime(2, 5000),
        WordTime(6, 6000),
    )


def test_marks_keep_their_letters_when_blanks_go() -> None:
    said, found, words = read_payload("  a \n <b> b  <i> c </i></b> \n\n<00:01.000>  d ")
    assert said == "a\nb c\nd"
    assert [said[span.start : span.end] for span in found] == ["b c", "c"]
    assert words == (WordTime(6, 1000),)


def test_tags_in_tags_without_end_cost_little() -> None:
    found = read_payload("<b>" * 5_000 + "x")[1]
    assert len(found) == DEEPEST


def flat(node: Node) -> list[str]:
    """What of a tree is kept as spans, outer first: those with letters, ruby by its pairs."""
    found = []
    for child in node.children:
        if child.kind in ("text", "time", "rt"):
            continue
        if child.kind != "ruby" and tidied(plain(child)) and (child.kind != "c" or child.classes):
            found.append(f"{child.kind}.{'.'.join(child.classes)} {child.value} {tidied(plain(child))}")
        found.extend(flat(child))
    return found


PIECES = st.sampled_from(
    [
        "a",
        "b c",
        " ",
        "\n",
        "&",
        "&amp;",
        "&lt",
        "<",
        ">",
        "/",
        ".",
        "<b>",
        "</b>",
        "<i.x.y>",
        "</i>",
        "<u>",
        "<v A&amp;B>",
        "<v.k \n C",
        "</v>",
        "<c>",
        "<c.red>",
        "</c>",
        "<lang en>",
        "</lang>",
        "<ruby>",
        "<rt>",
        "</rt>",
        "</ruby>",
        "<00:01.000>",
        "<1",
        "\t",
        "漢",
    ]
)


@given(st.lists(PIECES, max_size=16).map("".join) | st.text(alphabet="<>/.bv &;\nA1:", max_size=24))
@example("<b><i>a</b></i>")
@example("<v\nA B>x")
def test_text_and_marks_are_what_the_standard_says(payload: str) -> None:
    said, found, _ = read_payload(payload)
    root = tree(payload)
    assert said == tidied(plain(root))
    if "rub" not in payload:
        mine = [f"{one.kind}.{'.'.join(one.classes)} {one.value} {said[one.start : one.end]}" for one in found]
        assert [re.sub(r"\s+", " ", one) for one in mine] == [re.sub(r"\s+", " ", one) for one in flat(root)]
    for span in found:
        assert 0 <= span.start < span.end <= len(said)
        assert not said[span.start].isspace()
        assert not said[span.end - 1].isspace()
