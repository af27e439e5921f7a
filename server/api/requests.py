"""Reading requests: body, bearer, network address; and joining methods to one address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from protocol import DIGEST_HEADER, errors
from protocol.wire import WireError, decode, digest, encode
from server.accounts.models import DeviceSession
from server.accounts.tokens import not_signed_in, session_of
from server.api.answers import refusal
from server.refusals import RefusedError, bad_request, changed_on_the_way, too_large

T = TypeVar("T")
View = Callable[..., HttpResponseBase]


def body_of(request: HttpRequest, kind: type[T]) -> T:
    """The request's body as a wire type.

    Raises:
        RefusedError: too_large, changed_on_the_way, bad_request.
    """
    try:
        length = int(request.headers.get("Content-Length") or 0)
    except ValueError:
        length = 0
    if length > settings.BODY_LIMIT:
        raise too_large()
    body = unchanged_body(request)
    try:
        return decode(_without_nul(body), kind)
    except (WireError, OverflowError) as error:
        raise bad_request(str(error)) from error


def unchanged_body(request: HttpRequest) -> bytes:
    """The request's body as it was sent.

    Raises:
        RefusedError: too_large, changed_on_the_way.
    """
    try:
        # A length that was not announced (chunked) is caught while reading
        body = request.body
    except RequestDataTooBig as error:
        raise too_large() from error
    if request.headers.get(DIGEST_HEADER, "") not in ("", digest(body)):
        raise changed_on_the_way()
    return body


def _without_nul(data: bytes) -> bytes:
    """A document none of whose texts holds NUL, which PostgreSQL can't store and nobody types."""
    return encode(_stripped(decode(data, object))) if b"\\u0000" in data else data


def _stripped(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_stripped(one) for one in value]
    if isinstance(value, dict):
        return {_stripped(key): _stripped(one) for key, one in value.items()}
    return value


def session_of_request(request: HttpRequest) -> DeviceSession:
    """The session named by the bearer token, with its user.

    Raises:
        RefusedError: not_signed_in, session_ended.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise not_signed_in()
    return session_of(token.strip())


def endpoint(**methods: View) -> View:
    """One address: a view per method. ``HEAD`` is answered by ``GET``'s view. Refusals become answers here."""
    views = {name.upper(): view for name, view in methods.items()}
    if "GET" in views:
        views["HEAD"] = views["GET"]

    @csrf_exempt
    def dispatch(request: HttpRequest, **arguments: str) -> HttpResponseBase:
        view = views.get(request.method or "")
        if view is None:
            response = refusal(
                RefusedError(
                    errors.BAD_REQUEST, "This address does not take such a request.", "Update Haversack.", status=405
                )
            )
            response["Allow"] = ", ".join(sorted(views))
            return response
        try:
            return view(request, **arguments)
        except RefusedError as error:
            return refusal(error)

    return dispatch
