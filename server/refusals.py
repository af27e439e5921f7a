"""The one exception by which any part of the server says no to a client."""

from __future__ import annotations

from typing import Final

from protocol import errors
from protocol.errors import ErrorBody

STATUS: Final[dict[str, int]] = {
    errors.BAD_REQUEST: 400,
    errors.NOT_SIGNED_IN: 401,
    errors.SIGN_IN_REFUSED: 401,
    errors.SESSION_ENDED: 401,
    errors.NOT_A_MEMBER: 403,
    errors.NOT_ENROLLED: 403,
    errors.CONTRACT_ENDED: 403,
    errors.LICENCES_EXHAUSTED: 403,
    errors.ADDRESS_EXPIRED: 403,
    errors.COURSE_NOT_OFFERED: 403,
    errors.NOT_FOUND: 404,
    errors.INVITATION_UNKNOWN: 404,
    errors.ADDRESS_TAKEN: 409,
    errors.INVITATION_FOR_ANOTHER: 409,
    errors.INVITATION_EXPIRED: 410,
    errors.INVITATION_WITHDRAWN: 410,
    errors.INVITATION_USED: 410,
    errors.CURSOR_EXPIRED: 410,
    errors.SERVER_RESTORED: 409,
    errors.WORK_UNREADABLE: 422,
    errors.WORK_ELSEWHERE: 409,
    errors.WORK_KEY_GONE: 410,
    errors.DEVICE_UNKNOWN: 403,
    errors.DEVICE_SIGNED_OUT: 403,
    errors.ACCOUNT_CLOSED: 403,
    errors.TOO_LARGE: 413,
    errors.PASSWORD_WEAK: 422,
    errors.PROTOCOL_TOO_OLD: 426,
    errors.TOO_MANY_TRIES: 429,
    errors.SERVER_FAULT: 500,
    errors.CHANGED_ON_THE_WAY: 503,
}


class RefusedError(Exception):
    """A known refusal: a code for programs, a text and a way out for people."""

    def __init__(
        self, code: str, text: str, way_out: str = "", *, retry_after_s: int | None = None, status: int | None = None
    ) -> None:
        super().__init__(text)
        self.body = ErrorBody(code=code, text=text, way_out=way_out, retry_after_s=retry_after_s)
        self.status = status or STATUS.get(code, 400)


def bad_request(detail: str) -> RefusedError:
    """What was sent is not what the protocol says."""
    return RefusedError(
        errors.BAD_REQUEST,
        f"The server could not read this request: {detail}",
        "Update Haversack; if it stays, contact support.",
    )


def too_large() -> RefusedError:
    """More than a request may hold."""
    return RefusedError(errors.TOO_LARGE, "This request is too large.", "Send it in smaller parts.")


def changed_on_the_way() -> RefusedError:
    """Bytes of the request are not those that were sent."""
    return RefusedError(
        errors.CHANGED_ON_THE_WAY,
        "What was sent arrived damaged, so it was not taken.",
        "Nothing is lost: Haversack tries again by itself.",
    )


def server_fault() -> RefusedError:
    """A bug or a broken database."""
    return RefusedError(
        errors.SERVER_FAULT,
        "The server made a mistake.",
        "Nothing is lost: Haversack tries again by itself. If it stays, contact support.",
    )


def not_found() -> RefusedError:
    """No such thing, or none that this person may know of."""
    return RefusedError(
        errors.NOT_FOUND, "There is nothing at this address.", "Check the address, or go back and try again."
    )


def not_a_member() -> RefusedError:
    """The person has no active place in the program."""
    return RefusedError(
        errors.NOT_A_MEMBER,
        "You are not a member of this program.",
        "Ask the program's administrator for an invitation.",
    )


def contract_ended() -> RefusedError:
    """The organization's contract is over."""
    return RefusedError(
        errors.CONTRACT_ENDED,
        "This program has ended: the organization's contract is over.",
        "Ask the program's administrator whether it will be continued.",
    )


def not_enrolled() -> RefusedError:
    """The person is not enrolled in the course."""
    return RefusedError(errors.NOT_ENROLLED, "You are not enrolled in this course.", "Enroll in it from the catalog.")
