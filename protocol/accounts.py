"""People, programs, memberships, invitations and sessions."""

from __future__ import annotations

from datetime import datetime

from protocol.ids import AccountId, DeviceId, ProgramId
from protocol.wire import Wire


class Brand(Wire, frozen=True, kw_only=True):
    """How an organization looks. ``accent`` is ``#rrggbb``; the logo is fetched from ``logo_url`` (SVG or PNG)."""

    name: str
    accent: str = ""
    logo_url: str = ""


class Program(Wire, frozen=True, kw_only=True):
    """A learning program of an organization."""

    id: ProgramId
    name: str
    organization: str
    brand: Brand
    welcome: str = ""
    support_email: str = ""
    admin_email: str = ""


class Membership(Wire, frozen=True, kw_only=True):
    """A learner's place in a program. ``state``: active, ended."""

    program: Program
    state: str
    joined_at: datetime
    ends_at: datetime | None = None


class Account(Wire, frozen=True, kw_only=True):
    """A learner as the learner sees themself."""

    id: AccountId
    email: str
    name: str
    memberships: tuple[Membership, ...] = ()


class Invitation(Wire, frozen=True, kw_only=True):
    """What the holder of an invitation link may see before signing in. ``state``: open, used, expired, withdrawn."""

    token: str
    state: str
    program: Program
    email: str
    name: str = ""
    expires_at: datetime | None = None
    password_rules: tuple[str, ...] = ()
    account_exists: bool = False


class ServerInfo(Wire, frozen=True, kw_only=True):
    """What anybody may know of a program server: ``GET /v1/server``."""

    name: str
    version: str
    protocol: int
    oldest_protocol: int
    time: datetime
    password_rules: tuple[str, ...] = ()


class Device(Wire, frozen=True, kw_only=True):
    """The installation that asks. ``id`` is made once per data folder."""

    id: DeviceId
    name: str
    app_version: str = ""


class NewAccount(Wire, frozen=True, kw_only=True):
    """*I am new here*: ``POST /v1/accounts``."""

    invitation: str
    name: str
    password: str
    device: Device


class SignIn(Wire, frozen=True, kw_only=True):
    """``POST /v1/sessions``. ``invitation`` joins its program in the same step and links its address."""

    email: str
    password: str
    device: Device
    invitation: str = ""


class Refresh(Wire, frozen=True, kw_only=True):
    """``POST /v1/sessions/refresh``."""

    refresh_token: str


class Tokens(Wire, frozen=True, kw_only=True):
    """A short access token and the refresh token that replaces the one used."""

    access_token: str
    access_expires_at: datetime
    refresh_token: str


class Session(Wire, frozen=True, kw_only=True):
    """The answer to joining or signing in."""

    tokens: Tokens
    account: Account
