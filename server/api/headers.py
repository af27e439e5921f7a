"""What every answer carries."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import timezone

from protocol import PROTOCOL_HEADER, PROTOCOL_VERSION, SERVER_TIME_HEADER


def header_time(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def protocol_headers() -> dict[str, str]:
    """The protocol's version and the server's clock."""
    return {PROTOCOL_HEADER: str(PROTOCOL_VERSION), SERVER_TIME_HEADER: header_time(timezone.now())}
