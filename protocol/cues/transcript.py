"""A track ready to be asked: what is said when, and where something is said."""

from __future__ import annotations

from dataclasses import dataclass

from protocol.cues.finding import Finder
from protocol.cues.moments import Moments
from protocol.cues.reading import read_track
from protocol.cues.rolling import unrolled
from protocol.cues.track import Track, make_track


@dataclass(frozen=True, slots=True)
class Transcript:
    """Made in any thread, read in any other; nothing in it changes."""

    track: Track
    moments: Moments
    finder: Finder


def make_transcript(track: Track) -> Transcript:
    """What belongs to a track."""
    return Transcript(track, Moments(track), Finder(track.texts))


def read_transcript(data: bytes, language: str = "") -> Transcript:
    """The transcript in a file; ``protocol.cues.reading`` says of what kinds. No error is raised.

    Captions that roll are told once (``protocol.cues.rolling``).
    """
    return make_transcript(unrolled(read_track(data, language)))


NO_TRANSCRIPT = make_transcript(make_track(()))
