"""What Django itself refuses, said as the protocol says it under ``/v1/``."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views import defaults

from protocol import errors
from server.api.answers import refusal
from server.refusals import RefusedError, bad_request, not_found, server_fault


def _is_ours(request: HttpRequest) -> bool:
    return request.path.startswith("/v1/")


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Suspicious requests: a wrong host, a broken encoding."""
    return refusal(bad_request("it is malformed")) if _is_ours(request) else defaults.bad_request(request, exception)


def handler403(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Forbidden by Django."""
    if _is_ours(request):
        return refusal(
            RefusedError(
                errors.NOT_A_MEMBER, "This is not allowed.", "Go back, or ask the program's administrator.", status=403
            )
        )
    return defaults.permission_denied(request, exception)


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such address."""
    return refusal(not_found()) if _is_ours(request) else defaults.page_not_found(request, exception)


def handler500(request: HttpRequest) -> HttpResponse:
    """An exception that nobody expected; Django has logged it."""
    return refusal(server_fault()) if _is_ours(request) else defaults.server_error(request)
