"""The WebVTT parsing algorithms of the W3C, step by step and character by character: slow, and plainly the standard.

What the fast reader is held against. Names and order of the steps are those of https://www.w3.org/TR/webvtt1/#parsing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from protocol.cues.references import without_references
from protocol.cues.track import Placement
from protocol.cues.webvtt_settings import placement

BLANKS = " \t\n\f\r"


@dataclass
class Input:
    """A text and a position in it."""

    text: str
    position: int = 0

    def ended(self) -> bool:
        return self.position >= len(self.text)

    def here(self) -> str:
        """The character at the position; '' is the end-of-file marker."""
        return "" if self.ended() else self.text[self.position]

    def collect(self, wanted: str) -> str:
        start = self.position
        while not self.ended() and self.here() in wanted:
            self.position += 1
        return self.text[start : self.position]

    def collect_line(self) -> str:
        start = self.position
        while not self.ended() and self.here() != "\n":
            self.position += 1
        return self.text[start : self.position]

    def collect_timestamp(self) -> int | None:
        digits = "0123456789"
        hours = False
        string = self.collect(digits)
        if not string:
            return None
        value1 = int(string)
        if len(string) != 2 or value1 > 59:
            hours = True
        if self.here() != ":":
            return None
        self.position += 1
        string = self.collect(digits)
        if len(string) != 2:
            return None
        value2 = int(string)
        if hours or self.here() == ":":
            if self.here() != ":":
                return None
            self.position += 1
            string = self.collect(digits)
            if len(string) != 2:
                return None
            value3 = int(string)
        else:
            value1, value2, value3 = 0, value1, value2
        if self.here() != ".":
            return None
        self.position += 1
        string = self.collect(digits)
        if len(string) != 3 or value2 > 59 or value3 > 59:
            return None
        return ((value1 * 60 + value2) * 60 + value3) * 1000 + int(string)


@dataclass
class OracleCue:
    id: str
    start_ms: int = 0
    end_ms: int = 0
    placement: Placement = field(default_factory=Placement)
    text: str = ""


class FileOracle:
    """``cues`` and ``style_sheets`` of a file; ``ok`` is whether it has the signature."""

    def __init__(self, text: str) -> None:
        self.input = Input(text.replace("\0", "\ufffd").replace("\r\n", "\n").replace("\r", "\n"))
        self.cues: list[OracleCue] = []
        self.style_sheets: list[str] = []
        self.region_ids: list[str] = []
        self.seen_cue = False
        text = self.input.text
        self.ok = len(text) >= 6 and text[:6] == "WEBVTT" and (len(text) == 6 or text[6] in " \t\n")
        if self.ok:
            self._parse()

    def _parse(self) -> None:
        stream = self.input
        stream.collect_line()
        if stream.ended():
            return
        stream.position += 1
        if stream.ended():
            return
        if stream.here() != "\n":
            self._collect_block(in_header=True)
        else:
            stream.position += 1
        stream.collect("\n")
        while not stream.ended():
            self._collect_block(in_header=False)
            stream.collect("\n")

    def _collect_block(self, *, in_header: bool) -> None:
        stream = self.input
        line_count, previous_position, buffer = 0, stream.position, ""
        seen_eof = seen_arrow = False
        cue: OracleCue | None = None
        kind = ""
        while True:
            line = stream.collect_line()
            line_count += 1
            if stream.ended():
                seen_eof = True
            else:
                stream.position += 1
            if "-->" in line:
                if not in_header and (line_count == 1 or (line_count == 2 and not seen_arrow)):
                    seen_arrow = True
                    previous_position = stream.position
                    cue = self._collect_timings(line, buffer)
                    if cue is not None:
                        buffer, self.seen_cue = "", True
                else:
                    stream.position = previous_position
                    break
            elif line == "":
                break
            else:
                if not in_header and line_count == 2 and not self.seen_cue:
                    for name in ("STYLE", "REGION"):
                        if buffer.startswith(name) and not buffer[len(name) :].strip(BLANKS):
                            kind, buffer = name, ""
                            break
                if buffer:
                    buffer += "\n"
                buffer += line
                previous_position = stream.position
            if seen_eof:
                break
        if cue is not None:
            cue.text = buffer
            self.cues.append(cue)
        elif kind == "STYLE":
            self.style_sheets.append(buffer)
        elif kind == "REGION":
            identifiers = [word[3:] for word in buffer.split() if word.startswith("id:") and len(word) > 3]
            self.region_ids.append(identifiers[-1] if identifiers else "")

    def _collect_timings(self, line: str, buffer: str) -> OracleCue | None:
        stream = Input(line)
        stream.collect(BLANKS)
        start = stream.collect_timestamp()
        if start is None:
            return None
        stream.collect(BLANKS)
        for letter in "-->":
            if stream.here() != letter:
                return None
            stream.position += 1
        stream.collect(BLANKS)
        end = stream.collect_timestamp()
        if end is None:
            return None
        return OracleCue(buffer, start, end, placement(line[stream.position :], self.region_ids))


@dataclass
class Node:
    """A node of a cue's text: ``kind`` is '' for the root, ``text`` or ``time`` for leaves, else a tag's name."""

    kind: str
    value: str = ""
    classes: tuple[str, ...] = ()
    children: list[Node] = field(default_factory=list)

    def shown(self) -> str:
        """The tree in one line, for comparing."""
        if self.kind == "text":
            return repr(self.value)
        inner = " ".join(child.shown() for child in self.children)
        return f"({self.kind}{''.join('.' + name for name in self.classes)}[{self.value}] {inner})"


@dataclass
class Token:
    kind: str
    name: str = ""
    classes: list[str] = field(default_factory=list)
    annotation: str = ""


def _text_token(stream: Input) -> Token:
    start = stream.position
    while not stream.ended() and stream.here() != "<":
        stream.position += 1
    return Token("text", without_references(stream.text[start : stream.position]))


def _token(stream: Input) -> Token:
    """The tokenizer of the standard, state by state."""
    if stream.here() != "<":
        return _text_token(stream)
    stream.position += 1
    state, result, buffer = "tag", "", ""
    classes: list[str] = []
    while True:
        c = stream.here()
        if c in ("", ">"):
            stream.position += 1
            if state == "class":
                classes.append(buffer)
            if state == "annotation":
                buffer = " ".join(without_references(buffer).translate(str.maketrans("\t\n\f\r", "    ")).split(" "))
                buffer = " ".join(word for word in buffer.split(" ") if word)
                return Token("start", result, classes, buffer)
            return Token({"end": "end", "time": "time"}.get(state, "start"), result, classes)
        if state == "tag":
            if c in " \t\n\f":
                state = "annotation"
            elif c == ".":
                state = "class"
            elif c == "/":
                state = "end"
            elif c in "0123456789":
                result, state = c, "time"
            else:
                result, state = c, "start"
        elif state == "start":
            if c in " \t\f\n":
                state, buffer = "annotation", c if c == "\n" else ""
            elif c == ".":
                state = "class"
            else:
                result += c
        elif state == "class":
            if c in " \t\f\n":
                classes.append(buffer)
                state, buffer = "annotation", c if c == "\n" else ""
            elif c == ".":
                classes.append(buffer)
                buffer = ""
            else:
                buffer += c
        elif state == "annotation":
            buffer += c
        else:
            result += c
        stream.position += 1


def tree(payload: str) -> Node:
    """The list of node objects of a cue's text, under a root."""
    stream = Input(payload)
    root = Node("")
    path = [root]
    while not stream.ended():
        token = _token(stream)
        current = path[-1]
        if token.kind == "text":
            if token.name:
                current.children.append(Node("text", token.name))
        elif token.kind == "time":
            whole = Input(token.name)
            at_ms = whole.collect_timestamp()
            if at_ms is not None and whole.ended():
                current.children.append(Node("time", str(at_ms)))
        elif token.kind == "start":
            known = token.name in ("c", "i", "b", "u", "ruby", "v", "lang")
            if known or (token.name == "rt" and current.kind == "ruby"):
                value = token.annotation if token.name in ("v", "lang") else ""
                node = Node(token.name, value, tuple(name for name in token.classes if name))
                current.children.append(node)
                path.append(node)
        elif token.name == current.kind and token.name:
            path.pop()
        elif token.name == "ruby" and current.kind == "rt":
            del path[-2:]
    return root


def plain(node: Node) -> str:
    """The text, without what stands above it: the standard's rule for titles of chapters."""
    if node.kind == "text":
        return node.value
    return "" if node.kind == "rt" else "".join(plain(child) for child in node.children)
