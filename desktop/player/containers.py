"""What a medium holds, from the heads of its container: enough to say that it can be opened. Plays nothing."""

from __future__ import annotations

import struct
from pathlib import Path

from desktop.player.frame_times import UnknownIndexError
from desktop.player.mp4_index import mp4_tracks
from desktop.player.webm_index import webm_tracks
from protocol.cues.reading import read_track

PICTURE, SOUND = "picture", "sound"
WEBM_MAGIC = b"\x1aE\xdf\xa3"
MP4_BOXES = frozenset({b"ftyp", b"moov", b"free", b"wide", b"mdat"})
"""What an MP4 file begins with, in use."""


def tracks(path: Path) -> frozenset[str]:
    """``PICTURE`` and ``SOUND``, as far as the file has them; both may be absent in a strange one.

    Raises:
        UnknownIndexError: neither MP4 nor WebM, or damaged. It may play all the same.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(12)
        file.seek(0)
        try:
            if head[:4] == WEBM_MAGIC:
                return webm_tracks(file)
            if head[4:8] in MP4_BOXES:
                return mp4_tracks(file)
        except (struct.error, IndexError, KeyError, ArithmeticError) as error:
            raise UnknownIndexError(f"damaged index: {error!r}") from error
    raise UnknownIndexError("another kind of container")


class MediaOpener:
    """Opens what lectures are made of, for whoever may not know of players. Thread-safe."""

    def has(self, path: Path, *, picture: bool) -> bool | None:
        """Whether the medium has what is played: picture, or sound alone. None when its container is not understood
        here, which says nothing about whether it plays.

        Raises:
            OSError: the file cannot be read.
        """
        try:
            return (PICTURE if picture else SOUND) in tracks(path)
        except UnknownIndexError:
            return None

    def cues(self, data: bytes) -> int:
        """How many cues a transcript has."""
        return len(read_track(data))
