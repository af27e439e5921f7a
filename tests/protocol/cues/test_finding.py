"""Finding while somebody types: accents, case, scripts, and where in the original text the hits are."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from protocol.cues.finding import Finder, Range, find_in_all
from protocol.folding import Folded, folded


def found(text: str, query: str) -> list[str]:
    """What is lit in ``text``, cut out of it."""
    return [text[start:end] for hit in Finder([text]).find(query) for _, start, end in hit]


@pytest.mark.parametrize(
    ("text", "query", "lit"),
    [
        ("Über cafés, CAFÉ", "cafe", ["café", "CAFÉ"]),
        ("Über", "ÜBER", ["Über"]),
        ("e\u0301te\u0301", "ete", ["e\u0301te\u0301"]),
        ("été", "e\u0301te\u0301", ["été"]),
        ("Straße", "strasse", ["Straße"]),
        ("STRASSE", "straße", ["STRASSE"]),
        ("Straße", "stras", ["Straß"]),
        ("ßs", "s", ["ß", "s"]),
        ("İstanbul ISTANBUL ılık", "istanbul", ["İstanbul", "ISTANBUL"]),
        ("ılık", "ilik", ["ılık"]),
        ("ΟΔΟΣ οδός", "οδος", ["ΟΔΟΣ", "οδός"]),
        ("smørrebrød i Łódź", "smorrebrod i lodz", ["smørrebrød i Łódź"]),
        ("Ærø, œuvre", "aero", ["Ærø"]),
        ("œuvre", "oeuvre", ["œuvre"]),
        ("ﬁnd ﬁt", "fi", ["ﬁ", "ﬁ"]),
        ("don’t “quote” – it", 'don\'t "quote" - it', ["don’t “quote” – it"]),
        ("x² ① ＡＢＣ", "x2 1 abc", ["x² ① ＡＢＣ"]),
        ("wait…", "wait...", ["wait…"]),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth", ["soft\u00adhyphen zero\u200bwidth"]),
        ("đường phố", "duong pho", ["đường phố"]),
        ("Ёлка и ёж", "еж", ["ёж"]),
        ("мой", "мои", ["мой"]),
        ("a\u00a0b\u2009c", "a b c", ["a\u00a0b\u2009c"]),
        ("a   b", "a b", ["a   b"]),
        ("two\nlines", "two lines", ["two\nlines"]),
        # Chinese and Japanese
        ("深度学习和学习", "学习", ["学习", "学习"]),
        ("深度 学习", "深度学习", ["深度 学习"]),
        ("深度学习", "深度 学习", ["深度学习"]),
        ("深度\n学习", "度学", ["度\n学"]),
        ("用 Python 编程", "用python编程", ["用 Python 编程"]),
        ("用Python编程", "用 python 编程", ["用Python编程"]),
        ("がか", "か", ["か"]),
        ("か\u3099か", "が", ["か\u3099"]),
        ("ｶﾞｯｺｳ", "ガッコウ", ["ｶﾞｯｺｳ"]),
        ("２０２４年", "2024年", ["２０２４年"]),
        # Hangul, composed or not
        ("한국어 하나", "하", ["하"]),
        (unicodedata.normalize("NFD", "한국어"), "한국", [unicodedata.normalize("NFD", "한국")]),
        ("한국어", unicodedata.normalize("NFD", "국어"), ["국어"]),
        # Thai, Hebrew, Arabic, Hindi
        ("เรียนรู้ ด้วยกัน", "รู้ด้วย", ["รู้ ด้วย"]),
        ("มา มี", "ม", ["ม", "มี"]),
        ("שָׁלוֹם", "שלום", ["שָׁלוֹם"]),
        ("كِتَاب", "کتاب", ["كِتَاب"]),
        ("می\u200cخواهم", "میخواهم", ["می\u200cخواهم"]),
        ("٢٤ ساعة", "24", ["٢٤"]),
        ("हिन्दी भाषा", "हिन्दी", ["हिन्दी"]),
        # Nothing
        ("abc", "abd", []),
        ("abc", "", []),
        ("abc", " \n", []),
        ("abc", "\u0301", []),
        ("", "a", []),
    ],
)
def test_what_is_lit(text: str, query: str, lit: list[str]) -> None:
    assert found(text, query) == lit


def test_a_query_that_looks_like_a_pattern_is_a_query() -> None:
    assert found("a.c abc (x)* [y]", "a.c") == ["a.c"]
    assert found("(x)* [y] \\d", "(x)* [y] \\d") == ["(x)* [y] \\d"]


def test_hits_do_not_overlap() -> None:
    assert found("aaaa", "aa") == ["aa", "aa"]
    assert len(Finder(["aaaaa"]).find("aa")) == 2


def test_what_is_said_may_go_on_in_the_next_cue() -> None:
    hits = Finder(["so we can", "join the", "two tables"]).find("can join the two")
    assert list(hits) == [(Range(0, 6, 9), Range(1, 0, 8), Range(2, 0, 3))]
    assert list(Finder(["深度", "学习"]).find("度学")) == [(Range(0, 1, 2), Range(1, 0, 1))]
    assert list(Finder(["a", "b"]).find("ab")) == []


def test_the_hits_of_the_lines_in_sight() -> None:
    texts = [f"line {number} of the lecture" for number in range(100)]
    texts[50] = "nothing"
    hits = Finder(texts).find("lecture")
    assert len(hits) == 99
    assert [found.cue for _, found in hits.within(48, 52)] == [48, 49, 51, 52]
    assert [number for number, _ in hits.within(48, 52)] == [48, 49, 50, 51]
    assert [hits.first_from(cue) for cue in (0, 49, 50, 51, 99)] == [0, 49, 50, 50, 98]
    assert hits.first_from(100) == 0  # none after it: from the beginning
    assert Finder(texts).find("nobody").first_from(3) == -1
    assert list(Finder(texts).find("nobody").within(0, 9)) == []


def test_a_hit_over_two_cues_is_lit_in_both() -> None:
    hits = Finder(["so we can", "join", "them can", "join"]).find("can join")
    assert [hits.first_from(cue) for cue in range(4)] == [0, 0, 1, 1]
    assert list(hits.within(1, 1)) == [(0, Range(1, 0, 4))]
    assert list(hits.within(1, 2)) == [(0, Range(1, 0, 4)), (1, Range(2, 5, 8))]


def test_several_tracks() -> None:
    finders = {"en": Finder(["The key"]), "fr": Finder(["La clé"]), "de": Finder(["Der Schlüssel"])}
    assert {name: len(hits) for name, hits in find_in_all(finders, "cle").items()} == {"fr": 1}
    assert {name: len(hits) for name, hits in find_in_all(finders, "e").items()} == {"en": 2, "fr": 1, "de": 2}


LETTERS = st.text(
    alphabet=st.sampled_from(
        "aAéeIİıßsœﬁ²\u0301\u0323\u00ad\u200c"
        " \n\u00a0\u3000かが\u3099ｶﾞ한ᄒ\u1161\u11ab深学ก\u0e35\u0e48ш\u0306٢क\u093c…"
    )
    | st.characters(),
    max_size=12,
)


@given(LETTERS)
def test_folding_again_changes_nothing(text: str) -> None:
    once = folded(text)
    assume(not any("\u1100" <= letter <= "\u11ff" for letter in once))  # loose parts of Hangul may find each other
    assert folded(once) == once


@given(st.lists(LETTERS.filter(bool), min_size=1, max_size=4), LETTERS)
@example(["ß"], "s")
@example(["a\u0301", "b"], "ab")
def test_every_hit_is_the_query_when_it_is_folded(texts: list[str], query: str) -> None:
    needle = folded(query)
    before = (0, 0)
    joined = "\n".join(texts)
    begins = [0]
    for text in texts:
        begins.append(begins[-1] + len(text) + 1)
    for hit in Finder(texts).find(query):
        assert hit
        for cue, start, end in hit:
            assert 0 <= start < end <= len(texts[cue])
            assert (cue, start) >= before
            before = (cue, end)
        first, last = begins[hit[0].cue] + hit[0].start, begins[hit[-1].cue] + hit[-1].end
        whole = Folded(joined[first:last]).text
        # The last letter may be lit whole where only its beginning was asked for.
        assert whole.replace(" ", "").startswith(needle.replace(" ", ""))


@given(LETTERS, LETTERS, LETTERS)
def test_a_part_that_stands_for_itself_is_found(before: str, part: str, after: str) -> None:
    """What a learner copies out of a transcript and looks for is there."""
    text = f"{before.strip()}. {part.strip()} .{after.strip()}"
    needle = folded(part)
    assume(needle)
    assume(not unicodedata.combining(part.strip()[0]))
    assert len(Finder([text]).find(part)) >= 1
