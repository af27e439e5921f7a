"""The server itself, invitations, accounts and sessions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from protocol import PROTOCOL_VERSION, errors
from protocol.accounts import NewAccount, Refresh, ServerInfo, Session, SignIn
from server.accounts.limits import INVITATION_BY_NETWORK, count_failure, refuse_if_exhausted
from server.accounts.models import User
from server.accounts.networks import network_address
from server.accounts.passwords import password_rules
from server.accounts.people import person_with_address, sign_in_person
from server.accounts.tokens import end_session, refresh_session, start_session
from server.api.answers import answer
from server.api.middleware import OLDEST_PROTOCOL
from server.api.requests import body_of, session_of_request
from server.programs.joining import find_invitation, join_as_existing, join_as_new
from server.programs.wire import account_to_wire, invitation_to_wire
from server.refusals import RefusedError
from server.version import server_version

_DONE_BEFORE = (errors.INVITATION_USED, errors.ADDRESS_TAKEN)


def show_server(_request: HttpRequest) -> HttpResponse:
    """``GET /v1/server``."""
    return answer(
        ServerInfo(
            name=settings.SERVER_NAME,
            version=server_version(),
            protocol=PROTOCOL_VERSION,
            oldest_protocol=OLDEST_PROTOCOL,
            time=timezone.now(),
            password_rules=password_rules(),
        )
    )


def show_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """``GET /v1/invitations/{token}``."""
    with _guessing_is_limited(request):
        invitation = find_invitation(token)
    return answer(invitation_to_wire(invitation, account_exists=person_with_address(invitation.email) is not None))


@contextmanager
def _guessing_is_limited(request: HttpRequest) -> Iterator[None]:
    """Whoever names invitations that do not exist has to wait after some; those who know theirs never do."""
    guess = (INVITATION_BY_NETWORK, network_address(request))
    refuse_if_exhausted(guess)
    try:
        yield
    except RefusedError as error:
        if error.body.code == errors.INVITATION_UNKNOWN:
            count_failure(guess)
        raise


def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """``POST /v1/invitations/{token}/accept``."""
    user = session_of_request(request).user
    with _guessing_is_limited(request):
        join_as_existing(token, user)
    return answer(account_to_wire(user))


def create_account(request: HttpRequest) -> HttpResponse:
    """``POST /v1/accounts``."""
    wanted = body_of(request, NewAccount)
    with _guessing_is_limited(request):
        try:
            user = join_as_new(wanted.invitation, wanted.name, wanted.password)
        except RefusedError as error:
            user = _joined_before(request, wanted, error)
    return answer(Session(tokens=start_session(user, wanted.device), account=account_to_wire(user)), 201)


def _joined_before(request: HttpRequest, wanted: NewAccount, refused: RefusedError) -> User:
    """Whoever joined with this invitation and password: the answer to that was lost, and they ask once more.

    Raises:
        RefusedError: ``refused`` when it was somebody else, or with another password; too_many_tries.
    """
    used_by = find_invitation(wanted.invitation).used_by if refused.body.code in _DONE_BEFORE else None
    if used_by is None:
        raise refused
    try:
        return sign_in_person(used_by.email, wanted.password, network_address(request))
    except RefusedError as error:
        raise (refused if error.body.code == errors.SIGN_IN_REFUSED else error) from error


def sign_in(request: HttpRequest) -> HttpResponse:
    """``POST /v1/sessions``."""
    wanted = body_of(request, SignIn)
    user = sign_in_person(wanted.email, wanted.password, network_address(request))
    if wanted.invitation:
        with _guessing_is_limited(request):
            join_as_existing(wanted.invitation, user)
    return answer(Session(tokens=start_session(user, wanted.device), account=account_to_wire(user)))


def refresh(request: HttpRequest) -> HttpResponse:
    """``POST /v1/sessions/refresh``."""
    return answer(refresh_session(body_of(request, Refresh).refresh_token))


def sign_out(request: HttpRequest) -> HttpResponse:
    """``DELETE /v1/sessions/current``."""
    end_session(session_of_request(request), "signed out")
    return HttpResponse(status=204)


def show_me(request: HttpRequest) -> HttpResponse:
    """``GET /v1/me``."""
    return answer(account_to_wire(session_of_request(request).user))
