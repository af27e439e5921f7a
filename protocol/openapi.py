"""The OpenAPI document, generated from the wire types: ``python -m protocol.openapi > docs/openapi.json``."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from protocol import (
    PROTOCOL_VERSION,
    accounts,
    actions,
    catalog,
    course_packs,
    deliveries,
    errors,
    feeds,
    learning,
    manifest,
    packs,
    quizzes,
)
from protocol.wire import Wire

JSON: Final = "application/json"
_TEMPLATE: Final = "#/components/schemas/{name}"


@dataclass(frozen=True)
class Operation:
    """One thing that a client may ask. ``refusals`` are statuses answered with an ``ErrorBody``;
    ``takes`` is the type of a body that is no JSON."""

    method: str
    path: str
    summary: str
    answer: type[Wire] | None
    body: type[Wire] | None = None
    status: int = 200
    signed_in: bool = True
    query: tuple[str, ...] = ()
    refusals: tuple[int, ...] = ()
    binary: bool = False
    takes: str = ""


OPERATIONS: Final = (
    Operation("get", "/v1/server", "Who the server is", accounts.ServerInfo, signed_in=False),
    Operation(
        "get",
        "/v1/invitations/{token}",
        "What the holder of an invitation may see",
        accounts.Invitation,
        signed_in=False,
        refusals=(404, 429),
    ),
    Operation(
        "post",
        "/v1/invitations/{token}/accept",
        "Join a program when signed in",
        accounts.Account,
        refusals=(403, 404, 409, 410),
    ),
    Operation(
        "post",
        "/v1/accounts",
        "Join a program as somebody new",
        accounts.Session,
        accounts.NewAccount,
        201,
        signed_in=False,
        refusals=(400, 403, 404, 409, 410, 422, 429),
    ),
    Operation(
        "post",
        "/v1/sessions",
        "Sign in, and join if there is an invitation",
        accounts.Session,
        accounts.SignIn,
        signed_in=False,
        refusals=(400, 401, 403, 404, 409, 410, 429),
    ),
    Operation(
        "post",
        "/v1/sessions/refresh",
        "Exchange the refresh token",
        accounts.Tokens,
        accounts.Refresh,
        signed_in=False,
        refusals=(400, 401),
    ),
    Operation("delete", "/v1/sessions/current", "Sign out on this device", None, status=204),
    Operation("get", "/v1/me", "The account", accounts.Account),
    Operation(
        "get",
        "/v1/feeds/{feed}",
        "Changes after a cursor, oldest first; 304 when If-None-Match holds the cursor and nothing is new",
        feeds.FeedPage,
        query=("after", "limit"),
        refusals=(400, 403, 404, 410),
    ),
    Operation(
        "post",
        "/v1/actions",
        "What the learner did; each at most once",
        actions.ActionBatchResult,
        actions.ActionBatch,
        refusals=(400, 409, 413),
    ),
    Operation(
        "post",
        "/v1/devices/current",
        "Check in: what a device and the server need to know of each other",
        deliveries.CheckedIn,
        deliveries.CheckIn,
        refusals=(400,),
    ),
    Operation(
        "post",
        "/v1/deliveries",
        "The bytes of a file of work, delivered by anybody",
        deliveries.DeliveryAnswer,
        signed_in=False,
        refusals=(403, 409, 410, 413, 422, 426, 429),
        takes=deliveries.MEDIA_TYPE,
    ),
    Operation(
        "get",
        "/v1/courses/{course_id}/description",
        "The page on which a learner decides",
        catalog.CourseDescription,
        refusals=(403, 404),
    ),
    Operation(
        "post",
        "/v1/courses/{course_id}/addresses",
        "Signed addresses of blobs",
        feeds.AddressAnswer,
        feeds.AddressRequest,
        refusals=(400, 403, 404, 413),
    ),
    Operation(
        "post",
        "/v1/courses/{course_id}/packs",
        "Many small blobs in one answer: a PackIndex, then their bytes",
        None,
        packs.PackRequest,
        refusals=(400, 403, 404, 413),
        binary=True,
    ),
    Operation(
        "get",
        "/v1/manifests/{version}",
        "A course version: the bytes whose SHA-256 is its id",
        manifest.CourseManifest,
        refusals=(403, 404),
    ),
    Operation(
        "get",
        "/v1/blobs/{sha256}",
        "A blob, whole or a single range; the signature is the authority",
        None,
        signed_in=False,
        query=("expires", "signature"),
        refusals=(403, 404, 416),
        binary=True,
    ),
    Operation(
        "get",
        "/v1/programs/{program_id}/logo",
        "The program's logo",
        None,
        signed_in=False,
        refusals=(404,),
        binary=True,
    ),
)
"""In the order of the documentation; a test compares them with the server's addresses."""

