"""Signing in to the back office, as carefully as to the program."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from server.accounts.limits import (
    SIGN_IN_BY_ADDRESS,
    SIGN_IN_BY_NETWORK,
    count_failure,
    forget_failures,
    refuse_if_exhausted,
)
from server.accounts.models import User, fold_address
from server.accounts.networks import network_address
from server.refusals import RefusedError


class LimitedBackend(ModelBackend):
    """Counts wrong passwords with those of the program: who tried too often waits, with the right one too."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """The person, or None.

        Raises:
            PermissionDenied: too many tries; no other backend is asked.
        """
        email = username if username is not None else kwargs.get(User.USERNAME_FIELD)
        if email is None or password is None:
            return None
        tries = [(SIGN_IN_BY_ADDRESS, fold_address(str(email)))]
        if request is not None:
            tries.append((SIGN_IN_BY_NETWORK, network_address(request)))
        try:
            refuse_if_exhausted(*tries)
        except RefusedError as error:
            raise PermissionDenied(str(error)) from error
        user = super().authenticate(request, username=email, password=password)
        if user is None:
            count_failure(*tries)
            return None
        forget_failures(*tries[0])
        assert isinstance(user, User)
        return user
