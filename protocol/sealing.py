"""Files of work and their receipts: sealed, so that who carries them can neither read nor change them.

A file of work is ``WORK_MAGIC``, a line of JSON (``WorkHeader``), and bytes sealed for the server by HPKE (RFC 9180:
X25519, HKDF-SHA256, ChaCha20-Poly1305) with both lines as ``info``. Sealed are: an Ed25519 signature (64 bytes) of the
device over both lines and the work, the length of what follows (4 bytes, the largest first), the work (JSON, zlib),
and zeros up to a multiple of ``PADDING``. So a signature is bound to the server for which it was made, and the length
of a file says little.

A receipt is ``RECEIPT_MAGIC``, a line of JSON (``ReceiptHeader``), a nonce (12 bytes), and ChaCha20-Poly1305 with the
work's receipt key over length, ``Receipt`` (JSON, zlib) and zeros, with both lines as associated data. The key is known
to the device and, from inside the sealed work, to the server: nobody else can make a receipt.
"""

from __future__ import annotations

import os
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from protocol.deliveries import Receipt, ReceiptHeader, Work, WorkHeader
from protocol.wire import Wire, WireError, decode, encode

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.hpke import Suite

WORK_MAGIC: Final = b"haversack work 1\n"
RECEIPT_MAGIC: Final = b"haversack receipt 1\n"
FILE_LIMIT: Final = 960 * 1024
"""Bytes of a file: with a form around it, still within the 1 MB that a server takes."""
PLAIN_LIMIT: Final = 16 * 1024 * 1024
"""Bytes of what is unpacked."""
PADDING: Final = 4096
RECEIPT_KEY_BYTES: Final = 32
_HEADER_LIMIT: Final = 2048
_SIGNATURE: Final = 64
_NONCE: Final = 12
_OVERHEAD: Final = 64
"""More than what sealing adds: the ephemeral key and the tag."""

H = TypeVar("H", bound=Wire)


class SealError(ValueError):
    """The bytes are not what they should be: another kind of file, damaged, or not for this key."""


class TooLargeError(SealError):
    """More than a file may hold."""


@dataclass(frozen=True)
class OpenedWork:
    """Work as it was sealed. Who signed it is still to be found out: ``is_signed_by``."""

    header: WorkHeader
    work: Work
    signature: bytes
    signed: bytes

    def is_signed_by(self, public_key: bytes) -> bool:
        """Whether the owner of this Ed25519 key made it, for this server."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(public_key).verify(self.signature, self.signed)
        except (InvalidSignature, ValueError):
            return False
        return True


def seal_work(header: WorkHeader, work: Work, signing: Ed25519PrivateKey, server_key: bytes) -> bytes:
    """The bytes of a file of work.

    Raises:
        TooLargeError: put fewer actions into it.
    """
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

    head = WORK_MAGIC + encode(header) + b"\n"
    plain = encode(work)
    if len(plain) > PLAIN_LIMIT:
        raise TooLargeError(f"{len(plain)} bytes of work")
    inside = _padded(signing.sign(head + plain), plain)
    if len(head) + len(inside) + _OVERHEAD > FILE_LIMIT:
        raise TooLargeError(f"{len(inside)} bytes to be sealed")
    public = X25519PublicKey.from_public_bytes(server_key)
    return head + _suite().encrypt(inside, public, info=head)


def read_work_header(data: bytes) -> WorkHeader:
    """Where a file of work is to be delivered.

    Raises:
        SealError: it is none.
    """
    return _head(data, WORK_MAGIC, WorkHeader)[0]


def open_work(data: bytes, private: X25519PrivateKey) -> OpenedWork:
    """Open a file of work.

    Raises:
        SealError: it is none, it was changed or cut off, or it was sealed for another key.
    """
    from cryptography.exceptions import InvalidTag

    header, head, sealed = _head(data, WORK_MAGIC, WorkHeader)
    try:
        inside = _suite().decrypt(sealed, private, info=head)
    except (InvalidTag, ValueError) as error:
        raise SealError("it cannot be opened") from error
    signature, plain = inside[:_SIGNATURE], _unpadded(inside[_SIGNATURE:])
    return OpenedWork(header, _read(plain, Work), signature, head + plain)


def seal_receipt(receipt: Receipt, key: bytes) -> bytes:
    """The bytes of a receipt."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    head = RECEIPT_MAGIC + encode(ReceiptHeader(reference=receipt.reference)) + b"\n"
    nonce = os.urandom(_NONCE)
    return head + nonce + ChaCha20Poly1305(key).encrypt(nonce, _padded(b"", encode(receipt)), head)


def read_receipt_header(data: bytes) -> ReceiptHeader:
    """Which work a receipt is for.

    Raises:
        SealError: it is none.
    """
    return _head(data, RECEIPT_MAGIC, ReceiptHeader)[0]


def open_receipt(data: bytes, key: bytes) -> Receipt:
    """Open a receipt with the key that the work held.

    Raises:
        SealError: it is none, it was changed or cut off, or it is for other work.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    header, head, sealed = _head(data, RECEIPT_MAGIC, ReceiptHeader)
    try:
        inside = ChaCha20Poly1305(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], head)
    except (InvalidTag, ValueError) as error:
        raise SealError("it cannot be opened") from error
    receipt = _read(_unpadded(inside), Receipt)
    if receipt.reference != header.reference:
        raise SealError("it is for other work")
    return receipt


def _suite() -> Suite:
    from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

    return Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


def _head(data: bytes, magic: bytes, kind: type[H]) -> tuple[H, bytes, bytes]:
    """The header, both lines as they are, and what is sealed."""
    if len(data) > FILE_LIMIT:
        raise TooLargeError(f"{len(data)} bytes")
    end = data.find(b"\n", len(magic), len(magic) + _HEADER_LIMIT)
    if not data.startswith(magic) or end < 0:
        raise SealError("another kind of file")
    return _read(data[len(magic) : end], kind), data[: end + 1], data[end + 1 :]


def _read(data: bytes, kind: type[H]) -> H:
    try:
        return decode(data, kind)
    except WireError as error:
        raise SealError(str(error)) from error


def _padded(before: bytes, plain: bytes) -> bytes:
    packed = zlib.compress(plain, 9)
    filled = before + len(packed).to_bytes(4, "big") + packed
    return filled + bytes(-len(filled) % PADDING)


def _unpadded(inside: bytes) -> bytes:
    packed = inside[4 : 4 + int.from_bytes(inside[:4], "big")]
    unpacking = zlib.decompressobj()
    try:
        plain = unpacking.decompress(packed, PLAIN_LIMIT + 1)
    except zlib.error as error:
        raise SealError("it is not packed as it should be") from error
    if len(plain) > PLAIN_LIMIT or not unpacking.eof:
        raise SealError("it is longer or shorter than it says")
    return plain
