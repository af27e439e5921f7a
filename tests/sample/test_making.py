"""The pure parts of the maker, and that what ships is what its scripts say. Needs neither voice nor encoder."""

from __future__ import annotations

from pathlib import Path

import pytest

from resources.make_sample.cues import balance, stamp, webvtt
from resources.make_sample.lectures import every_lecture
from resources.make_sample.made import Record
from resources.make_sample.script import Lecture, Line, Slide
from resources.make_sample.timeline import LEAD_MS, LINGER_MS, SLIDE_PAUSE_MS, TAIL_MS, lay_out
from tests.sample.folder import FILMS, SAMPLE, cues

LECTURES = every_lecture()


def _draw_nothing(_page: object) -> None:
    return None


def _short() -> Lecture:
    first = Slide(_draw_nothing, (Line("One.", "Eins.", pause_ms=100), Line("Two.", "Zwei.", pause_ms=100)))
    return Lecture("course", "short", "Short", (first, Slide(_draw_nothing, (Line("Three.", "Drei."),))))


def test_sentences_follow_each_other_and_slides_turn_in_the_pause() -> None:
    timeline = lay_out(_short(), (1000, 500, 800))
    third = LEAD_MS + 1000 + 100 + 500 + 100 + SLIDE_PAUSE_MS
    assert [spoken.start_ms for spoken in timeline.spoken] == [LEAD_MS, LEAD_MS + 1100, third]
    assert timeline.spoken[0].end_ms == LEAD_MS + 1100  # lingers until the next begins, which is soon
    assert timeline.spoken[2].end_ms == third + 800 + LINGER_MS
    assert timeline.duration_ms == third + 800 + TAIL_MS
    assert timeline.slide_starts_ms == (0, third - SLIDE_PAUSE_MS)
    assert [timeline.slide_at(at) for at in (0, third - SLIDE_PAUSE_MS - 1, third)] == [0, 0, 1]
    assert timeline.steps_of(1) == (third,)


def test_a_length_for_each_sentence_is_wanted() -> None:
    with pytest.raises(ValueError, match="1 lengths for 3 sentences"):
        lay_out(_short(), (1000,))


def test_cues_in_both_languages() -> None:
    timeline = lay_out(_short(), (1000, 500, 800))
    assert webvtt(timeline, "de").splitlines()[:5] == [
        "WEBVTT",
        "",
        "1",
        f"{stamp(LEAD_MS)} --> {stamp(LEAD_MS + 1100)}",
        "Eins.",
    ]
    assert webvtt(timeline, "en").replace("One.", "Eins.").replace("Two.", "Zwei.").replace(
        "Three.", "Drei."
    ) == webvtt(timeline, "de")


def test_stamps() -> None:
    assert stamp(0) == "00:00:00.000"
    assert stamp(3_723_045) == "01:02:03.045"


def test_long_text_is_broken_where_the_lines_are_alike() -> None:
    assert balance("Short enough.") == "Short enough."
    assert balance("Each time you find the way to a fact, that way gets wider.") == (
        "Each time you find the way to\na fact, that way gets wider."
    )
    with pytest.raises(ValueError, match="longer than two lines"):
        balance("word " * 30)


def test_only_what_changed_or_is_missing_is_made_again(tmp_path: Path) -> None:
    target = tmp_path / "film.webm"
    record = Record(tmp_path / "made.json")
    assert record.is_stale("film", "inputs", [target])
    target.touch()
    record.note("film", "inputs")
    again = Record(tmp_path / "made.json")
    assert not again.is_stale("film", "inputs", [target])
    assert again.is_stale("film", "other inputs", [target])
    target.unlink()
    assert again.is_stale("film", "inputs", [target])


def test_every_lecture_has_a_film() -> None:
    made = {SAMPLE / "courses" / lecture.course / "media" / f"{lecture.name}.webm" for lecture in LECTURES}
    assert made == set(FILMS)


@pytest.mark.parametrize("lecture", LECTURES, ids=lambda lecture: lecture.name)
def test_what_is_shown_as_cues_is_what_the_script_says(lecture: Lecture) -> None:
    media = SAMPLE / "courses" / lecture.course / "media"
    for language in ("en", "de"):
        shown = [" ".join(cue.lines) for cue in cues(media / f"{lecture.name}.{language}.vtt")]
        assert shown == [line.en if language == "en" else line.de for line in lecture.lines]
