"""The key pairs for which work is sealed: made when first needed, replaced by hand, kept for a year after that."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.db import transaction
from django.utils import timezone

from protocol.deliveries import SealingKey
from server.deliveries.models import SealingKeyPair

KEPT = timedelta(days=400)
"""So long a replaced key opens what was sealed for it: work may lie on a stick for long."""


def newest_key() -> SealingKey:
    """The key that devices seal for."""
    pair = SealingKeyPair.objects.order_by("-made_at").first() or _make()
    return SealingKey(id=pair.id, public=bytes.fromhex(pair.public))


def private_key(key_id: str) -> X25519PrivateKey | None:
    """The private part of a key, None when there is none, or none any more."""
    pair = SealingKeyPair.objects.filter(pk=key_id).first()
    return None if pair is None else X25519PrivateKey.from_private_bytes(bytes.fromhex(pair.private))


def replace_key() -> tuple[str, int]:
    """Make a new key; those that were replaced longer than ``KEPT`` ago are forgotten. Returns the new one's id, and
    how many were forgotten."""
    with transaction.atomic():
        made = _make()
        # The newest of those before the limit was in use until after it.
        past = SealingKeyPair.objects.filter(made_at__lt=timezone.now() - KEPT).order_by("-made_at")
        gone = [pair.pk for pair in past[1:]]
        SealingKeyPair.objects.filter(pk__in=gone).delete()
    return made.id, len(gone)


def _make() -> SealingKeyPair:
    private = X25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    return SealingKeyPair.objects.create(
        id=hashlib.sha256(public).hexdigest()[:16], public=public.hex(), private=private.private_bytes_raw().hex()
    )
