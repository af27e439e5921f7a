"""Sentences, paragraphs and chapters of what was said."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.cues.chapters import SHORTEST_MS, TITLE_LETTERS, Chapter, chapters_by_pauses, chapters_of_track
from protocol.cues.paragraphs import ENOUGH, LONG_PAUSE_MS, MANY, paragraphs
from protocol.cues.reading import read_track
from protocol.cues.sentences import joint, sentence_ends
from protocol.cues.track import RawCue, Span, Track, make_track
from tests.real_material import material


def track(*lines: str, pauses: dict[int, int] | None = None) -> Track:
    """A cue of two seconds for each line, one right after the other but for the ``pauses`` before some."""
    cues, at = [], 0
    for number, line in enumerate(lines):
        at += (pauses or {}).get(number, 0)
        cues.append(RawCue(at, at + 2_000, line))
        at += 2_000
    return make_track(cues)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("He said “Stop.” Then (see there.) Done", ["He said “Stop.”", "Then (see there.)"]),
        ("It is 3.14 and v1.2. Yes", ["It is 3.14 and v1.2."]),
        ("Mr. Smith, e.g. Prof. A. Turing. Yes", ["Mr. Smith, e.g. Prof. A. Turing."]),
        ("wait… what? And… So", ["wait… what?", "And…"]),
        ("今天。你好！好吗？嗯", ["今天。", "你好！", "好吗？"]),
        ("「はい。」と言った。", ["「はい。」", "と言った。"]),
        ("नमस्ते। ठीक है।", ["नमस्ते।", "ठीक है।"]),
        ("كيف حالك؟ جيد۔", ["كيف حالك؟", "جيد۔"]),
        ("Kosten z.B. hier. Und d.h. da", ["Kosten z.B. hier."]),
        ("no end", []),
        ("", []),
        ("...", ["..."]),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    ends = sentence_ends(text)
    assert [text[start:end].strip() for start, end in zip([0, *ends], ends, strict=False)] == sentences


def test_lines_are_joined_as_their_script_wants_it() -> None:
    assert [joint("a", "b"), joint("度", "学"), joint("用", "Python"), joint("", "x"), joint("ฉัน", "คือ")] == [
        " ",
        "",
        " ",
        "",
        "",
    ]


def test_a_paragraph_ends_with_the_first_sentence_after_enough_text() -> None:
    lines = ["This sentence goes on", "over two cues of it. And the next"] * 20
    found = paragraphs(track(*lines))
    assert " ".join(paragraph.text for paragraph in found) == " ".join(lines)
    assert len(found) > 1
    for paragraph in found[:-1]:
        assert ENOUGH <= len(paragraph.text) < ENOUGH + 60
        assert paragraph.text.endswith(".")
    assert all(paragraph.text.startswith(("This", "And the next")) for paragraph in found)
    # The next one begins in the middle of a cue; a click there leads to that cue.
    assert found[1].pieces[0].cue == found[0].pieces[-1].cue
    assert found[1].start_ms == found[1].pieces[0].cue * 2_000


def test_pauses_and_speakers_and_sections_begin_paragraphs() -> None:
    assert [p.text for p in paragraphs(track("One.", "Two.", "Three.", pauses={2: LONG_PAUSE_MS}))] == [
        "One. Two.",
        "Three.",
    ]
    assert [p.text for p in paragraphs(track("a", "- b", "c", ">> d", "-5 degrees"))] == [
        "a",
        "- b c",
        ">> d",
        "-5 degrees",
    ]
    assert [p.text for p in paragraphs(track("- Hi.\n- Hello."))] == ["- Hi.", "- Hello."]
    assert [p.text for p in paragraphs(track("a", "b", "c"), breaks=[2_000])] == ["a", "b c"]
    spoken = read_track(
        "WEBVTT\n\n" + "".join(f"00:0{n}.000 --> 00:0{n}.900\n<v {who}>{n}\n\n" for n, who in enumerate("AABBA"))
    )
    assert [(p.speaker, p.text) for p in paragraphs(spoken)] == [("A", "0 1"), ("B", "2 3"), ("A", "4")]


def test_a_breath_in_a_sentence_is_no_end() -> None:
    words = "a few words of a sentence that goes on"
    found = paragraphs(track(*[words] * 8, "end.", pauses={5: 1_000}))
    assert len(found) == 1
    assert len(paragraphs(track(*[words] * 4, "end.", "Next one", pauses={5: 1_000}))) == 2


def test_speech_without_punctuation_is_divided_all_the_same() -> None:
    found = paragraphs(track(*["some words without any end"] * 200, pauses={30: 1_000}))
    assert all(len(paragraph.text) < MANY + 30 for paragraph in found)
    assert found[1].pieces[0].cue == 30


LINES = st.lists(st.text(alphabet="ab .。你-\n", min_size=1, max_size=60).map(str.strip).filter(bool), max_size=40)


@given(LINES, st.lists(st.integers(0, 100_000), max_size=3))
def test_nothing_is_lost_and_every_letter_has_its_cue(lines: list[str], breaks: list[int]) -> None:
    said = read_track(
        "".join(f"{n}\n00:{n:02}:00,000 --> 00:{n:02}:59,000\n{line}\n\n" for n, line in enumerate(lines))
    )
    found = paragraphs(said, breaks)
    whole = "".join("".join(paragraph.text for paragraph in found).split())
    assert whole == "".join("".join(said.texts).split())
    for paragraph in found:
        for piece in paragraph.pieces:
            part = paragraph.text[piece.start : piece.end]
            assert "".join(part.split()) in "".join(said.texts[piece.cue].split())
            assert paragraph.cue_at(piece.start) == paragraph.cue_at(piece.end - 1) == piece.cue


def lecture(minutes: int, pauses: dict[int, int], text: str = "Now sentence {} begins here and it ends.") -> Track:
    return track(*(text.format(number) for number in range(minutes * 30)), pauses=pauses)


def test_chapters_begin_after_outstanding_pauses() -> None:
    usual = dict.fromkeys(range(1, 600, 7), 300)
    said = lecture(20, {**usual, 150: 2_500, 152: 2_000, 400: 4_000})
    found = chapters_by_pauses(said, said.end_ms)
    assert [chapter.start_ms for chapter in found] == [said.starts_ms[0], said.starts_ms[150], said.starts_ms[400]]
    assert [chapter.title for chapter in found] == [f"Now sentence {n} begins here and it ends" for n in (0, 150, 400)]


def test_no_chapters_where_they_would_mean_nothing() -> None:
    assert chapters_by_pauses(make_track(()), 3_600_000) == []
    short = lecture(2, {30: 5_000})
    assert chapters_by_pauses(short, short.end_ms) == []
    even = lecture(20, {})
    assert chapters_by_pauses(even, even.end_ms) == []
    regular = lecture(20, dict.fromkeys(range(1, 600), 2_000))
    assert chapters_by_pauses(regular, regular.end_ms) == []
    unfinished = lecture(20, {300: 5_000}, "and so on {}")
    assert chapters_by_pauses(unfinished, unfinished.end_ms) == []


def test_a_title_is_a_line() -> None:
    long = "This sentence is much too long for a title of a chapter, and it has a number {}."
    said = lecture(20, {300: 5_000}, long)
    (first, second) = chapters_by_pauses(said, said.end_ms)
    assert first.title == "This sentence is much too long for a title of a…"
    assert second.start_ms == said.starts_ms[300]
    noisy = lecture(20, {300: 5_000}, "[Music] - (door) Number {}.")
    assert [chapter.title for chapter in chapters_by_pauses(noisy, noisy.end_ms)] == ["Number 0", "Number 300"]
    chinese = lecture(20, {300: 5_000}, "很" * 60 + "{}。")
    assert [len(chapter.title) for chapter in chapters_by_pauses(chinese, chinese.end_ms)] == [TITLE_LETTERS + 1] * 2


def test_a_track_of_chapters() -> None:
    timings = (
        "00:00.000 --> 10:00.000\nOne <b>two</b>",
        "00:00.000 --> 01:00.000\nInner",
        "05:00.000 --> 10:00.000\nThree",
    )
    text = "WEBVTT\n\n" + "\n\n".join(timings)
    assert chapters_of_track(read_track(text)) == [Chapter(0, "One two"), Chapter(300_000, "Three")]
    voiced = make_track([RawCue(0, 10, "漢字", (Span(0, 2, "ruby", "かんじ"),))])
    assert chapters_of_track(voiced) == [Chapter(0, "漢字")]


def test_real_lectures() -> None:
    for path in (material() / "transcripts").rglob("*.srt"):
        said = read_track(path.read_bytes(), path.parent.name)
        found = paragraphs(said)
        assert "".join("".join(p.text for p in found).split()) == "".join("".join(said.texts).split()), path.name
        assert all(len(paragraph.text) < MANY + 200 for paragraph in found)
        chapters = chapters_by_pauses(said, said.end_ms)
        assert all(after.start_ms - before.start_ms >= SHORTEST_MS for before, after in pairwise(chapters))
        assert all(chapter.title for chapter in chapters)
