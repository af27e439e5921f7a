"""Looking into media with PyAV: what the player can't play or seek well is found here and not by the learner."""

from __future__ import annotations

import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path

from server.authoring.mistakes import Report

VIDEO_CODECS = {"vp8", "vp9", "h264"}
AUDIO_CODECS = {"opus", "vorbis", "aac", "mp3", "mp3float"}
_TYPES = {  # ending → media type, by whether there is a picture
    ".webm": ("video/webm", "audio/webm"),
    ".mp4": ("video/mp4", "audio/mp4"),
    ".m4v": ("video/mp4", "audio/mp4"),
    ".m4a": ("video/mp4", "audio/mp4"),
    ".opus": ("video/ogg", "audio/ogg"),
    ".ogg": ("video/ogg", "audio/ogg"),
    ".mp3": ("video/mpeg", "audio/mpeg"),
}
_KEYFRAMES_MS = 5_000
_FORMATS = "video: WebM (VP8 or VP9 with Opus or Vorbis) or MP4 (H.264 with AAC); sound: .opus, .ogg, .mp3, .m4a"


@dataclass(frozen=True)
class Medium:
    """``width`` and ``height`` are 0 for sound alone. ``keyframe_gap_ms`` is the widest one."""

    duration_ms: int
    width: int
    height: int
    media_type: str
    keyframe_gap_ms: int


class UnusableMediumError(Exception):
    """The text says what is wrong and what to do."""


def probe(path: Path) -> Medium:
    """Read the whole file once, without decoding more than the first picture.

    Raises:
        UnusableMediumError: broken, truncated, or of a kind that not every learner can play.
    """
    import av  # slow to import, and not needed when nothing is loaded

    suffix = path.suffix.lower()
    if suffix not in _TYPES:
        raise UnusableMediumError(f"“{path.name}” is not a medium we can play; use {_FORMATS}")
    try:
        with av.open(str(path)) as container:
            video = next((stream for stream in container.streams.video if not _is_cover(stream)), None)
            audio = next(iter(container.streams.audio), None)
            if video is None and audio is None:
                raise UnusableMediumError(f"“{path.name}” holds neither picture nor sound")
            codecs = {stream.codec_context.name for stream in (video, audio) if stream is not None}
            if unknown := codecs - VIDEO_CODECS - AUDIO_CODECS:
                raise UnusableMediumError(f"“{path.name}” is in {', '.join(sorted(unknown))}; use {_FORMATS}")
            claimed = (container.duration or 0) // 1000
            main = video or audio
            assert main is not None
            end_ms, gap_ms = _measure(container, main, has_picture=video is not None)
            width, height = (video.codec_context.width, video.codec_context.height) if video else (0, 0)
        with av.open(str(path)) as container:
            stream = next(iter(container.streams.video if video is not None else container.streams.audio))
            if next(iter(container.decode(stream)), None) is None:
                raise UnusableMediumError(f"“{path.name}” can't be decoded; export it again")
    except (av.FFmpegError, ValueError) as error:
        raise UnusableMediumError(f"“{path.name}” is broken; export it again") from error
    if end_ms <= 0:
        raise UnusableMediumError(f"“{path.name}” is empty or has no times; export it again")
    if claimed and end_ms < 0.9 * claimed - 1000:
        raise UnusableMediumError(
            f"“{path.name}” says it lasts {claimed // 1000} s but ends after {end_ms // 1000} s; copy it again"
        )
    return Medium(max(end_ms, claimed), width, height, _TYPES[suffix][video is None], gap_ms)


def _is_cover(stream: object) -> bool:
    # The picture of an album travels as a video stream of one frame
    from av.stream import Disposition

    return bool(getattr(stream, "disposition", 0) & Disposition.attached_pic)


def _measure(container: object, stream: object, *, has_picture: bool) -> tuple[int, int]:
    """Where the last packet of the stream ends, and the widest distance of keyframes, in ms."""
    end = last_key = gap = 0.0
    for packet in container.demux(stream):  # type: ignore[attr-defined]
        if packet.pts is None:
            continue
        at = float(packet.pts * packet.time_base) * 1000
        end = max(end, at + float((packet.duration or 0) * packet.time_base) * 1000)
        if has_picture and packet.is_keyframe:
            gap, last_key = max(gap, at - last_key), at
    return round(end), round(max(gap, end - last_key) if has_picture else 0)


def warn_about_keyframes(medium: Medium, path: Path, report: Report, named_in: Path, line: int) -> None:
    """Seeking is as slow as keyframes are far apart."""
    if medium.keyframe_gap_ms > _KEYFRAMES_MS:
        report.warning(
            named_in,
            line,
            f"“{path.name}” has keyframes up to {medium.keyframe_gap_ms / 1000:.0f} s apart, so that jumping is slow; "
            "export it with one every 2 to 5 s",
        )


def starts_fast(path: Path) -> bool:
    """Whether an MP4 has its index (``moov``) before its data; true for every other kind of file."""
    if path.suffix.lower() not in (".mp4", ".m4a", ".m4v"):
        return True
    with path.open("rb") as file:
        while len(header := file.read(8)) == 8:
            size, kind = struct.unpack(">I4s", header)
            if kind in (b"moov", b"mdat"):
                return bool(kind == b"moov")
            if size == 1:
                size = struct.unpack(">Q", file.read(8))[0] - 8
            if size < 8:
                break
            file.seek(size - 8, 1)
    return False


def rewrite_to_start_fast(path: Path) -> Path:
    """A copy with the index first, without recoding. The caller removes it. The same input gives the same bytes.

    Raises:
        UnusableMediumError: it can't be rewritten.
    """
    import av

    with tempfile.NamedTemporaryFile(suffix=path.suffix, delete=False) as file:
        target = Path(file.name)
    try:
        options = {"movflags": "+faststart", "fflags": "+bitexact"}
        with av.open(str(path)) as source, av.open(str(target), "w", format="mp4", options=options) as copy:
            streams = {
                stream.index: copy.add_stream_from_template(stream)
                for stream in (*source.streams.video, *source.streams.audio)
            }
            for packet in source.demux(*(source.streams[index] for index in streams)):
                if packet.dts is not None:
                    packet.stream = streams[packet.stream_index]
                    copy.mux(packet)
    except (av.FFmpegError, ValueError) as error:
        target.unlink(missing_ok=True)
        raise UnusableMediumError(f"“{path.name}” could not be rewritten to start at once; export it again") from error
    return target
