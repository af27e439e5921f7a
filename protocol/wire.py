"""Encoding and decoding. One base class, one place that knows it is JSON."""

from __future__ import annotations

import hashlib
from typing import Any, TypeVar

import msgspec


class Wire(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of every wire type. Fields that hold their default are left out; unknown ones are ignored on reading."""


T = TypeVar("T")


class WireError(ValueError):
    """The bytes are not what the protocol says they are. ``str(error)`` names the place in the document."""


def encode(value: Any) -> bytes:
    """JSON in UTF-8. Moments must be aware; they are written in RFC 3339."""
    return msgspec.json.encode(value)


def digest(data: bytes) -> str:
    """What tells a body that was changed on its way: SHA-256, in lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def decode(data: bytes | str | msgspec.Raw, kind: type[T]) -> T:
    """Read ``data`` as ``kind``.

    Raises:
        WireError: not JSON, or not of this shape.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise WireError(str(error)) from error
