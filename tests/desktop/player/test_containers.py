"""What a medium holds is read from the heads of its container."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.player.containers import PICTURE, SOUND, MediaOpener, tracks
from desktop.player.frame_times import UnknownIndexError
from tests.media import timecoded_clip


@pytest.mark.parametrize(("name", "codec"), [("clip.mp4", "h264"), ("clip.webm", "vp8")])
@pytest.mark.parametrize("sound", [True, False])
def test_the_tracks_of_a_clip(tmp_path: Path, name: str, codec: str, sound: bool) -> None:
    clip = timecoded_clip(tmp_path / name, seconds=0.4, codec=codec, sound=sound, size=(160, 90))
    assert tracks(clip) == ({PICTURE, SOUND} if sound else {PICTURE})
    opener = MediaOpener()
    assert opener.has(clip, picture=True) is True
    assert opener.has(clip, picture=False) is sound


@pytest.mark.parametrize(
    "data", [b"", b"OggS" + bytes(60), b"\x1aE\xdf\xa3" + bytes(80), b"\0\0\0\x18ftypmp42" + bytes(9)]
)
def test_what_is_not_understood_is_not_called_wrong(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "strange"
    file.write_bytes(data)
    with pytest.raises(UnknownIndexError):
        tracks(file)
    assert MediaOpener().has(file, picture=True) is None


@pytest.mark.parametrize(("name", "codec"), [("clip.mp4", "h264"), ("clip.webm", "vp8")])
def test_a_clip_cut_at_any_place_ends_in_an_answer(tmp_path: Path, name: str, codec: str) -> None:
    data = timecoded_clip(tmp_path / name, seconds=0.4, codec=codec, size=(160, 90)).read_bytes()
    cut = tmp_path / f"cut-{name}"
    answers = set()
    for size in (*range(0, min(len(data), 900), 7), len(data) // 2):
        cut.write_bytes(data[:size])
        answers.add(MediaOpener().has(cut, picture=True))
    assert None in answers
    assert answers <= {None, True, False}


def test_the_cues_of_a_transcript() -> None:
    assert MediaOpener().cues(b"WEBVTT\n\n00:01.000 --> 00:02.000\nOne\n\n00:03.000 --> 00:04.000\nTwo\n") == 2
    assert MediaOpener().cues(b"<html>not found</html>") == 0
