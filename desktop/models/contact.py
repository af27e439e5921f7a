"""When the server was last in contact: what lets it judge "done on time, sent later"."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime

from desktop.clock import Clock
from protocol.actions import ClockEvidence

DRIFT_MS = 120_000
"""A contact of an earlier run counts only while wall clock and monotonic clock agree this well: a restart of the
computer sets the monotonic clock back, and a changed wall clock is what the evidence is meant to show."""


@dataclass(frozen=True)
class Contact:
    """The server's time in an answer, and this computer's two clocks when it came."""

    server_at: datetime
    wall_at: datetime
    monotonic_ms: int


class ContactClock:
    """Keeps the newest contact. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._contact: Contact | None = None

    @property
    def contact(self) -> Contact | None:
        """The newest one of this run, or a plausible one of an earlier run."""
        return self._contact

    @property
    def clock_off_s(self) -> float:
        """Seconds by which this computer's clock was ahead of the server's at the newest contact; 0 before one."""
        contact = self._contact
        return (contact.wall_at - contact.server_at).total_seconds() if contact else 0.0

    def heard(self, server_at: datetime) -> None:
        """The server answered and said what time it is."""
        with self._lock:
            self._contact = Contact(server_at, self._clock.now(), self._clock.monotonic_ms())

    def recall(self, contact: Contact) -> None:
        """Take over what an earlier run kept, if the computer was not restarted since."""
        monotonic = self._clock.monotonic_ms() - contact.monotonic_ms
        wall = (self._clock.now() - contact.wall_at).total_seconds() * 1000
        if monotonic >= 0 and abs(wall - monotonic) <= DRIFT_MS:
            with self._lock:
                self._contact = self._contact or contact

    def evidence(self) -> ClockEvidence:
        """What is known of this moment."""
        contact, now, zone = self._contact, self._clock.now(), self._clock.zone()
        if contact is None:
            return ClockEvidence(made_at=now, zone=zone)
        since = self._clock.monotonic_ms() - contact.monotonic_ms
        if (now - contact.wall_at).total_seconds() * 1000 - since > DRIFT_MS:
            # The computer slept (the monotonic clock may not count that) or its clock was set forward, which gains
            # nobody anything: the wall clock is the better witness. A clock set back does not get here.
            return ClockEvidence(made_at=now, zone=zone)
        return ClockEvidence(made_at=now, zone=zone, contact_at=contact.server_at, since_contact_ms=since)
