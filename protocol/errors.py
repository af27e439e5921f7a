"""How a refusal travels: a code for programs, a text for people, a way out."""

from __future__ import annotations

from typing import Final

from protocol.wire import Wire


class ErrorBody(Wire, frozen=True, kw_only=True):
    """The body of every answer of status 400 and above.

    ``text`` says what happened and ``way_out`` what to do, both in plain English; a client that knows ``code`` shows
    its own translated words instead.
    """

    code: str
    text: str
    way_out: str = ""
    retry_after_s: int | None = None


BAD_REQUEST: Final = "bad_request"
NOT_SIGNED_IN: Final = "not_signed_in"
SIGN_IN_REFUSED: Final = "sign_in_refused"
"""Address or password wrong; never says which."""
SESSION_ENDED: Final = "session_ended"
NOT_A_MEMBER: Final = "not_a_member"
NOT_ENROLLED: Final = "not_enrolled"
NOT_FOUND: Final = "not_found"
INVITATION_UNKNOWN: Final = "invitation_unknown"
INVITATION_EXPIRED: Final = "invitation_expired"
INVITATION_WITHDRAWN: Final = "invitation_withdrawn"
INVITATION_USED: Final = "invitation_used"
INVITATION_FOR_ANOTHER: Final = "invitation_for_another"
LICENCES_EXHAUSTED: Final = "licences_exhausted"
CONTRACT_ENDED: Final = "contract_ended"
ADDRESS_TAKEN: Final = "address_taken"
PASSWORD_WEAK: Final = "password_weak"  # noqa: S105 (a code, not a password)
TOO_MANY_TRIES: Final = "too_many_tries"
TOO_LARGE: Final = "too_large"
PROTOCOL_TOO_OLD: Final = "protocol_too_old"
ADDRESS_EXPIRED: Final = "address_expired"
CURSOR_EXPIRED: Final = "cursor_expired"
UNENROLL_TOO_LATE: Final = "unenroll_too_late"
ENROLLMENT_LIMIT: Final = "enrollment_limit"
COURSE_NOT_OFFERED: Final = "course_not_offered"
ATTEMPTS_EXHAUSTED: Final = "attempts_exhausted"
CHANGED_ON_THE_WAY: Final = "changed_on_the_way"
"""The body is not what its digest says: nothing of it was looked at."""
SERVER_FAULT: Final = "server_fault"
UNKNOWN_ACTION: Final = "unknown_action"
SERVER_RESTORED: Final = "server_restored"
"""The server was restored from an older copy of its database: send again what it had."""
WORK_UNREADABLE: Final = "work_unreadable"
WORK_ELSEWHERE: Final = "work_elsewhere"
"""A file of work that was made for another server."""
WORK_KEY_GONE: Final = "work_key_gone"
"""Sealed for a key that the server does not have any more."""
DEVICE_UNKNOWN: Final = "device_unknown"
DEVICE_SIGNED_OUT: Final = "device_signed_out"
ACCOUNT_CLOSED: Final = "account_closed"
