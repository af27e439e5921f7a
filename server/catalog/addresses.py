"""Signed addresses of blobs: the signature is the authority, so that a cache or nginx can answer without asking."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.core.signing import Signer
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from protocol import errors
from protocol.feeds import BlobAddress
from protocol.ids import Sha256
from server.refusals import RefusedError


def _signature(sha256: str, expires: int, account: str) -> str:
    return Signer(salt="haversack.blob").signature(f"{sha256}:{expires}:{account}")


def sign_address(sha256: str, account: str) -> BlobAddress:
    """An address of a blob for one account. The signature names the account, so a leaked one tells whose it was."""
    expires = int((timezone.now() + settings.BLOB_ADDRESS_LIFETIME).timestamp())
    signature = f"{account}.{_signature(sha256, expires, account)}"
    return BlobAddress(
        sha256=Sha256(sha256),
        url=f"/v1/blobs/{sha256}?expires={expires}&signature={signature}",
        expires_at=datetime.fromtimestamp(expires, UTC),
    )


def check_address(sha256: str, expires: str, signature: str) -> None:
    """Pass when the address was signed here and is not over.

    Raises:
        RefusedError: address_expired, also for one that was tampered with.
    """
    account, _, digest = signature.partition(".")
    if expires.isascii() and expires.isdecimal() and len(expires) <= 12:
        moment = int(expires)
        right = constant_time_compare(digest, _signature(sha256, moment, account))
        if right and moment > timezone.now().timestamp():
            return
    raise RefusedError(
        errors.ADDRESS_EXPIRED, "This address is not good any more.", "Haversack asks for a new one by itself."
    )
