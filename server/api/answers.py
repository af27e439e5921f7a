"""Answers of the protocol: JSON of wire types, and refusals."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from protocol import DIGEST_HEADER
from protocol.wire import digest, encode
from server.refusals import RefusedError

JSON = "application/json"


def answer(value: Any, status: int = 200) -> HttpResponse:
    """A wire type as JSON; nobody on the way may keep it, or change it unseen."""
    body = encode(value)
    response = HttpResponse(body, content_type=JSON, status=status)
    response[DIGEST_HEADER] = digest(body)
    response["Cache-Control"] = "no-store"
    return response


def refusal(error: RefusedError) -> HttpResponse:
    """An ``ErrorBody`` with its status."""
    response = answer(error.body, error.status)
    if error.body.retry_after_s is not None:
        response["Retry-After"] = str(error.body.retry_after_s)
    if error.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="haversack"'
    return response
