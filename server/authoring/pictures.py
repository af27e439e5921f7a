"""Pictures: what their endings say must be true, and an SVG must be nothing but a drawing."""

from __future__ import annotations

from pathlib import Path
from xml.parsers import expat

from server.authoring.mistakes import Report, read_bytes

PICTURES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".gif": "image/gif",
}
PICTURE_BYTES, PICTURE_PIXELS, SVG_BYTES = 20_000_000, 40_000_000, 2_000_000
_FORBIDDEN = {"script", "foreignobject", "iframe", "object", "embed", "handler", "listener"}


def check_picture(path: Path, named_in: Path, line: int, report: Report) -> bool:
    """Whether the file is a picture that may be shown; mistakes are reported."""
    suffix = path.suffix.lower()
    if suffix not in PICTURES:
        report.mistake(named_in, line, f"“{path.name}” is not a picture; use SVG, PNG, JPEG, WebP or GIF")
        return False
    if suffix == ".svg":
        return _check_svg(path, report)
    if not _looks_like(suffix, path):
        report.mistake(named_in, line, f"“{path.name}” is broken, or not what its ending says; export it again")
        return False
    if path.stat().st_size > PICTURE_BYTES or not 0 < _pixels(suffix, path) <= PICTURE_PIXELS:
        report.mistake(
            named_in,
            line,
            f"“{path.name}” is broken or too large: {PICTURE_BYTES / 1e6:g} MB and {PICTURE_PIXELS / 1e6:g} million "
            "pixels are the most; make it smaller",
        )
        return False
    return True


def _pixels(suffix: str, path: Path) -> int:
    """Width times height as the head of the file says; 0 when it says nothing that makes sense."""
    import av  # slow to import, and not needed when nothing is loaded

    try:
        with av.open(str(path)) as container:
            context = container.streams.video[0].codec_context
            pixels = context.width * context.height
    except (av.FFmpegError, ValueError, IndexError):
        return 0
    # Of an animated WebP nothing is said; its format ends at 16,383 pixels a side
    return pixels or (1 if suffix == ".webp" else 0)


def _looks_like(suffix: str, path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(12)
    match suffix:
        case ".png":
            return head.startswith(b"\x89PNG\r\n\x1a\n")
        case ".gif":
            return head.startswith((b"GIF87a", b"GIF89a"))
        case ".webp":
            return head.startswith(b"RIFF") and head[8:12] == b"WEBP"
        case _:
            return head.startswith(b"\xff\xd8\xff")


class _SvgCheck:
    """Walks an SVG and reports what a drawing does not need and a page could abuse."""

    def __init__(self, path: Path, report: Report) -> None:
        self._path = path
        self._report = report
        self._depth = 0
        self.fine = True
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._element
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EntityDeclHandler = self._entity
        self.parser.ProcessingInstructionHandler = self._instruction

    def _bad(self, text: str) -> None:
        self.fine = False
        self._report.mistake(self._path, self.parser.CurrentLineNumber, f"{text}; remove it from the SVG")

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2].lower()
        if self._depth == 0 and local != "svg":
            self._bad(f"this is <{name}> and not a drawing")
        self._depth += 1
        if local in _FORBIDDEN:
            self._bad(f"<{name}> could run something")
        for attribute, value in attributes.items():
            plain = attribute.rpartition(":")[2].lower()
            if plain.startswith("on"):
                self._bad(f"{attribute} could run a script")
            elif plain in ("href", "src") and not value.strip().startswith(("#", "data:image/")):
                self._bad(f"{attribute} leads outside")
            elif _reaches_out(value):
                self._bad(f"{attribute} loads something from outside")

    def _doctype(self, *_ignored: object) -> None:
        # Harmless by itself (many editors write one); entities are what is refused
        return

    def _entity(self, *_ignored: object) -> None:
        self._bad("an entity declaration could swell without end")

    def _instruction(self, target: str, _data: str) -> None:
        if target.lower() == "xml-stylesheet":
            self._bad("a style sheet from outside")


def _reaches_out(value: str) -> bool:
    folded = "".join(value.lower().split())
    inner = [part.lstrip("'\"") for part in folded.split("url(")[1:]]
    return "javascript:" in folded or any(not part.startswith(("#", "data:image/")) for part in inner)


def _check_svg(path: Path, report: Report) -> bool:
    check = _SvgCheck(path, report)
    data = read_bytes(path, report, SVG_BYTES)
    if data is None:
        return False
    try:
        check.parser.Parse(data, True)  # noqa: FBT003 (expat takes it by position)
    except expat.ExpatError as error:
        report.mistake(path, error.lineno, f"this SVG is broken ({expat.errors.messages.get(error.code, 'not XML')})")
        return False
    return check.fine
