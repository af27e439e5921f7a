"""What a refusal at the door says, and at which door to knock instead."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.errors import Problem
from desktop.i18n import tr
from desktop.models.views import ProgramView
from protocol import errors as codes

NONE, ADMIN, SUPPORT, RETRY, SIGN_IN, LINK, PROXY = (
    "none",
    "admin",
    "support",
    "retry",
    "sign_in",
    "link",
    "proxy",
)

LINK_CODES = frozenset({"bad_link", "bad_address"})

OVER_CODES = frozenset({codes.INVITATION_EXPIRED, codes.INVITATION_WITHDRAWN, codes.CONTRACT_ENDED})
"""What is over stays over, however often it is tried."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """``door``: none, admin (who invited), support (who runs it), retry, sign_in, link (mend what was typed), proxy
    (type its password)."""

    title: str
    text: str
    door: str
    icon: str = "warning-circle"

    def sentence(self) -> str:
        """All of it in a line, for beside a form."""
        title = self.title if self.title.endswith((".", "!", "?")) else f"{self.title}."
        return " ".join(part for part in (title, self.text, door_text(self.door, None)) if part)


def refusal(problem: Problem) -> Refusal:
    """The page for a problem; in the server's words where this version has none of its own."""
    known = _invitation(problem.code) or _network(problem.code)
    if known is not None:
        return known
    door = LINK if problem.code in LINK_CODES else RETRY
    return Refusal(tr(problem.text), tr(problem.way_out) if problem.way_out else "", door)


def is_final(problem: Problem) -> bool:
    """Whether trying the same once more cannot help: the invitation itself is of no use."""
    return _invitation(problem.code) is not None


def can_be_tried_again(problem: Problem) -> bool:
    """Whether the same invitation may be taken later: when the network is back, or somebody made room."""
    return problem.code not in OVER_CODES


def _invitation(code: str) -> Refusal | None:
    entries = {
        codes.INVITATION_UNKNOWN: Refusal(
            tr("This invitation is not known"),
            tr("Perhaps the link was cut off when it was copied. Copy all of it, or ask for a new one."),
            LINK,
        ),
        codes.INVITATION_EXPIRED: Refusal(
            tr("This invitation has expired"),
            tr("Invitations are valid for some time only. Whoever invited you can send a new one."),
            ADMIN,
            "hourglass",
        ),
        codes.INVITATION_WITHDRAWN: Refusal(
            tr("This invitation was withdrawn"),
            tr("Your organization took it back. Ask there if you think that is a mistake."),
            ADMIN,
        ),
        codes.INVITATION_USED: Refusal(
            tr("This invitation was used already"),
            tr("If it was you, sign in with the account you made then. If not, tell your organization."),
            SIGN_IN,
            "key",
        ),
        "sample_joined": Refusal(
            tr("You have an account in the sample program"),
            tr("Sign in with the password that you chose then. What you did is still here."),
            SIGN_IN,
            "key",
        ),
        codes.INVITATION_FOR_ANOTHER: Refusal(
            tr("This invitation is for another address"),
            tr("You are signed in with a different one. Ask for an invitation to the address you use."),
            ADMIN,
        ),
        codes.LICENCES_EXHAUSTED: Refusal(
            tr("No places are left"),
            tr("All places of this program are taken. Your organization can add some."),
            ADMIN,
            "users",
        ),
        codes.CONTRACT_ENDED: Refusal(
            tr("This program has ended"),
            tr("Your organization's contract for it is over, so nobody can join any more."),
            ADMIN,
            "calendar-x",
        ),
        codes.NOT_A_MEMBER: Refusal(
            tr("This account is not a member"),
            tr("The account is fine, but it belongs to no program here. Ask for an invitation."),
            ADMIN,
        ),
    }
    return entries.get(code)


def _network(code: str) -> Refusal | None:
    entries = {
        "offline": Refusal(
            tr("There is no way to the server now"),
            tr("This step needs a network. Connect this computer and try again."),
            RETRY,
            "wifi-slash",
        ),
        "timeout": Refusal(
            tr("The server did not answer in time"),
            tr("The network is slow or the server is busy. Try again in a moment."),
            RETRY,
            "hourglass",
        ),
        "captive_portal": Refusal(
            tr("The network wants you to log in first"),
            tr("Open the browser, log in to this network, then come back and try again."),
            RETRY,
            "globe",
        ),
        "tls": Refusal(
            tr("The server could not prove who it is"),
            tr("Nothing was sent. Check this computer's date and time, then try again."),
            SUPPORT,
            "lock-simple",
        ),
        "proxy": Refusal(
            tr("The proxy let nothing through"),
            tr("Check the proxy settings of this computer, or ask those who run the network."),
            RETRY,
        ),
        "proxy_password": Refusal(
            tr("The proxy wants a password"),
            tr("This network lets nothing through without a user name and a password of its own."),
            PROXY,
            "lock-simple",
        ),
        codes.SERVER_FAULT: Refusal(
            tr("The server has a fault"),
            tr("It is not your doing. Try again in a few minutes."),
            SUPPORT,
        ),
        "not_ours": Refusal(
            tr("This is not a Haversack server"),
            tr("There is something at this address, but no program. Check the address."),
            RETRY,
            "question",
        ),
        "truncated": Refusal(
            tr("The answer broke off"),
            tr("The connection is poor. Try again; nothing was lost."),
            RETRY,
            "wifi-slash",
        ),
    }
    return entries.get(code)


def door_address(door: str, program: ProgramView | None) -> str:
    """The e-mail address behind a door; '' where it is not known."""
    if program is None:
        return ""
    return {ADMIN: program.admin_email, SUPPORT: program.support_email}.get(door, "")


def door_text(door: str, program: ProgramView | None) -> str:
    """Whom to ask, with the address if it is known."""
    if door == ADMIN:
        if program is not None and program.admin_email:
            return tr("Ask your program's administrator: {address}", address=program.admin_email)
        return tr("Ask the person who sent you the link.")
    if door == SUPPORT:
        if program is not None and program.support_email:
            return tr("If that does not help, ask the support: {address}", address=program.support_email)
        return tr("If that does not help, ask the support of your organization.")
    return ""
