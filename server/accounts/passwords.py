"""What a password must be, said before and after."""

from __future__ import annotations

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from protocol import errors
from server.accounts.models import User
from server.refusals import RefusedError

RULES = {
    "password_too_short": "at least 10 characters",
    "password_entirely_numeric": "not only digits",
    "password_too_common": "not one of the passwords that everybody uses",
    "password_too_similar": "not your own name or e-mail address",
}
LONGEST = 1000
"""Characters; argon2 would chew on more for nothing."""


def password_rules() -> tuple[str, ...]:
    """The rules as short texts, for the form."""
    return tuple(rule[0].upper() + rule[1:] for rule in RULES.values())


def check_password_strength(password: str, email: str, name: str) -> None:
    """Pass, or refuse with everything that is missing.

    Raises:
        RefusedError: password_weak.
    """
    if len(password) > LONGEST:
        missing = [f"at most {LONGEST} characters"]
    else:
        try:
            password_validation.validate_password(password, User(email=email, name=name))
        except ValidationError as error:
            missing = [RULES.get(problem.code or "", problem.messages[0]) for problem in error.error_list]
        else:
            return
    raise RefusedError(
        errors.PASSWORD_WEAK,
        f"This password is too weak. It must be: {'; '.join(missing)}.",
        "Choose a longer one: three or four unusual words do well.",
    )
