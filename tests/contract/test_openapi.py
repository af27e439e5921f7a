"""The OpenAPI document is what the types say, names every address of the server, and refers to nothing missing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from django.urls import URLPattern, URLResolver, get_resolver

from protocol import feeds, openapi

DOCUMENT = Path(__file__).resolve().parents[2] / "docs/openapi.json"


def references(value: Any) -> Iterator[str]:
    """Every ``$ref`` in the document."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_the_file_is_what_the_types_say() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == openapi.text(), "run: python -m protocol.openapi > docs/openapi.json"


def test_every_reference_leads_somewhere_and_every_type_is_there() -> None:
    document = json.loads(openapi.text())
    schemas = document["components"]["schemas"]
    assert {reference.rpartition("/")[2] for reference in references(document)} <= set(schemas)
    assert {kind.__name__ for kind in openapi.wire_types()} == set(schemas)


def test_every_address_of_the_server_is_described() -> None:
    served = set()
    for pattern in get_resolver().url_patterns:
        if isinstance(pattern, URLResolver) and str(pattern.pattern) == "v1/":
            served = {str(inner.pattern) for inner in pattern.url_patterns if isinstance(inner, URLPattern)}
    described = {operation.path for operation in openapi.OPERATIONS}
    assert {re.sub(r"<\w+:(\w+)>", r"{\1}", f"/v1/{path}") for path in served} == described


def test_the_stand_ins_have_the_fields_of_the_types() -> None:
    schemas = json.loads(openapi.text())["components"]["schemas"]
    for kind in (feeds.Change, feeds.FeedPage):
        assert set(schemas[kind.__name__]["properties"]) == {field.name for field in msgspec.structs.fields(kind)}
        wanted = {field.name for field in msgspec.structs.fields(kind) if field.required}
        assert set(schemas[kind.__name__]["required"]) == wanted