FEED_BODIES: Final[tuple[type[Wire], ...]] = (
    catalog.CatalogEntry,
    catalog.CatalogGroup,
    catalog.PackKey,
    learning.Enrollment,
    learning.SavedCourse,
    learning.Progress,
    learning.Position,
    learning.Note,
    learning.Attempt,
    learning.Grade,
    learning.Deadline,
)


# A default of raw bytes (the body of a deleted entity) can't be put into a schema: these say the same without it.
_Change = msgspec.defstruct(
    "Change",
    [("kind", str), ("id", str), ("revision", int), ("body", Any, None)],
    bases=(Wire,),
    namespace={"__doc__": feeds.Change.__doc__},
    frozen=True,
    kw_only=True,
)
_FeedPage = msgspec.defstruct(
    "FeedPage",
    [
        ("feed", str),
        ("changes", tuple[_Change, ...]),  # type: ignore[valid-type]
        ("cursor", str),
        ("more", bool, False),
        ("poll_after_s", int, 60),
    ],
    bases=(Wire,),
    namespace={"__doc__": feeds.FeedPage.__doc__},
    frozen=True,
    kw_only=True,
)
_STAND_INS: Final[dict[type[Any], type[Any]]] = {feeds.Change: _Change, feeds.FeedPage: _FeedPage}


def wire_types() -> tuple[type[Wire], ...]:
    """Every type that travels, by module and in the order of the source."""
    modules = (errors, accounts, catalog, manifest, packs, course_packs, quizzes, learning, feeds, actions, deliveries)
    return tuple(
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Wire) and value.__module__ == module.__name__
    )


def document() -> dict[str, Any]:
    """The document as plain values; the same for the same types."""
    types = [_STAND_INS.get(kind, kind) for kind in wire_types()]
    _, components = msgspec.json.schema_components(types, ref_template=_TEMPLATE)
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Haversack program server",
            "version": str(PROTOCOL_VERSION),
            "description": "Every answer carries Haversack-Protocol and Haversack-Time. Every refusal is an ErrorBody.",
        },
        "paths": paths,
        "components": {
            "schemas": dict(sorted(components.items())),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def _content(kind: type[Wire]) -> dict[str, Any]:
    return {JSON: {"schema": {"$ref": _TEMPLATE.format(name=kind.__name__)}}}


def _operation(operation: Operation) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    success: dict[str, Any] = {"description": operation.summary}
    if operation.binary:
        success["content"] = {"application/octet-stream": {}}
        if "range" in operation.summary:
            answers["206"] = {"description": "The wanted range", "content": {"application/octet-stream": {}}}
    elif operation.answer is not None:
        success["content"] = _content(operation.answer)
    answers[str(operation.status)] = success
    refusals = {*operation.refusals, 401} if operation.signed_in else set(operation.refusals)
    for status in refusals:
        refusal: dict[str, Any] = {"description": "Refused"}
        if status != 416:
            refusal["content"] = _content(errors.ErrorBody)
        answers[str(status)] = refusal
    described: dict[str, Any] = {
        "summary": operation.summary,
        "security": [{"bearer": []}] if operation.signed_in else [],
        "responses": dict(sorted(answers.items())),
    }
    names = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
    parameters = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
    required = operation.binary
    parameters += [
        {"name": name, "in": "query", "required": required, "schema": {"type": "string"}} for name in operation.query
    ]
    if parameters:
        described["parameters"] = parameters
    if operation.body is not None:
        described["requestBody"] = {"required": True, "content": _content(operation.body)}
    if operation.takes:
        described["requestBody"] = {"required": True, "content": {operation.takes: {}}}
    return described


def text() -> str:
    """The document as it lies in ``docs/openapi.json``."""
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
