"""What a line does to a request, and what the learner may be told of it meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.sync import problems
from protocol.openapi import Operation
from tests.fault_proxy import Fault, page

BROKEN = frozenset({problems.OFFLINE, problems.TRUNCATED})
LATE = frozenset({problems.TIMEOUT})
UNREADABLE = BROKEN | {problems.NOT_OURS}
OUT_OF_ORDER = frozenset({problems.SERVER_FAULT})
PORTAL = frozenset({problems.CAPTIVE})


@dataclass(frozen=True)
class Kind:
    """A fault that one connection meets, or two in a row where that takes no patience.

    Attributes:
        says: codes of what may be said; empty: it must work all the same.
        slow: the client waits until its patience ends.
    """

    fault: Fault
    says: frozenset[str] = frozenset()
    slow: bool = False

    def applies(self, operation: Operation) -> bool:
        """Whether there is a byte that it could spoil."""
        answers = operation.answer is not None or operation.binary
        if self.fault.corrupt_sent_body is not None:
            return operation.body is not None or bool(operation.takes)
        in_the_body = (self.fault.corrupt_body, self.fault.half_close_after) != (None, None)
        return answers or not (in_the_body or (self.fault.close_after or 0) > 200)


KINDS = {
    "late": Kind(Fault(latency_s=0.02)),
    "narrow": Kind(Fault(bytes_per_s=200_000)),
    "nobody answers": Kind(Fault(refuse=True), BROKEN),
    "reset while it is asked": Kind(Fault(reset_sent_after=60), BROKEN),
    "reset before the answer": Kind(Fault(reset_after=0), BROKEN),
    "reset in the head": Kind(Fault(reset_after=40), BROKEN),
    "reset in the body": Kind(Fault(reset_after=460), BROKEN),
    "closed before the answer": Kind(Fault(close_after=0), BROKEN),
    "closed in the head": Kind(Fault(close_after=25), BROKEN),
    "closed in the body": Kind(Fault(close_after=460), BROKEN),
    "half closed": Kind(Fault(half_close_after=450), BROKEN | LATE),
    "stalled before the answer": Kind(Fault(stall_after=0), LATE, slow=True),
    "stalled in the head": Kind(Fault(stall_after=30), LATE, slow=True),
    "stalled in the body": Kind(Fault(stall_after=450), LATE, slow=True),
    "another status": Kind(Fault(corrupt_at=10), UNREADABLE),
    "another name in the head": Kind(Fault(corrupt_at=22), UNREADABLE),
    "another byte in the body": Kind(Fault(corrupt_body=3), UNREADABLE),
    "another digit in the body": Kind(Fault(corrupt_body=45, flip=1), UNREADABLE),
    "another letter in what is sent": Kind(Fault(corrupt_sent_body=20, flip=1), UNREADABLE),
    "502": Kind(Fault(answer=page("502 Bad Gateway")), OUT_OF_ORDER),
    "503": Kind(Fault(answer=page("503 Service Unavailable", b"", "text/plain")), OUT_OF_ORDER),
    "500 that says it is JSON": Kind(
        Fault(answer=page("500 Internal Server Error", b"{}", "application/json")), OUT_OF_ORDER
    ),
    "504 after it was done": Kind(Fault(instead=page("504 Gateway Timeout")), OUT_OF_ORDER),
    "a hotel's page": Kind(Fault(answer=page("200 OK", b"<html>Sign in to this hotel</html>")), PORTAL),
    "a redirect": Kind(Fault(answer=page("302 Found\r\nLocation: http://hotel.example/")), PORTAL),
    "an empty answer": Kind(Fault(answer=page("200 OK", b"", "application/octet-stream")), UNREADABLE),
    "not HTTP": Kind(Fault(answer=b"220 mail.example.org ESMTP\r\n\r\n"), BROKEN),
}
