"""Every case, in the order in which they are tried."""

from __future__ import annotations

from tests.contract.faults.cases import (
    AcceptInvitation,
    Actions,
    Case,
    CatalogFeed,
    CheckIn,
    Deliver,
    Description,
    Join,
    LearnerFeed,
    Me,
    Refresh,
    ServerInfo,
    ShowInvitation,
    SignIn,
    SignOut,
)
from tests.contract.faults.file_cases import Addresses, Lecture, Logo, Manifest, Pack, Picture

CASES: tuple[type[Case], ...] = (
    ServerInfo,
    ShowInvitation,
    AcceptInvitation,
    Join,
    SignIn,
    Refresh,
    SignOut,
    Me,
    LearnerFeed,
    CatalogFeed,
    Actions,
    CheckIn,
    Deliver,
    Description,
    Addresses,
    Pack,
    Manifest,
    Lecture,
    Picture,
    Logo,
)
