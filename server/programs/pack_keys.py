"""The keys with which programs sign course packs.

A program has one active key, made with the program, so that its learners have the public half before the first pack is
handed out. The private half lies in the database, encrypted with a key that is derived from ``SECRET_KEY``: a copy of
the database alone signs nothing, and every machine that serves the program can sign.
"""

from __future__ import annotations

import base64
import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction

from protocol import catalog as wire
from protocol.feeds import PACK_KEY, program_feed
from protocol.ids import ProgramId
from server.feeds.writing import FeedWriter, open_feed
from server.programs.models import PackKey, Program

NONCE = 12
PURPOSE = b"haversack course pack keys 1"


class KeyLostError(Exception):
    """The private half cannot be read with any ``SECRET_KEY`` that this server knows. The text is for people."""


def ensure_key(feed: FeedWriter, program: Program) -> PackKey:
    """The program's active key, made and told to its feed if there is none. Within the feed's transaction."""
    return PackKey.objects.filter(program=program, state=PackKey.ACTIVE).first() or _make(feed, program)


def make_missing_keys() -> None:
    """A key for every program that has none."""
    for program in Program.objects.exclude(pack_keys__state=PackKey.ACTIVE):
        with open_feed(program_feed(ProgramId(program.pk))) as feed:
            ensure_key(feed, program)


def replace_key(program: Program, *, revoke: bool = False) -> PackKey:
    """Make a new key and sign with that from now on. What the old one signed stays good unless it is revoked."""
    with open_feed(program_feed(ProgramId(program.pk))) as feed:
        _end_active(feed, program, PackKey.REVOKED if revoke else PackKey.RETIRED)
        return _make(feed, program)


def revoke_key(key: PackKey) -> None:
    """Nothing that it signed is good any more. An active one is replaced."""
    with open_feed(program_feed(ProgramId(key.program_id))) as feed:
        key.refresh_from_db()
        was_active = key.state == PackKey.ACTIVE
        _set_state(feed, key, PackKey.REVOKED)
        if was_active:
            _make(feed, key.program)


def sign(program: Program, data: bytes) -> tuple[str, bytes]:
    """The id of the program's active key, made if need be, and its signature.

    Raises:
        KeyLostError: the key cannot be read.
    """
    with transaction.atomic(), open_feed(program_feed(ProgramId(program.pk))) as feed:
        key = ensure_key(feed, program)
    return key.pk, _private(key).sign(data)


def key_to_wire(key: PackKey) -> wire.PackKey:
    """What desktops learn of a key."""
    return wire.PackKey(
        id=key.pk,
        program_id=ProgramId(key.program_id),
        public_key=key.public,
        state=key.state,
        made_at=key.made_at,
    )


def _make(feed: FeedWriter, program: Program) -> PackKey:
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    key_id = hashlib.sha256(public).hexdigest()[:32]
    nonce = os.urandom(NONCE)
    sealed = nonce + _cipher(settings.SECRET_KEY).encrypt(nonce, private.private_bytes_raw(), key_id.encode())
    key = PackKey.objects.create(
        pk=key_id,
        program=program,
        public=base64.b64encode(public).decode(),
        private=base64.b64encode(sealed).decode(),
    )
    feed.put(PACK_KEY, key.pk, key_to_wire(key))
    return key


def _end_active(feed: FeedWriter, program: Program, state: str) -> None:
    for key in PackKey.objects.filter(program=program, state=PackKey.ACTIVE):
        _set_state(feed, key, state)


def _set_state(feed: FeedWriter, key: PackKey, state: str) -> None:
    key.state, key.private = state, ""  # it will never sign again
    key.save(update_fields=["state", "private"])
    feed.put(PACK_KEY, key.pk, key_to_wire(key))


def _private(key: PackKey) -> Ed25519PrivateKey:
    sealed = base64.b64decode(key.private)
    for secret in (settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)):
        try:
            raw = _cipher(secret).decrypt(sealed[:NONCE], sealed[NONCE:], key.pk.encode())
        except InvalidTag:
            continue
        return Ed25519PrivateKey.from_private_bytes(raw)
    raise KeyLostError(
        f"The key {key.pk[:8]}… was made with another SECRET_KEY. Put that one into SECRET_KEY_FALLBACKS, "
        f"or make a new key: python -m server manage replace_pack_key {key.program_id}"
    )


def _cipher(secret: str) -> ChaCha20Poly1305:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return ChaCha20Poly1305(derived)
