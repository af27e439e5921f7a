"""The golden examples through the desktop's own reading: what the feed says becomes rows, a manifest an outline."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import func, select

from desktop.clock import SystemClock
from desktop.models.files import unknown_changes
from desktop.models.manifest_rows import keep_manifest
from desktop.services.services import Services, open_services
from desktop.sync.changes import TARGETS, apply_changes
from protocol.feeds import LEARNER_FEED, Change
from protocol.learning import ENROLLMENT, LEARNER_KINDS
from protocol.manifest import ITEM_KINDS, CourseManifest
from protocol.wire import decode, encode
from tests.contract.test_golden import example, with_newer_fields


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """An empty store."""
    services = open_services(
        tmp_path, "01890a5d-ac96-774b-bcce-b302099a8057", SystemClock(), lambda kinds: None, tmp_path
    )
    yield services
    services.close()


def golden_change(kind: str, revision: int = 7, *, newer: bool = False) -> Change:
    """The golden body of a kind as the feed brings it."""
    body = example(TARGETS[kind].body.__name__)
    body = with_newer_fields(body) if newer else body
    decoded = decode(json.dumps(body), TARGETS[kind].body)
    key = {"catalog_entry": "course_id", "catalog_group": "id"}.get(kind, TARGETS[kind].key)
    return Change(
        kind=kind, id=str(getattr(decoded, key)), revision=revision, body=msgspec.Raw(json.dumps(body).encode())
    )


@pytest.mark.parametrize("newer", [False, True], ids=["as it is", "with newer fields"])
@pytest.mark.parametrize("kind", sorted(TARGETS))
def test_a_golden_change_becomes_one_row_and_its_tombstone_takes_it_away(
    services: Services, kind: str, newer: bool
) -> None:
    change, target = golden_change(kind, newer=newer), TARGETS[kind]
    feed = LEARNER_FEED if kind in LEARNER_KINDS else f"program:{example('CatalogEntry')['program_id']}"
    number = select(func.count()).select_from(target.table)
    with services.store.write(set()) as connection:
        assert apply_changes(connection, feed, [change])
        assert apply_changes(connection, feed, [change]), "read again, as after a crash"
        assert connection.execute(number).scalar_one() == 1
        assert connection.execute(select(func.count()).select_from(unknown_changes)).scalar_one() == 0
        assert connection.execute(select(target.table.c[target.key])).scalar_one() == change.id
        apply_changes(connection, feed, [Change(kind=kind, id=change.id, revision=8)])
        assert connection.execute(number).scalar_one() == 0


@pytest.mark.parametrize("newer", [False, True], ids=["as it is", "with newer fields"])
def test_the_golden_manifest_becomes_an_outline_of_every_kind(services: Services, newer: bool) -> None:
    written = with_newer_fields(example("CourseManifest")) if newer else example("CourseManifest")
    raw = json.dumps(written).encode()
    manifest = decode(raw, CourseManifest)
    enrollment = example("Enrollment")
    enrollment |= {"course_id": manifest.course_id, "state": "active"}
    change = Change(kind=ENROLLMENT, id=enrollment["id"], revision=1, body=msgspec.Raw(encode(enrollment)))
    with services.store.write(set()) as connection:
        apply_changes(connection, LEARNER_FEED, [change])
        keep_manifest(connection, enrollment["version"], raw, manifest, services.store.clock.now())
    outline = services.courses.outline(manifest.course_id)
    rows = [row for week in outline.weeks for one in week.modules for lesson in one.lessons for row in lesson.items]
    assert [row.kind for row in rows] == [item.kind for item in manifest.items()]
    assert {row.kind for row in rows} == set(ITEM_KINDS)
    assert all(row.known for row in rows)
