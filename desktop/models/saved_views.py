"""Views as JSON, so that a later start can read them back before anything heavy is imported.

With the standard library alone: importing msgspec takes longer than reading fifty courses this way. A view is a named
tuple whose fields are texts, numbers, flags, moments, paths, other views, tuples of one kind, or None instead.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import NoneType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
_Read = Callable[[Any], object]
_TEXTUAL: dict[type, _Read] = {Path: Path, datetime: datetime.fromisoformat}


def encode_view(view: object) -> bytes:
    """A view as JSON. Its moments must be aware."""
    return json.dumps(_plain(view)).encode()


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        names: tuple[str, ...] | None = getattr(value, "_fields", None)
        parts = map(_plain, value)
        return list(parts) if names is None else dict(zip(names, parts, strict=True))
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Path) else value


def decode_view(data: bytes, kind: type[T]) -> T:
    """Read a view of this kind back. Unknown fields are ignored.

    Raises:
        ValueError: it is no JSON, or of another shape.
    """
    try:
        return cast(T, _reader(cast(Any, kind))(json.loads(data)))
    except (TypeError, RecursionError) as error:  # a field without a default is missing; somebody else's file
        raise ValueError(str(error)) from error


@functools.cache
def _reader(kind: Any) -> _Read:
    """What makes a value of ``kind`` of what JSON has for it."""
    if get_origin(kind) is tuple:
        inner = _reader(get_args(kind)[0])
        return lambda value: tuple(map(inner, _checked(value, list)))
    if NoneType in get_args(kind):
        inner = _reader(next(other for other in get_args(kind) if other is not NoneType))
        return lambda value: None if value is None else inner(value)
    if kind in _TEXTUAL:
        return lambda value: _TEXTUAL[kind](_checked(value, str))
    if not hasattr(kind, "_fields"):
        return lambda value: _checked(value, kind)
    fields = {name: _reader(inner) for name, inner in get_type_hints(kind).items()}

    def read_view(value: Any) -> object:
        found = _checked(value, dict)
        return kind(**{name: read(found[name]) for name, read in fields.items() if name in found})

    return read_view


def _checked(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise ValueError(f"{value!r} is no {kind}")
    return value
