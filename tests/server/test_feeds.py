"""Feeds: order, pages, cursors, tombstones, nothing new."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import F
from django.utils import timezone

from protocol.actions import SAVE_COURSE, SAVE_NOTE, SaveCourse, SaveNote
from protocol.catalog import CatalogEntry, CatalogGroup
from protocol.feeds import PAGE_BYTES, Change, FeedPage
from protocol.ids import CourseId, ItemId, NoteId, new_uuid7
from protocol.learning import Enrollment
from server.authoring.loading import load_program
from server.feeds.models import FeedChange, FeedHead
from server.feeds.pruning import prune_tombstones
from server.feeds.writing import open_feed
from tests.guards.logs import ExpectLog
from tests.server.api import Api, body_of
from tests.server.conftest import Learner
from tests.server.program_folder import COURSE_ID, LECTURE, PROGRAM_ID, write_program

pytestmark = pytest.mark.postgres

CATALOG = f"program:{PROGRAM_ID}"


def save(api: Api, *, saved: bool) -> None:
    body = SaveCourse(course_id=CourseId(COURSE_ID), saved=saved)
    assert api.do(SAVE_COURSE, body).outcome == "applied"


def note(text: str) -> SaveNote:
    return SaveNote(
        note_id=NoteId(new_uuid7()), course_id=CourseId(COURSE_ID), item_id=ItemId(LECTURE), at_ms=1, text=text
    )


def test_the_catalog_travels_by_the_programs_feed(member: Api) -> None:
    entry = member.bodies("catalog_entry", CatalogEntry, CATALOG)[COURSE_ID]
    assert (entry.title, entry.weeks, entry.level, entry.subtitle_languages) == (
        "The basics",
        2,
        "beginner",
        ("en", "de"),
    )
    assert entry.minutes > 30
    assert entry.picture
    groups = member.bodies("catalog_group", CatalogGroup, CATALOG)
    assert groups["start-here"].course_ids == (COURSE_ID,)


def test_every_change_has_its_own_revision_and_pages_have_no_holes(learner: Api) -> None:
    for number in range(25):
        learner.do(SAVE_NOTE, note(f"note {number}"))
    whole = learner.page()
    revisions = [change.revision for change in whole.changes]
    assert revisions == sorted(set(revisions))
    seen: list[Change] = []
    cursor, pages = "", 0
    while True:
        page = learner.page(after=cursor, limit=7)
        assert len(page.changes) <= 7
        seen += page.changes
        cursor, pages = page.cursor, pages + 1
        if not page.more:
            break
    assert [change.revision for change in seen] == revisions
    assert pages == -(-len(revisions) // 7)
    assert cursor == whole.cursor


def test_only_the_newest_state_is_sent(learner: Api) -> None:
    start = learner.page().cursor
    save(learner, saved=True)
    save(learner, saved=False)
    save(learner, saved=True)
    page = learner.page(after=start)
    assert [(change.kind, change.deleted) for change in page.changes] == [("saved_course", False)]
    save(learner, saved=False)
    (tombstone,) = learner.page(after=page.cursor).changes
    assert (tombstone.id, tombstone.deleted) == (COURSE_ID, True)


def test_a_page_ends_before_it_grows_too_large(learner: Api) -> None:
    for _ in range(5):
        learner.do(SAVE_NOTE, note("x" * 60_000))
    response = learner.send("GET", "/v1/feeds/learner")
    assert len(body_of(response)) <= PAGE_BYTES
    assert len(learner.changes(kind="note")) == 5


def test_one_change_that_is_larger_than_a_page_still_comes(member: Api) -> None:
    with open_feed(f"learner:{member.account}") as feed:
        feed.put("note", "big", {"text": "x" * (PAGE_BYTES + 1)})
        feed.put("note", "small", {"text": "y"})
    first = member.page()
    assert [change.id for change in first.changes] == ["big"]
    assert first.more
    assert [change.id for change in member.page(after=first.cursor).changes] == ["small"]


def test_nothing_new_costs_nothing(learner: Api) -> None:
    page = learner.page()
    path = f"/v1/feeds/learner?after={page.cursor}"
    response = learner.send("GET", path, If_None_Match=f'"{page.cursor}"')
    assert (response.status_code, body_of(response)) == (304, b"")
    assert response["ETag"] == f'"{page.cursor}"'
    save(learner, saved=True)
    assert learner.send("GET", path, If_None_Match=f'"{page.cursor}"').status_code == 200


def test_clients_are_spread_over_time(learner: Api) -> None:
    waits = {learner.page().poll_after_s for _ in range(40)}
    assert waits <= set(range(48, 73))
    assert len(waits) > 3


def test_a_cursor_of_another_life_is_refused(learner: Api) -> None:
    epoch, _, sequence = learner.page().cursor.partition(".")
    for cursor in (
        f"0000.{sequence}",
        f"{epoch}.{int(sequence) + 1}",
        "garbage",
        f"{epoch}.-1",
        f"{epoch}.x",
        f"{epoch}.",
    ):
        assert learner.refused("GET", f"/v1/feeds/learner?after={cursor}") == (410, "cursor_expired"), cursor


def test_a_limit_must_be_a_number(learner: Api) -> None:
    for limit in ("0", "-1", "x", "²"):
        assert learner.refused("GET", f"/v1/feeds/learner?limit={limit}") == (400, "bad_request")
    assert learner.page(limit=100_000).changes


def test_old_tombstones_are_removed_and_older_cursors_start_anew(learner: Api) -> None:
    save(learner, saved=True)
    before = learner.page().cursor
    save(learner, saved=False)
    assert prune_tombstones() == 0
    FeedChange.objects.filter(body=None).update(changed_at=timezone.now() - timedelta(days=181))
    assert prune_tombstones() == 1
    assert learner.refused("GET", f"/v1/feeds/learner?after={before}") == (410, "cursor_expired")
    assert not learner.changes(kind="saved_course")
    assert learner.page(after=learner.page().cursor).changes == ()


def prune_all() -> None:
    FeedChange.objects.filter(body=None).update(changed_at=timezone.now() - timedelta(days=181))
    prune_tombstones()


def pages(api: Api, cursor: str = "", limit: int = 5) -> list[Change]:
    found: list[Change] = []
    while True:
        page = api.page(after=cursor, limit=limit)
        found += page.changes
        cursor = page.cursor
        if not page.more:
            assert "~" not in cursor
            return found


def test_a_long_feed_is_read_from_its_beginning_though_tombstones_were_removed(learner: Api) -> None:
    """Its first pages end before the place up to which tombstones are gone: no reason to begin anew for ever."""
    for number in range(12):
        learner.do(SAVE_NOTE, note(f"note {number}"))
    save(learner, saved=True)
    save(learner, saved=False)
    learner.do(SAVE_NOTE, note("the last"))
    prune_all()
    found = pages(learner)
    assert sum(change.kind == "note" for change in found) == 13
    assert not any(change.deleted for change in found)


def test_a_snapshot_holds_what_is_and_not_what_was(learner: Api) -> None:
    save(learner, saved=True)
    save(learner, saved=False)
    assert not any(change.deleted for change in pages(learner))
    early = learner.page().cursor.partition(".")[0] + ".1"
    (tombstone,) = [change for change in learner.page(after=early).changes if change.deleted]
    assert tombstone.id == COURSE_ID


def test_what_is_deleted_while_a_snapshot_is_read_is_told(learner: Api) -> None:
    save(learner, saved=True)
    for number in range(12):
        learner.do(SAVE_NOTE, note(f"note {number}"))
    first = learner.page(limit=5)
    assert COURSE_ID in [change.id for change in first.changes]
    save(learner, saved=False)
    rest = pages(learner, first.cursor)
    assert [change.id for change in rest if change.deleted] == [COURSE_ID]
    assert sum(change.kind == "note" for change in [*first.changes, *rest]) == 12


def test_a_snapshot_that_missed_a_tombstone_is_begun_anew(learner: Api) -> None:
    save(learner, saved=True)
    for number in range(12):
        learner.do(SAVE_NOTE, note(f"note {number}"))
    cursor = learner.page(limit=5).cursor
    save(learner, saved=False)
    prune_all()
    assert learner.refused("GET", f"/v1/feeds/learner?after={cursor}") == (410, "cursor_expired")
    assert not any(change.kind == "saved_course" for change in pages(learner))


@pytest.mark.parametrize("end", ["~", "~x", "~-1", "~9999999", "~1~1", "~" + "9" * 30])
def test_a_cursor_of_a_snapshot_that_was_never_given_is_refused(learner: Api, end: str) -> None:
    cursor = f"{learner.page().cursor.partition('.')[0]}.1{end}"
    assert learner.refused("GET", f"/v1/feeds/learner?after={cursor}") == (410, "cursor_expired")


def test_after_an_older_copy_was_restored_everything_is_read_anew(learner: Api, expected_log: ExpectLog) -> None:
    """Numbers are given a second time, to other changes: who had the first ones must not go on from them."""
    expected_log("The server begins another life")
    cursor = learner.page().cursor
    FeedHead.objects.update(sequence=F("sequence") - 1)
    FeedChange.objects.filter(feed_id=f"learner:{learner.account}").order_by("-revision")[0].delete()
    for _ in range(3):
        learner.do(SAVE_NOTE, note("of the second life"))
    call_command("begin_feeds_anew")
    assert learner.refused("GET", f"/v1/feeds/learner?after={cursor}") == (410, "cursor_expired")
    assert sum(change.kind == "note" for change in pages(learner)) == 3


def test_feeds_of_others_are_closed(member: Api, new_learner: Learner) -> None:
    assert member.refused("GET", "/v1/feeds/program:elsewhere") == (403, "not_a_member")
    assert member.refused("GET", f"/v1/feeds/learner:{member.account}") == (404, "not_found")
    assert member.refused("GET", "/v1/feeds/forum:1") == (404, "not_found")


def test_a_new_learner_has_an_empty_feed_with_a_cursor(member: Api) -> None:
    page = member.get("/v1/feeds/learner", FeedPage)
    assert page.changes == ()
    assert page.cursor.endswith(".0")
    assert FeedHead.objects.filter(name=f"learner:{member.account}").exists()


def test_loading_the_same_again_tells_nothing(member: Api, pristine_folder: Path) -> None:
    before = member.page(CATALOG)
    load_program(pristine_folder)
    assert member.page(CATALOG, before.cursor).changes == ()


def test_a_changed_course_is_told_and_a_withdrawn_one_leaves(learner: Api, tmp_path: Path) -> None:
    folder = write_program(tmp_path / "program")
    cursor = learner.page(CATALOG).cursor
    course = folder / "courses/basics/course.toml"
    course.write_text(course.read_text().replace('title = "The basics"', 'title = "The very basics"'))
    load_program(folder)
    page = learner.page(CATALOG, cursor)
    assert [change.kind for change in page.changes] == ["catalog_entry"]
    (enrollment,) = learner.bodies("enrollment", Enrollment).values()
    entry = learner.bodies("catalog_entry", CatalogEntry, CATALOG)[COURSE_ID]
    assert entry.title == "The very basics"
    assert entry.version == enrollment.version, "who is in it goes on in the new version"

    (folder / "courses/basics").rename(folder / "courses/other")
    other = folder / "courses/other/course.toml"
    other.write_text(other.read_text().replace('id = "basics"', 'id = "other"'))
    program = folder / "program.toml"
    program.write_text(program.read_text().replace('["basics"]', '["other"]'))
    load_program(folder)
    told = {(change.kind, change.id): change.deleted for change in learner.page(CATALOG, page.cursor).changes}
    assert told["catalog_entry", "basics"]
    assert not told["catalog_entry", "other"]
    assert learner.send("GET", f"/v1/manifests/{enrollment.version}").status_code == 200, "those in it keep it"
    learner.send("GET", "/v1/courses/basics/description")
