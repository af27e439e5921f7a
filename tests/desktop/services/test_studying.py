"""Lectures, progress, home and outline: what the learner does shows at once, and the server's word replaces it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace
from sqlalchemy import event

from desktop.errors import Problem
from desktop.models.blobs import blob_path
from desktop.services.services import Services
from protocol.ids import ItemId, NoteId, Sha256, VersionId
from protocol.learning import DEADLINE, ENROLLMENT, GRADE, NOTE, PROGRESS, Deadline, Grade, Note, Progress
from protocol.manifest import ASSIGNMENT, Assignment, Item, Lesson, Module, Week
from tests.desktop.course import DURATION_MS, PROGRAM, START, Course, make_course
from tests.desktop.filled import apply, change, enroll, offer, open_learner, put_blobs
from tests.desktop.hand_clock import HandClock

VIDEO = "sql/video-1"


def test_until_a_new_version_has_arrived_the_old_one_is_studied(services: Services, course: Course) -> None:
    """The pull said that there is one; then the network went."""
    newer = replace(course.enrollment(), version=VersionId(Sha256("f" * 64)))
    apply(services, change(ENROLLMENT, newer.id, newer, revision=9))
    outline = services.courses.outline("sql")
    assert outline.ready
    assert outline.version == course.enrollment().version
    assert services.home.view().cards[0].ready
    services.lectures.complete("sql/reading-1")
    assert services.courses.outline("sql").percent > 0


def test_a_note_on_something_that_is_gone_is_read_and_edited(services: Services, course: Course) -> None:
    """On a device that never had the version which had it."""
    note = Note(
        id=NoteId("n1"),
        course_id=course.course_id,
        item_id=ItemId("sql/gone"),
        text="kept",
        created_at=START,
        edited_at=START,
        item_title="What is gone",
    )
    apply(services, change(NOTE, "n1", note, revision=7))
    (shown,) = services.notes.all()
    assert (shown.text, shown.item_title, shown.course_title) == ("kept", "What is gone", "Course sql")
    services.notes.save("sql/gone", "kept and better", note_id="n1")
    (shown,) = services.notes.of_course("sql")
    assert (shown.text, shown.item_title) == ("kept and better", "What is gone")


def test_a_position_is_there_at_once_and_survives_a_new_start(tmp_path: Path, clock: HandClock) -> None:
    services = open_learner(tmp_path, clock)
    enroll(services, make_course())
    services.lectures.opened(VIDEO)
    services.lectures.set_position(VIDEO, 21_500)
    services.store._cache.dispose()  # as after a kill: nothing is closed properly
    services.store._durable.dispose()
    again = open_learner(tmp_path, clock)
    assert again.opened_notes == ()
    assert again.lectures.view(VIDEO).resume_ms == 21_500
    step = again.home.view().cards[0].next_step
    assert step is not None
    assert (step.item_id, step.resume_ms, step.started) == (VIDEO, 21_500, True)
    again.close()


def test_positions_and_watching_coalesce_while_they_wait(services: Services) -> None:
    for ms in (1000, 2000, 3000):
        services.lectures.set_position(VIDEO, ms)
        services.lectures.watched(VIDEO, [(ms, ms + 1000)])
    (entry,) = services.outbox.entries()
    assert len(entry.actions) == 2
    assert (entry.kind, entry.detail, entry.stopped_at) == ("watch", "0:03", "0:03")


def test_watching_most_of_a_lecture_completes_it_once(services: Services) -> None:
    services.lectures.watched(VIDEO, [(0, DURATION_MS // 2)])
    assert services.courses.place(VIDEO).item.state == "started"
    services.lectures.watched(VIDEO, [(DURATION_MS // 2, DURATION_MS)])
    assert services.courses.place(VIDEO).item.state == "done"
    services.lectures.complete(VIDEO)
    kinds = sorted(entry.kind for entry in services.outbox.entries())
    assert kinds == ["complete_item", "watch"]


def test_percent_counts_required_items_and_next_step_moves_on(services: Services) -> None:
    assert services.courses.outline("sql").percent == 0
    services.lectures.complete(VIDEO)
    outline = services.courses.outline("sql")
    assert outline.percent == 100 // 8
    assert outline.next_step is not None
    assert outline.next_step.item_id == "sql/reading-1"
    assert [week.state for week in outline.weeks] == ["current", "todo"]
    assert outline.weeks[0].videos_left_minutes == 0
    assert outline.weeks[0].readings_left_minutes == 5


def _next(services: Services) -> tuple[str, int, bool]:
    """What home and overview offer to go on with; they never disagree."""
    step = services.courses.outline("sql").next_step
    assert step is not None
    assert services.home.view().cards[0].next_step == step
    return step.item_id, step.resume_ms, step.started


def test_a_lecture_that_was_stopped_is_gone_on_with_after_other_items_of_its_week(
    services: Services, clock: HandClock
) -> None:
    services.lectures.opened(VIDEO)
    services.lectures.set_position(VIDEO, 21_500)
    clock.go(seconds=60)
    services.lectures.complete("sql/reading-1")
    assert _next(services) == (VIDEO, 21_500, True)
    clock.go(seconds=60)
    services.lectures.opened("sql/practice-1")  # what is under way comes first
    assert _next(services) == ("sql/practice-1", 0, True)
    clock.go(seconds=60)
    services.lectures.complete("sql/practice-1")
    assert _next(services) == (VIDEO, 21_500, True)
    clock.go(seconds=60)
    services.lectures.complete("sql/reading-2")  # in the week after it one does not go back
    assert _next(services)[0] == "sql/practice-2"


def test_a_lecture_that_was_only_opened_does_not_call_back(services: Services, clock: HandClock) -> None:
    services.lectures.opened(VIDEO)
    clock.go(seconds=60)
    services.lectures.complete("sql/reading-1")
    assert _next(services)[0] == "sql/practice-1"


def test_the_servers_progress_is_not_lost_under_the_overlay(services: Services) -> None:
    row = Progress(item_id=ItemId("sql/reading-1"), course_id=make_course().course_id, completed_at=START)
    apply(services, change(PROGRESS, row.item_id, row))
    services.lectures.opened("sql/reading-1")
    assert services.courses.place("sql/reading-1").item.state == "done"
    assert services.outbox.entries()[0].kind == "open_item"


def test_due_dates_overdue_and_a_reset_that_waits(services: Services, clock: HandClock, course: Course) -> None:
    due = Deadline(item_id=ItemId("sql/graded-1"), course_id=course.course_id, due_at=START + timedelta(days=2))
    apply(services, change(DEADLINE, due.item_id, due))
    card = services.home.view().cards[0]
    assert (card.overdue, card.due_this_week) == (False, 1)
    clock.go(days=3)
    card = services.home.view().cards[0]
    assert (card.overdue, card.due_this_week) == (True, 0)
    assert services.courses.outline("sql").overdue == 1
    services.enrollment.reset_deadlines(card.enrollment_id)
    card = services.home.view().cards[0]
    assert card.overdue is False
    row = services.courses.place("sql/graded-1").item
    assert row.due_at is not None
    local = row.due_at.astimezone(ZoneInfo("Europe/Rome"))
    assert (local.date(), local.hour, local.minute) == ((START + timedelta(days=9)).date(), 23, 59)


def test_a_passed_grade_is_done_and_never_overdue(services: Services, clock: HandClock, course: Course) -> None:
    item = ItemId("sql/graded-1")
    due = Deadline(item_id=item, course_id=course.course_id, due_at=START)
    grade = Grade(item_id=item, course_id=course.course_id, percent=90, passed=True, attempts=1, graded_at=START)
    apply(services, change(DEADLINE, item, due), change(GRADE, item, grade))
    clock.go(days=1)
    row = services.courses.place(item).item
    assert (row.state, row.overdue, row.grade_percent) == ("done", False, 90)


def test_enrolling_offline_is_pending_and_has_no_content_yet(services: Services) -> None:
    other = make_course("study")
    offer(services, other)
    services.enrollment.enroll(PROGRAM, "study")
    card = next(card for card in services.home.view(PROGRAM).cards if card.course_id == "study")
    assert (card.state, card.pending, card.ready, card.title) == ("active", True, False, "Course study")
    outline = services.courses.outline("study")
    assert (outline.ready, outline.weeks) == (False, ())
    services.enrollment.enroll(PROGRAM, "study")
    assert [entry.kind for entry in services.outbox.entries()] == ["enroll"]
    services.outbox.undo(services.outbox.entries()[0].id)
    assert {card.course_id for card in services.home.view().cards} == {"sql"}


def test_unenrolling_after_the_last_day_is_not_even_queued(services: Services, clock: HandClock) -> None:
    clock.go(days=20)
    with pytest.raises(Problem, match="unenroll_too_late"):
        services.enrollment.unenroll("enrollment-sql")
    assert services.outbox.entries() == ()


def test_saving_for_later_and_changing_ones_mind_leaves_nothing(services: Services) -> None:
    offer(services, make_course("study"))
    services.enrollment.save_for_later("study", saved=True)
    assert services.catalog.view(PROGRAM).tiles[1].mark == "saved"
    services.enrollment.save_for_later("study", saved=False)
    assert services.catalog.view(PROGRAM).tiles[1].mark == ""
    assert services.outbox.entries() == ()


@pytest.mark.expected_log("files are gone")
def test_what_is_on_this_computer(services: Services, course: Course) -> None:
    assert services.home.view().cards[0].offline == "none"
    texts = [asset.sha256 for asset in course.manifest.assets if asset.media_type != "video/webm"]
    put_blobs(services, course, texts)
    outline = services.courses.outline("sql")
    rows = {row.item_id: row.offline for row in outline.weeks[0].modules[0].lessons[0].items}
    assert rows == {
        VIDEO: "none",
        "sql/reading-1": "ready",
        "sql/practice-1": "ready",
        "sql/graded-1": "ready",
    }
    assert services.home.view().cards[0].offline == "part"
    assert services.lectures.view(VIDEO).media is None
    assert services.lectures.view(VIDEO).tracks[0].path is not None
    put_blobs(services, course)
    week = services.courses.outline("sql").weeks[0]
    assert week.bytes_ready == week.bytes_total > 0
    assert services.home.view().cards[0].offline == "ready"
    media = services.lectures.view(VIDEO)
    assert media.media == blob_path(services.store.assets, media.media_asset)
    media.media.unlink()
    assert services.lectures.view(VIDEO).media is None


def test_a_reading_is_sanitized_again(services: Services, course: Course) -> None:
    assert services.readings.view("sql/reading-1").html is None
    put_blobs(services, course)
    view = services.readings.view("sql/reading-1")
    assert view.html is not None
    assert "Reading 1" in view.html
    assert "alert" not in view.html
    assert all(path.is_file() for path in view.pictures.values())
    assert next(iter(view.pictures)) in view.html


def test_a_task_brings_the_pictures_among_its_words(services: Services) -> None:
    course = make_course("tasks")
    reading = next(item.reading for item in course.manifest.items() if item.reading)
    task = Item(
        id=ItemId("tasks/plan"),
        kind=ASSIGNMENT,
        title="Plan",
        minutes=60,
        assignment=Assignment(asset=reading.asset, pictures=reading.pictures),
    )
    module = Module(id="m", title="Tasks", lessons=(Lesson(id="l", title="Tasks", items=(task,)),))
    manifest = replace(course.manifest, weeks=(Week(number=1, title="Tasks", modules=(module,)),))
    course = Course(course.course_id, manifest, course.blobs)
    enroll(services, course)
    put_blobs(services, course)
    view = services.readings.view(task.id)
    assert view.html is not None
    assert set(view.pictures) == {f"asset:{sha256}" for sha256 in reading.pictures}
    assert next(iter(view.pictures)) in view.html


def test_home_and_outline_cost_the_same_number_of_queries_for_many_courses(tmp_path: Path, clock: HandClock) -> None:
    counted: dict[int, list[int]] = {}
    for number in (2, 30):
        services = open_learner(tmp_path / str(number), clock)
        enroll(services, *(make_course(f"c{index}", video_bytes=1000) for index in range(number)))
        statements: list[str] = []
        event.listen(
            services.store._cache, "before_cursor_execute", lambda *args, found=statements: found.append(args[2])
        )
        counted[number] = []
        for ask in (services.home.view, lambda services=services: services.courses.outline("c1")):
            statements.clear()
            ask()
            counted[number].append(len(statements))
        assert len(services.home.view().cards) == number
        services.close()
    assert counted[2] == counted[30]
    assert max(counted[30]) <= 22
