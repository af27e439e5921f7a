"""The rules that act of themselves: weeks to come are queued once, finished ones removed once, and nothing that the
learner asked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from sqlalchemy import select, update

from desktop.models.blobs import blob_path
from desktop.models.files import assets
from desktop.models.trip_views import AutomaticDone
from desktop.services.services import Services
from tests.desktop.course import VIDEO_BYTES, Course, make_course
from tests.desktop.filled import enroll, put_blobs
from tests.desktop.hand_clock import HandClock
from tests.desktop.services.test_readiness import video_of
from tests.desktop.services.test_trips import finish


def queued(services: Services) -> list[tuple[str, str]]:
    """What is in the queue."""
    return [(entry.course_id, entry.title) for entry in services.downloads.view().entries]


def here(services: Services, course: Course, number: int) -> bool:
    """Whether row and file of a lecture are there; one without the other would be a lie."""
    sha256 = video_of(course, number)
    with services.store.read() as connection:
        ready = connection.execute(select(assets.c.state).where(assets.c.sha256 == sha256)).scalar() == "ready"
    assert blob_path(services.store.assets, sha256).exists() == ready
    return ready


@pytest.fixture
def long(services: Services) -> Course:
    """A course of four weeks beside the short one."""
    course = make_course("long", 4)
    enroll(services, course)
    return course


def test_nothing_happens_while_the_rules_are_off(services: Services, course: Course, clock: HandClock) -> None:
    put_blobs(services, course)
    finish(services, course, 1)
    clock.go(days=30)
    assert services.automatic.apply() == AutomaticDone()
    assert here(services, course, 1)
    assert queued(services) == []


@pytest.mark.parametrize(("more", "weeks"), [(1, [1, 2]), (2, [1, 2, 3])])
def test_the_weeks_to_come_are_queued_once(services: Services, long: Course, more: int, weeks: list[int]) -> None:
    services.downloads.change_rules({"keep_weeks": more})
    assert services.automatic.apply().queued == len(weeks) + 2
    assert [title for course_id, title in queued(services) if course_id == "long"] == [f"Week {n}" for n in weeks]
    for entry in services.downloads.view().entries:
        services.downloads.cancel(entry.id)
    assert services.automatic.apply().queued == 0, "what was cancelled is not queued again"
    finish(services, long, 1)
    assert services.automatic.apply().queued == 1
    assert queued(services) == [("long", f"Week {weeks[-1] + 1}")]


def test_a_week_that_is_here_is_not_queued(services: Services, course: Course) -> None:
    put_blobs(services, course)
    services.downloads.change_rules({"keep_weeks": 2})
    assert services.automatic.apply().queued == 0


def test_what_does_not_fit_is_left_for_later(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    services.downloads.change_rules({"keep_weeks": 1})
    room = int(1.5 * VIDEO_BYTES)
    monkeypatch.setattr(services.store, "bytes_free", lambda floor: room)
    assert services.automatic.apply().queued == 1
    assert services.automatic.apply().queued == 0, "what is on its way takes room already"
    room = 3 * VIDEO_BYTES
    assert services.automatic.apply().queued == 1, "there is more room now"


def test_a_course_that_has_not_begun_is_left_alone(services: Services, clock: HandClock) -> None:
    services.downloads.change_rules({"keep_weeks": 1})
    clock.go(days=-1)
    assert services.automatic.apply().queued == 0


def test_a_finished_week_is_removed_after_its_rest(
    services: Services, course: Course, clock: HandClock, told: list[frozenset[str]]
) -> None:
    services.downloads.queue_course("sql")
    for number in (1, 2):
        services.downloads.queue_item(f"sql/video-{number}")
    services.downloads.queue_week("sql", 1)
    put_blobs(services, course)
    services.notes.save("sql/video-1", "mine", 5)
    services.downloads.change_rules({"remove_finished": True})
    finish(services, course, 1)
    clock.go(hours=23)
    assert services.automatic.apply().removed == ()
    clock.go(hours=2)
    told.clear()
    (week,) = services.automatic.apply().removed
    assert (week.course_title, week.number, week.title, week.freed) == ("Course sql", 1, "Week 1", VIDEO_BYTES)
    assert told == [frozenset({"assets", "courses", "downloads"})]
    assert not here(services, course, 1)
    assert here(services, course, 2)
    assert [note.text for note in services.notes.all()] == ["mine"]
    outline = services.courses.outline("sql")
    assert [item.state for item in outline.weeks[0].modules[0].lessons[0].items] == ["done"] * 4
    with services.store.read() as connection:
        left = connection.execute(select(assets.c.state).where(assets.c.state != "ready")).all()
    assert len(left) == 1, "texts and quizzes stay"
    entries = services.downloads.view().entries
    assert [entry.title for entry in entries] == ["Course sql", "Lecture 2"], "no entry speaks of what is gone"
    assert all(entry.state == "ready" and entry.bytes_total == entry.bytes_done > 0 for entry in entries)


def test_what_was_removed_once_and_fetched_again_stays(services: Services, course: Course, clock: HandClock) -> None:
    put_blobs(services, course)
    services.downloads.change_rules({"remove_finished": True})
    finish(services, course, 1)
    clock.go(days=2)
    assert len(services.automatic.apply().removed) == 1
    services.downloads.queue_week("sql", 1)
    put_blobs(services, course, [video_of(course)])
    services.downloads.clear_finished()
    clock.go(days=2)
    assert services.automatic.apply().removed == ()
    assert here(services, course, 1)


def one_thing_left(services: Services, course: Course, clock: HandClock) -> None:
    for item in course.manifest.items()[:3]:
        services.lectures.complete(item.id)


def on_a_trip(services: Services, course: Course, clock: HandClock) -> None:
    finish(services, course, 1)
    services.trips.pack([("sql", 1)], 10)
    services.downloads.clear_finished()


def asked_for_afterwards(services: Services, course: Course, clock: HandClock) -> None:
    finish(services, course, 1)
    clock.go(hours=1)
    services.downloads.queue_week("sql", 1)


def the_whole_course_is_coming(services: Services, course: Course, clock: HandClock) -> None:
    with services.store.write(set()) as connection:
        connection.execute(update(assets).where(assets.c.sha256 == video_of(course, 2)).values(state="missing"))
    services.downloads.queue_course("sql")
    services.downloads.pause(services.downloads.view().entries[0].id)
    finish(services, course, 1)


@pytest.mark.parametrize(
    "reason", [one_thing_left, on_a_trip, asked_for_afterwards, the_whole_course_is_coming], ids=lambda f: f.__name__
)
def test_what_stays(
    services: Services, course: Course, clock: HandClock, reason: Callable[[Services, Course, HandClock], None]
) -> None:
    put_blobs(services, course)
    services.downloads.change_rules({"remove_finished": True})
    reason(services, course, clock)
    clock.go(days=2)
    assert services.automatic.apply().removed == ()
    assert here(services, course, 1)


def test_it_is_removed_once_the_trip_is_over(services: Services, course: Course, clock: HandClock) -> None:
    put_blobs(services, course)
    services.downloads.change_rules({"remove_finished": True})
    on_a_trip(services, course, clock)
    clock.go(days=11)
    assert [week.number for week in services.automatic.apply().removed] == [1]


def test_a_file_that_another_course_has_stays(services: Services, course: Course, clock: HandClock) -> None:
    twin = make_course("twin", 1)
    lesson = twin.manifest.weeks[0].modules[0].lessons[0]
    shared = course.manifest.weeks[0].modules[0].lessons[0].items[0]
    items = (replace(shared, id=lesson.items[0].id), *lesson.items[1:])
    module = replace(twin.manifest.weeks[0].modules[0], lessons=(replace(lesson, items=items),))
    known = [asset for asset in course.manifest.assets if asset.sha256 in course.blobs]
    manifest = replace(
        twin.manifest,
        weeks=(replace(twin.manifest.weeks[0], modules=(module,)),),
        assets=(*twin.manifest.assets, *known),
    )
    enroll(services, Course(twin.course_id, manifest, {**twin.blobs, **course.blobs}))
    put_blobs(services, course)
    services.downloads.change_rules({"remove_finished": True})
    finish(services, course, 1)
    clock.go(days=2)
    assert services.automatic.apply().removed == ()
    assert here(services, course, 1)
