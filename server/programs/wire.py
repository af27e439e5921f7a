"""Programs and people as the protocol shows them."""

from __future__ import annotations

from protocol import accounts as wire
from protocol.ids import AccountId, ProgramId
from server.accounts.models import User
from server.accounts.passwords import password_rules
from server.programs.models import Invitation, Membership, Program


def program_to_wire(program: Program) -> wire.Program:
    """A program with its brand; the logo's address changes with the logo."""
    logo = f"/v1/programs/{program.pk}/logo?v={program.logo_id[:12]}" if program.logo_id else ""
    return wire.Program(
        id=ProgramId(program.pk),
        name=program.name,
        organization=program.organization.name,
        brand=wire.Brand(name=program.brand_name or program.name, accent=program.accent, logo_url=logo),
        welcome=program.welcome,
        support_email=program.support_email,
        admin_email=program.admin_email,
    )


def membership_to_wire(membership: Membership) -> wire.Membership:
    """A membership; one whose end has passed is ended whatever the row says."""
    active = membership.is_active() and not membership.program.contract_ended()
    return wire.Membership(
        program=program_to_wire(membership.program),
        state=Membership.ACTIVE if active else Membership.ENDED,
        joined_at=membership.joined_at,
        ends_at=membership.ends_at,
    )


def account_to_wire(user: User) -> wire.Account:
    """A learner as they see themself."""
    memberships = Membership.objects.filter(user=user).select_related("program__organization").order_by("joined_at")
    return wire.Account(
        id=AccountId(user.pk),
        email=user.email,
        name=user.name,
        memberships=tuple(membership_to_wire(membership) for membership in memberships),
    )


def invitation_to_wire(invitation: Invitation, *, account_exists: bool) -> wire.Invitation:
    """What the holder of the link may see."""
    return wire.Invitation(
        token=invitation.token,
        state=invitation.state(),
        program=program_to_wire(invitation.program),
        email=invitation.email,
        name=invitation.name,
        expires_at=invitation.expires_at,
        password_rules=password_rules(),
        account_exists=account_exists,
    )
