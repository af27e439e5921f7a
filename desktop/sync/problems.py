"""What can go wrong between here and the server, told apart and said so that people know what to do."""

from __future__ import annotations

from desktop.errors import Problem, mark
from protocol import errors
from protocol.errors import ErrorBody

OFFLINE, TIMEOUT, TLS, PROXY, CAPTIVE = "offline", "timeout", "tls", "proxy", "captive_portal"
SERVER_FAULT, NOT_OURS, TRUNCATED, RATE_LIMITED = errors.SERVER_FAULT, "not_ours", "truncated", "rate_limited"
TOO_NEW, MOVED, BLOCKED, TOO_LARGE = "protocol_too_new", "moved", "blocked", "too_large_on_the_way"
FILE_MISSING = "file_missing"
PROXY_PASSWORD, PROXY_SOCKS, PROXY_SCRIPT = "proxy_password", "proxy_socks", "proxy_script"


class Refusal(Problem):
    """The program server itself said no, in the protocol's own words. Nothing on the way can make one up: without
    the protocol's header an error of a proxy is a ``Problem`` like the others.

    Attributes:
        status: the HTTP status.
        retry_after_s: when to come back, if it said so.
    """

    def __init__(self, body: ErrorBody, status: int, retry_after_s: int | None = None) -> None:
        super().__init__(body.code, body.text, body.way_out, detail=f"HTTP {status}")
        self.status = status
        self.retry_after_s = retry_after_s if retry_after_s is not None else body.retry_after_s


class Untaken(Problem):
    """Nothing of what was asked was taken: nobody was reached, or whoever asked is not signed in."""


class Busy(Problem):
    """The server, or something before it, wants to be left alone for a while."""

    def __init__(self, code: str, text: str, way_out: str, retry_after_s: int | None, detail: str) -> None:
        super().__init__(code, text, way_out, detail=detail)
        self.retry_after_s = retry_after_s


def offline(detail: str) -> Problem:
    """Nobody answers: no network, no name, nothing listening."""
    return Problem(
        OFFLINE,
        mark("Your program cannot be reached."),
        mark("Go on offline; everything is sent when there is a network again."),
        detail=detail,
    )


def timeout(detail: str) -> Problem:
    """The answer took too long."""
    return Problem(
        TIMEOUT, mark("Your program took too long to answer."), mark("Haversack tries again by itself."), detail=detail
    )


def tls(detail: str) -> Problem:
    """The certificate is not one for this server, or this computer does not trust it."""
    return Problem(
        TLS,
        mark("The identity of your program's server could not be verified, so nothing was sent."),
        mark("Check this computer's date. In a company or hotel network, ask whether it filters connections."),
        detail=detail,
    )


def proxy(detail: str) -> Problem:
    """The proxy does not work."""
    return Problem(
        PROXY,
        mark("The proxy of this network does not let Haversack through."),
        mark("Check the proxy in your computer's network settings, or ask whoever runs this network."),
        detail=detail,
    )


def proxy_password(detail: str) -> Problem:
    """The proxy wants to know who asks, or did not take what it was told."""
    return Problem(
        PROXY_PASSWORD,
        mark("The proxy of this network wants a user name and a password."),
        mark("Enter them under “Sync and network”; whoever runs this network knows them."),
        detail=detail,
    )


def proxy_socks(detail: str) -> Problem:
    """Only SOCKS is offered."""
    return Untaken(
        PROXY_SOCKS,
        mark("This computer is set to a SOCKS proxy, which Haversack cannot use."),
        mark("Set an HTTP proxy in your computer's network settings, or ask whoever runs this network for one."),
        detail=detail,
    )


def proxy_script(detail: str) -> Problem:
    """A script of the network should say which proxy to take; it cannot be read, and without a proxy nobody answers."""
    return Problem(
        PROXY_SCRIPT,
        mark("This network finds its proxy by a script, which could not be read."),
        mark("Ask whoever runs this network, or start Haversack with HTTPS_PROXY set to the proxy's address."),
        detail=detail,
    )


def captive_portal(detail: str) -> Problem:
    """A page for people came where data was expected."""
    return Problem(
        CAPTIVE,
        mark("This network answered with a page of its own."),
        mark("Open a web browser and sign in to the network, or check the program's address."),
        detail=detail,
    )


def moved(detail: str) -> Problem:
    """The server itself, whose certificate was verified, sends to another address."""
    return Problem(
        MOVED,
        mark("Your program's server has moved to another address."),
        mark("Ask the program's support for the new one. What waits to be sent is kept."),
        detail=detail,
    )


def blocked(detail: str) -> Problem:
    """Something that is not the program server says that this is not allowed."""
    return Problem(
        BLOCKED,
        mark("Something between this computer and your program does not let Haversack through."),
        mark("Try another network, or ask whoever runs this one. What waits to be sent is kept."),
        detail=detail,
    )


def too_large(detail: str) -> Problem:
    """Something between here and the server does not let so much through at once."""
    return Problem(
        TOO_LARGE,
        mark("This is larger than what your network or program lets through."),
        mark("Copy the text and make it shorter, or send it from another network."),
        detail=detail,
    )


def server_fault(detail: str, retry_after_s: int | None = None) -> Problem:
    """The server, or a proxy before it, is out of order."""
    return Busy(
        SERVER_FAULT,
        mark("Your program's server is out of order at the moment."),
        mark("Nothing is lost: Haversack tries again by itself."),
        retry_after_s,
        detail,
    )


def rate_limited(detail: str, retry_after_s: int | None) -> Problem:
    """Too many requests."""
    return Busy(
        RATE_LIMITED,
        mark("Your program's server has a lot to do."),
        mark("Haversack tries again by itself in a while."),
        retry_after_s,
        detail,
    )


def not_ours(detail: str) -> Problem:
    """Something answered, but it is no program server."""
    return Problem(
        NOT_OURS,
        mark("What answers at this address is not a Haversack program."),
        mark("Check the address, or ask whoever gave it to you."),
        detail=detail,
    )


def file_missing(detail: str) -> Problem:
    """The address is good, but whatever sends files in the program's place has none there."""
    return Problem(
        FILE_MISSING,
        mark("Your program's server does not have this file at the moment."),
        mark("Try again later; if it stays so, tell your program's support."),
        detail=detail,
    )


def address_refused(detail: str) -> Problem:
    """Whatever sends files in the program's place does not take the address: it has expired, mostly."""
    return Problem(
        errors.ADDRESS_EXPIRED,
        mark("Your program's server did not hand out a file."),
        mark("Haversack tries again by itself."),
        detail=detail,
    )


def truncated(detail: str) -> Problem:
    """The answer ended before its end."""
    return Problem(
        TRUNCATED, mark("The connection broke off."), mark("Haversack tries again by itself."), detail=detail
    )


def too_new(detail: str) -> Problem:
    """The server speaks an older protocol than this version can."""
    return Problem(
        TOO_NEW,
        mark("Your program's server is too old for this version of Haversack."),
        mark("Ask the program's support to update it. What waits to be sent is kept."),
        detail=detail,
    )


def session_ended() -> Problem:
    """The refresh token is no longer good."""
    return Untaken(
        errors.SESSION_ENDED,
        mark("You are signed out on this computer."),
        mark("Sign in again; everything that waits to be sent is kept."),
    )
