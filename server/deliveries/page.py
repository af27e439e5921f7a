"""``/deliver``: a page on which anybody can deliver a file of work, with any browser and without a script."""

from __future__ import annotations

import base64
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from protocol import RECEIPT_SUFFIX, WORK_SUFFIX, errors
from protocol.sealing import FILE_LIMIT
from server.accounts.limits import DELIVERY_BY_NETWORK, count_failure, refuse_if_exhausted
from server.accounts.networks import network_address
from server.deliveries.delivering import deliver
from server.refusals import RefusedError, too_large

FIELD: Final = "work"
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"


@csrf_exempt  # nobody is signed in here: there is nothing that another page could do in somebody's name
@require_http_methods(["GET", "HEAD", "POST"])
def deliver_page(request: HttpRequest) -> HttpResponse:
    """A form; after it, what became of the file, and the receipt."""
    said: dict[str, object] = {"suffix": WORK_SUFFIX, "field": FIELD}
    status = 200
    if request.method == "POST":
        try:
            said |= _taken(request)
        except RefusedError as error:
            said["problem"], status = error.body, error.status
    response = render(request, "deliveries/deliver.html", said, status=status)
    response["Content-Security-Policy"] = _POLICY
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _taken(request: HttpRequest) -> dict[str, object]:
    caller = (DELIVERY_BY_NETWORK, network_address(request))
    refuse_if_exhausted(caller)
    count_failure(caller)
    file = request.FILES.get(FIELD)
    if file is None:
        raise RefusedError(errors.WORK_UNREADABLE, "No file was chosen.", "Choose the file that was given to you.")
    if (file.size or 0) > FILE_LIMIT:
        raise too_large()
    answer = deliver(file.read())
    receipt = base64.b64encode(answer.receipt).decode()
    return {"answer": answer, "receipt": receipt, "receipt_name": f"{answer.reference[:8]}{RECEIPT_SUFFIX}"}
