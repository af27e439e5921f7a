"""Short signed access tokens and a chain of refresh tokens per session.

A refresh token is replaced at every use. The replaced one stays good while nothing that replaced it was ever used: its
answer was lost on the way. Used again it has several successors, and all of them are good until one is used, for which
answer arrives is not known here (a request that was given up may come after the one that took its place). Using a token
once its successor was used, or one beside which another was used, means that two parties hold the chain: the session
ends for both (RFC 9700, 4.14.2). Shortly after its first use a token that comes again is refused and nothing more: it
is a request that was held up on its way.

For the same reason a session ends the older ones of its installation when it is first used, and not when it begins: the
sign-in that began it may have been given up, and come after the one that took its place.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils import timezone

from protocol import errors
from protocol.accounts import Device, Tokens
from server.accounts.models import DeviceSession, DeviceUse, RefreshToken, User
from server.refusals import RefusedError

_SALT = "haversack.access"
HELD_UP = timedelta(minutes=2)
"""No request is on its way for longer."""


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def session_ended() -> RefusedError:
    """The session is over: sign in again."""
    return RefusedError(
        errors.SESSION_ENDED,
        "You are signed out on this device.",
        "Sign in again; everything that waits to be sent is kept.",
    )


def not_signed_in() -> RefusedError:
    """No access token, or one that is not good (any more)."""
    return RefusedError(errors.NOT_SIGNED_IN, "You are not signed in.", "Sign in and try again.")


def start_session(user: User, device: Device) -> Tokens:
    """A new session of ``user`` on ``device``. An older one of the same installation ends when this one is first used,
    or, of a device that checks in, when it has shown that it is the same installation and no copy (``devices``)."""
    with transaction.atomic():
        session = DeviceSession.objects.create(
            user=user,
            device_id=str(device.id)[:64],
            device_name=device.name[:200],
            app_version=device.app_version[:40],
        )
        return _issue(session, parent=None)


def _issue(session: DeviceSession, parent: RefreshToken | None) -> Tokens:
    refresh = secrets.token_urlsafe(32)
    RefreshToken.objects.create(session=session, token_hash=_digest(refresh), parent=parent)
    expires_at = timezone.now() + settings.ACCESS_TOKEN_LIFETIME
    # With its birth: in a database that was restored from an older copy, numbers are given a second time.
    born = _microseconds(session.created_at)
    access = signing.dumps([session.pk, born, round(expires_at.timestamp())], salt=_SALT)
    return Tokens(access_token=access, access_expires_at=expires_at, refresh_token=refresh)


def _microseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)


def refresh_session(refresh_token: str) -> Tokens:
    """New tokens for a good refresh token.

    Raises:
        RefusedError: session_ended.
    """
    with transaction.atomic():
        tokens = _rotate(refresh_token)
    # Outside, so that a revocation is committed before it is told
    if tokens is None:
        raise session_ended()
    return tokens


def _rotate(refresh_token: str) -> Tokens | None:
    found = RefreshToken.objects.filter(token_hash=_digest(refresh_token)).values("session_id").first()
    if found is None:
        return None
    # The lock makes two refreshes of one session wait for each other
    session = DeviceSession.objects.select_for_update().get(pk=found["session_id"])
    token = RefreshToken.objects.get(token_hash=_digest(refresh_token))
    now = timezone.now()
    idle = session.refreshed_at + settings.SESSION_IDLE_LIFETIME < now
    if session.revoked_at is not None or idle or not session.user.is_active:
        return None
    if token.withdrawn_at is not None or token.successors.exclude(used_at=None).exists():
        if token.used_at is None or now - token.used_at > HELD_UP:
            end_session(session, "refresh token used twice")
        return None
    _note_use(session)
    if token.used_at is None:
        RefreshToken.objects.filter(pk=token.pk).update(used_at=now)
        if token.parent_id is not None:
            beside = RefreshToken.objects.filter(parent=token.parent_id, withdrawn_at=None).exclude(pk=token.pk)
            beside.update(withdrawn_at=now)
    DeviceSession.objects.filter(pk=session.pk).update(refreshed_at=now)
    return _issue(session, parent=token)


def end_session(session: DeviceSession, because: str) -> None:
    """End a session: its access tokens stop working with the next request."""
    DeviceSession.objects.filter(pk=session.pk, revoked_at=None).update(
        revoked_at=timezone.now(), revoked_because=because
    )


def end_sessions_of(user: User, device_id: str, but: DeviceSession | None = None) -> None:
    """End the sessions of an installation because it signed in again; ``but`` not this one."""
    older = DeviceSession.objects.filter(user=user, device_id=str(device_id)[:64], revoked_at=None)
    if but is not None:
        older = older.filter(created_at__lt=but.created_at).exclude(pk=but.pk)
    older.update(revoked_at=timezone.now(), revoked_because="signed in again")


def session_of(access_token: str) -> DeviceSession:
    """The session of a good access token, with its user.

    Raises:
        RefusedError: not_signed_in (bad or expired: refresh), session_ended (revoked).
    """
    try:
        content: Any = signing.loads(access_token, salt=_SALT)
        session_id, born, expires = content
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise not_signed_in() from error
    if expires <= timezone.now().timestamp():
        raise not_signed_in()
    session = DeviceSession.objects.select_related("user").filter(pk=session_id).first()
    if session is None or session.revoked_at is not None or not session.user.is_active:
        raise session_ended()
    if _microseconds(session.created_at) != born:
        raise session_ended()
    _note_use(session)
    return session


def _note_use(session: DeviceSession) -> None:
    """Whoever began the session has the answer: those before it are over, but of a device that checks in."""
    if session.used_at is not None:
        return
    with transaction.atomic():
        DeviceSession.objects.filter(pk=session.pk, used_at=None).update(used_at=timezone.now())
        if not DeviceUse.objects.filter(user=session.user_id, device_id=session.device_id).exists():
            end_sessions_of(session.user, session.device_id, but=session)
