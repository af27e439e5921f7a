"""Invitation links, as they come from mails, browsers and people. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from desktop.config import SAMPLE_SERVER
from desktop.errors import Problem, mark


@dataclass(frozen=True)
class InvitationLink:
    """Where an invitation leads. ``server``: address, or ``sample``."""

    server: str
    token: str


def read_link(link: str) -> InvitationLink:
    """``haversack://join?server=URL&invitation=TOKEN`` or ``https://…/join/TOKEN``.

    Raises:
        Problem: ``bad_link``.
    """
    text = link.strip().strip("<>\"'")
    try:
        parts = urlsplit(text)
        if parts.scheme == "haversack" and (parts.netloc or parts.path.strip("/")) == "join":
            fields = parse_qs(parts.query)
            server, token = fields.get("server", [""])[0], fields.get("invitation", [""])[0]
            return InvitationLink(server if server == SAMPLE_SERVER else server_address(server), _token(token))
        base, found, token = parts.path.rpartition("/join/")
        if parts.scheme in ("http", "https") and found:
            address = server_address(f"{parts.scheme}://{parts.netloc}{base}")
            return InvitationLink(address, _token(unquote(token.strip("/"))))
    except ValueError as error:
        raise _bad_link() from error
    raise _bad_link()


def server_address(text: str) -> str:
    """The address of a server as a person may type it; without a scheme it is https.

    Raises:
        Problem: ``bad_address``; also for plain http to anything but this computer.
    """
    text = text.strip().rstrip("/")
    if text and "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    if not host or parts.scheme not in ("http", "https") or parts.username or parts.query or parts.fragment:
        raise Problem(
            "bad_address",
            mark("This is not the address of a program."),
            mark("It looks like learn.example.org. Your invitation has it."),
        )
    if parts.scheme == "http" and host not in ("localhost", "127.0.0.1", "::1"):
        raise Problem(
            "bad_address",
            mark("This address is not encrypted, so your password would be readable on the way."),
            mark("Use the address that begins with https."),
        )
    return text


def _token(text: str) -> str:
    if not text or len(text) > 200 or not all(letter.isalnum() or letter in "-_.~" for letter in text):
        raise _bad_link()
    return text


def _bad_link() -> Problem:
    return Problem(
        "bad_link",
        mark("This is not an invitation that Haversack can read."),
        mark("Copy the whole link from the invitation, from its first letter to its last."),
    )
