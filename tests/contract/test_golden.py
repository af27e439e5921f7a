"""Golden examples: a written file of every wire type, which both sides read and write the same for ever."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from protocol.actions import ACTION_BODIES, Action
from protocol.feeds import Change, FeedPage
from protocol.manifest import ITEM_KINDS, CourseManifest, Item
from protocol.openapi import wire_types
from protocol.quizzes import Question
from protocol.wire import Wire, WireError, decode, encode

FOLDER = Path(__file__).resolve().parents[2] / "protocol/examples"
TYPES = {kind.__name__: kind for kind in wire_types()}
# What these hold belongs to whoever knows the kind, and travels as it is
RAW_KEYS = {"body"}


def example(name: str) -> Any:
    """The file of a type as plain values."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def with_newer_fields(value: Any) -> Any:
    """The same as a newer side would write it: a field more in every object."""
    if isinstance(value, dict):
        inner = {key: one if key in RAW_KEYS else with_newer_fields(one) for key, one in value.items()}
        return {"from_the_future": {"deep": [1, None]}, **inner}
    return [with_newer_fields(one) for one in value] if isinstance(value, list) else value


def test_every_type_has_an_example_and_none_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(TYPES)


@pytest.mark.parametrize("name", sorted(TYPES))
def test_reading_and_writing_gives_the_same(name: str) -> None:
    written = example(name)
    assert json.loads(encode(decode(json.dumps(written), TYPES[name]))) == written


@pytest.mark.parametrize("name", sorted(TYPES))
def test_newer_fields_are_survived(name: str) -> None:
    written = example(name)
    newer = decode(json.dumps(with_newer_fields(written)), TYPES[name])
    assert json.loads(encode(newer)) == written


@pytest.mark.parametrize("name", sorted(TYPES))
def test_what_is_required_is_missed(name: str) -> None:
    for field in msgspec.structs.fields(TYPES[name]):
        if field.required:
            lacking = copy.deepcopy(example(name))
            del lacking[field.encode_name]
            with pytest.raises(WireError, match=field.encode_name):
                decode(json.dumps(lacking), TYPES[name])


@pytest.mark.parametrize("kind", [Item, Question, Change, Action])
def test_newer_kinds_are_survived(kind: type[Wire]) -> None:
    newer = example(kind.__name__) | {"kind": "hologram"}
    assert json.loads(encode(decode(json.dumps(newer), kind))) == newer


def test_the_golden_manifest_holds_every_kind_with_its_one_body() -> None:
    manifest = decode(json.dumps(example("CourseManifest")), CourseManifest)
    assert {item.kind for item in manifest.items()} == set(ITEM_KINDS)
    for item in manifest.items():
        bodies = (item.video, item.reading, item.quiz, item.assignment, item.tool)
        assert sum(body is not None for body in bodies) == 1, item.kind


def older_shape(kind: type[Wire]) -> type[Wire]:
    """The type as the first version may have had it: what can be left out today was not there yet."""
    fields = [(field.name, field.type) for field in msgspec.structs.fields(kind) if field.required]
    shape = msgspec.defstruct(kind.__name__, fields, bases=(Wire,), frozen=True, kw_only=True)
    assert issubclass(shape, Wire)
    return shape


@pytest.mark.parametrize("name", sorted(TYPES))
def test_an_older_side_reads_what_a_newer_one_writes_and_is_read_by_it(name: str) -> None:
    older = older_shape(TYPES[name])
    seen = decode(json.dumps(example(name)), older)
    again = decode(encode(seen), TYPES[name])
    for field in msgspec.structs.fields(TYPES[name]):
        if field.required:
            assert getattr(again, field.name) == getattr(seen, field.name)


def test_an_item_of_a_newer_kind_needs_no_body() -> None:
    item = decode('{"id": "c/x", "kind": "hologram", "title": "X", "minutes": 1, "hologram": {}}', Item)
    assert (item.video, item.reading, item.quiz, item.assignment, item.tool) == (None,) * 5


def test_a_deleted_entity_travels_without_a_body() -> None:
    page = decode(json.dumps(example("FeedPage")), FeedPage)
    assert [change.deleted for change in page.changes] == [False, True]


def test_the_body_of_the_golden_action_is_of_its_kind() -> None:
    action = decode(json.dumps(example("Action")), Action)
    body = decode(action.body, ACTION_BODIES[action.kind])
    assert json.loads(encode(body)) == example("Enroll")
