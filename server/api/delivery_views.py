"""Devices that check in, and work that comes by file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from protocol.deliveries import CheckIn
from server.accounts.limits import DELIVERY_BY_NETWORK, count_failure, refuse_if_exhausted
from server.accounts.networks import network_address
from server.api.answers import answer
from server.api.requests import body_of, session_of_request, unchanged_body
from server.deliveries.checking_in import check_in
from server.deliveries.delivering import deliver


def check_in_current(request: HttpRequest) -> HttpResponse:
    """``POST /v1/devices/current``."""
    session = session_of_request(request)
    return answer(check_in(session, body_of(request, CheckIn)))


def take_delivery(request: HttpRequest) -> HttpResponse:
    """``POST /v1/deliveries``: from anybody, so that it needs no account to carry somebody's work."""
    caller = (DELIVERY_BY_NETWORK, network_address(request))
    refuse_if_exhausted(caller)
    count_failure(caller)
    return answer(deliver(unchanged_body(request)))
