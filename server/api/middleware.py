"""The protocol's headers on every answer, and the door for clients that are too old."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from protocol import PROTOCOL_HEADER, errors
from server.api.answers import refusal
from server.api.headers import protocol_headers
from server.refusals import RefusedError, bad_request

OLDEST_PROTOCOL = 1


class ProtocolMiddleware:
    """Outermost, so that it also dresses what the others refuse."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with the protocol's version and the server's clock."""
        response = self._refused(request) or self._get_response(request)
        for name, value in protocol_headers().items():
            response[name] = value
        return response

    def _refused(self, request: HttpRequest) -> HttpResponse | None:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return refusal(bad_request("its address holds a character that no text has"))
        spoken = request.headers.get(PROTOCOL_HEADER, "")
        if not (spoken.isascii() and spoken.isdecimal()) or int(spoken[:9]) >= OLDEST_PROTOCOL:
            return None
        if request.path == "/v1/server" or not request.path.startswith("/v1/"):
            return None
        return refusal(
            RefusedError(
                errors.PROTOCOL_TOO_OLD,
                "This Haversack is too old for the program's server.",
                "Update Haversack; what waits to be sent is kept.",
            )
        )
