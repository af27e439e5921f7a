"""How values are kept: moments as UTC milliseconds, structured values as the wire writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Column, Dialect, LargeBinary, MetaData
from sqlalchemy.types import TypeDecorator

from protocol.wire import decode, encode

METADATA = MetaData()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970 in UTC. ``moment`` must be aware."""
    return (moment - _EPOCH) // _MILLISECOND


def from_ms(milliseconds: int) -> datetime:
    """The aware UTC moment."""
    return _EPOCH + timedelta(milliseconds=milliseconds)


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime, kept as milliseconds since 1970: exact, ordered, and of no zone."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """To the database."""
        return None if value is None else to_ms(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """From the database."""
        return None if value is None else from_ms(int(value))


class WireJson(TypeDecorator[Any]):
    """A value of ``kind`` (anything the protocol's codec reads), kept as its JSON."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        """To the database."""
        return None if value is None else encode(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        """From the database."""
        return None if value is None else decode(bytes(value), self.kind)


def revision() -> Column[int]:
    """The feed's sequence at which the server last changed the row."""
    return Column("revision", BigInteger, nullable=False, server_default="0")
