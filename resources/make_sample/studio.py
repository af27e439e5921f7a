"""A lecture from its script to its files."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import numpy as np

from resources.make_sample.cues import webvtt
from resources.make_sample.film import draw_time, picture_at, write_film
from resources.make_sample.script import Lecture
from resources.make_sample.timeline import Timeline, lay_out
from resources.make_sample.voice import RATE, Narrator, Sound, level, loudness

LANGUAGES = ("en", "de")


class Studio:
    """Makes films, cues and posters under ``sample``."""

    def __init__(self, sample: Path) -> None:
        self._sample = sample

    @cached_property
    def _narrator(self) -> Narrator:
        return Narrator()

    def targets(self, lecture: Lecture) -> tuple[Path, ...]:
        """The files of a lecture: film, poster, cues."""
        course = self._sample / "courses" / lecture.course
        return (
            course / "media" / f"{lecture.name}.webm",
            course / "pictures" / f"{lecture.name}.png",
            *(course / "media" / f"{lecture.name}.{language}.vtt" for language in LANGUAGES),
        )

    def _speak(self, lecture: Lecture) -> tuple[Timeline, Sound]:
        sentences = [self._narrator.say(line) for line in lecture.lines]
        timeline = lay_out(lecture, tuple(round(len(sound) * 1000 / RATE) for sound in sentences))
        whole = np.zeros(timeline.duration_ms * RATE // 1000, np.float32)
        for spoken, sound in zip(timeline.spoken, sentences, strict=True):
            start = spoken.start_ms * RATE // 1000
            whole[start : start + len(sound)] += sound
        return timeline, level(whole)

    def make(self, lecture: Lecture) -> str:
        """Write every file of a lecture; returns a line that says what came out."""
        film, poster, *tracks = self.targets(lecture)
        timeline, sound = self._speak(lecture)
        for language, track in zip(LANGUAGES, tracks, strict=True):
            track.write_text(webvtt(timeline, language), encoding="utf-8")
        picture_at(lecture, timeline, timeline.slide_starts_ms[1] - 1).save(str(poster))
        write_film(lecture, timeline, sound, film)
        return (
            f"{lecture.course}/{lecture.name}: {timeline.duration_ms / 1000:.1f} s, {len(lecture.lines)} cues, "
            f"{film.stat().st_size / 1024:.0f} KiB, {loudness(sound):.1f} LUFS, peak {np.abs(sound).max():.2f}"
        )

    def write_stills(self, lecture: Lecture, folder: Path) -> None:
        """Each slide as it looks before it turns, for looking at; needs no voice."""
        folder.mkdir(parents=True, exist_ok=True)
        timeline = lay_out(lecture, tuple(60 * len(line.en) for line in lecture.lines))
        ends = [*timeline.slide_starts_ms[1:], timeline.duration_ms]
        for number, end in enumerate(ends, start=1):
            picture = picture_at(lecture, timeline, end - 1)
            draw_time(picture, end - 1, timeline.duration_ms)
            picture.save(str(folder / f"{lecture.name}-{number}.png"))
