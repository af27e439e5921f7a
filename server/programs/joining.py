"""Joining a program by invitation, within its licences and its contract."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from protocol import errors
from server.accounts.models import LinkedAddress, User, fold_address
from server.accounts.passwords import check_password_strength
from server.accounts.people import person_with_address
from server.programs.models import Invitation, Membership, Program
from server.refusals import RefusedError, contract_ended, not_a_member

_NOT_OPEN = {
    "used": (errors.INVITATION_USED, "This invitation was already used.", "If it was you: sign in."),
    "expired": (errors.INVITATION_EXPIRED, "This invitation has expired.", "Ask for a new one."),
    "withdrawn": (errors.INVITATION_WITHDRAWN, "This invitation was withdrawn.", "Ask the administrator why."),
}


def find_invitation(token: str) -> Invitation:
    """The invitation, in whatever state.

    Raises:
        RefusedError: invitation_unknown.
    """
    found = Invitation.objects.select_related("program__organization").filter(token=token).first()
    if found is None:
        raise RefusedError(
            errors.INVITATION_UNKNOWN,
            "This server does not know this invitation.",
            "Check that the link was copied whole, or ask for a new one.",
        )
    return found


def join_as_new(token: str, name: str, password: str) -> User:
    """Make the invited person's account and its membership.

    Raises:
        RefusedError: invitation_*, address_taken, password_weak, licences_exhausted, contract_ended.
    """
    check = find_invitation(token)
    _refuse_unless_open(check)
    if person_with_address(check.email) is not None:
        raise _address_taken()
    name = name.strip()[:200] or check.name
    check_password_strength(password, check.email, name)
    try:
        with transaction.atomic():
            invitation = _lock(token)
            user = User.objects.create_user(invitation.email, password, name=name)
            _join(invitation, user)
    except IntegrityError as error:
        raise _address_taken() from error
    return user


def join_as_existing(token: str, user: User) -> None:
    """Bring somebody who has an account into the program; an address of the invitation that nobody has is linked.

    Accepting again what the same person has accepted before changes nothing.

    Raises:
        RefusedError: invitation_*, invitation_for_another, licences_exhausted, contract_ended.
    """
    with transaction.atomic():
        invitation = _lock(token)
        if invitation.state() == "used" and invitation.used_by_id == user.pk:
            return
        _refuse_unless_open(invitation)
        owner = person_with_address(invitation.email)
        if owner is not None and owner.pk != user.pk:
            raise RefusedError(
                errors.INVITATION_FOR_ANOTHER,
                "This invitation is for somebody else's address.",
                "Sign in with the invited address, or ask for an invitation of your own.",
            )
        if owner is None:
            LinkedAddress.objects.create(user=user, email=fold_address(invitation.email))
        _join(invitation, user)


def _lock(token: str) -> Invitation:
    # The program's row orders those who want its last licence. find_invitation first, for the known refusal.
    program_id = find_invitation(token).program_id
    Program.objects.select_for_update().get(pk=program_id)
    return Invitation.objects.select_for_update().get(token=token)


def _refuse_unless_open(invitation: Invitation) -> None:
    if (state := invitation.state()) != "open":
        raise RefusedError(*_NOT_OPEN[state])


def _join(invitation: Invitation, user: User) -> None:
    _refuse_unless_open(invitation)
    program = invitation.program
    if program.contract_ended():
        raise contract_ended()
    membership = Membership.objects.filter(program=program, user=user).first()
    if membership is None or not membership.is_active():
        if program.licences is not None and program.active_memberships().count() >= program.licences:
            raise RefusedError(
                errors.LICENCES_EXHAUSTED,
                "All places of this program are taken.",
                "Ask the program's administrator for a place; the invitation stays good.",
            )
        Membership.objects.update_or_create(
            program=program,
            user=user,
            defaults={"state": Membership.ACTIVE, "joined_at": timezone.now(), "ends_at": None},
        )
    invitation.used_at, invitation.used_by = timezone.now(), user
    invitation.save(update_fields=["used_at", "used_by"])


def _address_taken() -> RefusedError:
    return RefusedError(
        errors.ADDRESS_TAKEN,
        "There is already an account with the invited address.",
        "Choose “I already have an account” and sign in.",
    )


def require_membership(user: User, program_id: str) -> Membership:
    """The active membership of ``user``.

    Raises:
        RefusedError: not_a_member, contract_ended.
    """
    membership = (
        Membership.objects.filter(user=user, program_id=program_id).select_related("program__organization").first()
    )
    if membership is None or not membership.is_active():
        raise not_a_member()
    if membership.program.contract_ended():
        raise contract_ended()
    return membership
