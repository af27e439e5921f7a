"""Finding people by any of their addresses, and checking passwords without telling who exists."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password

from protocol import errors
from server.accounts.limits import (
    SIGN_IN_BY_ADDRESS,
    SIGN_IN_BY_NETWORK,
    count_failure,
    forget_failures,
    refuse_if_exhausted,
)
from server.accounts.models import LinkedAddress, User, fold_address
from server.refusals import RefusedError


def person_with_address(email: str) -> User | None:
    """Whoever has this address, as the main one or linked."""
    email = fold_address(email)
    user = User.objects.filter(email=email).first()
    if user is None:
        linked = LinkedAddress.objects.filter(email=email).select_related("user").first()
        user = linked.user if linked else None
    return user


def sign_in_person(email: str, password: str, network_address: str) -> User:
    """The person with this address and password.

    Raises:
        RefusedError: sign_in_refused, with the same text and after the same work whichever of the two is wrong;
            too_many_tries.
    """
    by_address, by_network = (SIGN_IN_BY_ADDRESS, fold_address(email)), (SIGN_IN_BY_NETWORK, network_address)
    refuse_if_exhausted(by_address, by_network)
    user = person_with_address(email)
    if user is None:
        make_password(password)  # as long as checking one takes
    elif user.check_password(password) and user.is_active:
        forget_failures(*by_address)
        return user
    count_failure(by_address, by_network)
    raise RefusedError(
        errors.SIGN_IN_REFUSED,
        "This address and password do not belong together.",
        "Check both, or ask your program's support to help you in.",
    )
