"""What a password must be, said before and after."""

from __future__ import annotations

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from protocol import errors
from server.accounts.models import User
from server.refusals import RefusedError

RULES = {
    "password_too_short": ("At least 10 characters", "It has fewer than 10 characters."),
    "password_entirely_numeric": ("Not only digits", "It is made of digits only."),
    "password_too_common": ("Not one of the passwords that everybody uses", "It is one that many people use."),
    "password_too_similar": ("Not your own name or e-mail address", "It is too close to your name or e-mail address."),
}
"""What Django calls it; how it is said before, and how when it was not kept."""
LONGEST = 1000
"""Characters; argon2 would chew on more for nothing."""


def password_rules() -> tuple[str, ...]:
    """The rules as short texts, for the form."""
    return tuple(before for before, _ in RULES.values())


def check_password_strength(password: str, email: str, name: str) -> None:
    """Pass, or refuse with everything that is missing.

    Raises:
        RefusedError: password_weak.
    """
    if len(password) > LONGEST:
        wrong = [f"It has more than {LONGEST} characters."]
    else:
        try:
            password_validation.validate_password(password, User(email=email, name=name))
        except ValidationError as error:
            wrong = [_wrong(problem) for problem in error.error_list]
        else:
            return
    raise RefusedError(
        errors.PASSWORD_WEAK,
        " ".join(["This password cannot be used.", *wrong]),
        "Choose another: three or four unusual words do well.",
    )


def _wrong(problem: ValidationError) -> str:
    known = RULES.get(problem.code or "")
    return known[1] if known is not None else problem.messages[0]
