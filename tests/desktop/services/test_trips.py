"""Packing for a trip over a real store: what can be chosen, what it takes, how it goes on after a restart."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from desktop.errors import Problem
from desktop.models.files import assets, downloads
from desktop.models.trip_views import due_by, end_of, weeks_ahead
from desktop.services import trips as trips_module
from desktop.services.services import Services
from protocol.learning import DEADLINE, Deadline
from tests.desktop.course import START, VIDEO_BYTES, Course, make_course
from tests.desktop.filled import apply, change, enroll, offer, open_learner, put_blobs
from tests.desktop.hand_clock import HandClock


def give_due_times(services: Services, course: Course) -> None:
    """As the server would set them: a week after the start of each week."""
    for item in course.manifest.items():
        if item.due_day is not None:
            due = Deadline(item_id=item.id, course_id=course.course_id, due_at=START + timedelta(days=item.due_day))
            apply(services, change(DEADLINE, item.id, due))


def finish(services: Services, course: Course, number: int) -> None:
    """Do everything of a week."""
    for item in course.manifest.items():
        if item.id.endswith(f"-{number}"):
            services.lectures.complete(item.id)


def test_every_course_can_be_chosen_week_by_week(services: Services, course: Course) -> None:
    give_due_times(services, course)
    other = make_course("late", 1)
    offer(services, other)
    services.enrollment.enroll("sample", "late")  # its contents have not come
    first, second = services.trips.choices()
    assert (first.course_id, first.ready, first.weeks) == ("late", False, ())
    assert (second.course_id, second.title, second.ready) == ("sql", "Course sql", True)
    assert [(week.number, week.title, week.state) for week in second.weeks] == [
        (1, "Week 1", "current"),
        (2, "Week 2", "todo"),
    ]
    outline = services.courses.outline("sql")
    assert [week.bytes_total for week in second.weeks] == [week.bytes_total for week in outline.weeks]
    assert all(week.bytes_missing == week.bytes_total > VIDEO_BYTES for week in second.weeks)
    assert [week.due_at for week in second.weeks] == [START + timedelta(days=7), START + timedelta(days=14)]


@pytest.mark.parametrize(("days", "weeks"), [(3, set()), (7, {1}), (10, {1}), (14, {1, 2}), (30, {1, 2})])
def test_what_is_due_until_then_is_chosen_with_its_week(
    services: Services, course: Course, clock: HandClock, days: int, weeks: set[int]
) -> None:
    give_due_times(services, course)
    assert due_by(services.trips.choices(), end_of(clock.now(), days)) == {("sql", number) for number in weeks}


def test_what_is_overdue_and_not_done_comes_along(services: Services, course: Course, clock: HandClock) -> None:
    give_due_times(services, course)
    clock.go(days=9)
    assert due_by(services.trips.choices(), end_of(clock.now(), 3)) == {("sql", 1)}
    services.lectures.complete("sql/graded-1")
    assert due_by(services.trips.choices(), end_of(clock.now(), 3)) == set()


def test_the_due_times_are_those_of_the_learner_who_began_anew(
    services: Services, course: Course, clock: HandClock
) -> None:
    give_due_times(services, course)
    clock.go(days=9)
    services.enrollment.reset_deadlines(course.enrollment().id)
    assert due_by(services.trips.choices(), end_of(clock.now(), 3)) == set()


def test_the_weeks_of_study(services: Services, course: Course) -> None:
    assert weeks_ahead(services.trips.choices(), 0) == {("sql", 1)}
    assert weeks_ahead(services.trips.choices(), 1) == {("sql", 1), ("sql", 2)}
    finish(services, course, 1)
    assert weeks_ahead(services.trips.choices(), 1) == {("sql", 2)}
    finish(services, course, 2)
    assert weeks_ahead(services.trips.choices(), 1) == set()


def test_a_file_of_two_weeks_is_counted_and_fetched_once(services: Services, course: Course) -> None:
    both, one, two = (services.trips.plan(weeks) for weeks in ([("sql", 1), ("sql", 2)], [("sql", 1)], [("sql", 2)]))
    graded = next(item for item in course.manifest.items() if item.id == "sql/graded-1").quiz
    assert graded is not None
    shared = len(course.blobs[graded.asset])  # the graded quizzes of the two weeks are the same bytes
    assert both.bytes_total == one.bytes_total + two.bytes_total - shared
    assert both.files == one.files + two.files - 1
    put_blobs(services, course, [graded.asset])
    assert services.trips.plan([("sql", 1)]).bytes_missing == one.bytes_total - shared
    assert services.trips.plan([("sql", 9), ("gone", 1)]).weeks == ()


def test_what_does_not_fit_is_said_with_what_to_leave_out(
    services: Services, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = make_course("art", 2)
    enroll(services, second)
    give_due_times(services, second)  # it comes first: something is due in it
    every = [(name, number) for name in ("sql", "art") for number in (1, 2)]
    monkeypatch.setattr(services.store, "bytes_free", lambda floor: int(2.5 * VIDEO_BYTES))
    plan = services.trips.plan(every)
    assert not plan.fits
    assert plan.weeks == (("art", 1), ("art", 2), ("sql", 1), ("sql", 2))
    assert plan.leave_out == (("sql", 2), ("sql", 1))
    with pytest.raises(Problem) as refused:
        services.trips.pack(every, 10)
    assert refused.value.code == "no_room"
    assert services.trips.current() is None
    assert services.downloads.view().entries == ()
    assert services.trips.plan([week for week in every if week not in plan.leave_out]).fits


def test_no_week_is_taken_without_the_one_before_it() -> None:
    """A small week behind one that does not fit stays here too; another course has its turn."""
    needs = {("a", 1): 5, ("a", 2): 90, ("a", 3): 1, ("b", 1): 4}
    files = {week: {f"{week}": (size, size)} for week, size in needs.items()}
    assert trips_module._leave_out(list(needs), files, 10) == (("a", 3), ("a", 2))


def test_the_floor_is_kept(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services.store, "bytes_free", lambda floor: 10**10 - floor)
    services.downloads.change_rules({"floor": 9 * 10**9})
    assert services.trips.plan([("sql", 1)]).bytes_free == 10**9


def test_a_trip_is_queued_first_in_the_order_of_study(
    services: Services, course: Course, told: list[frozenset[str]]
) -> None:
    other = make_course("art", 2)
    enroll(services, other)
    services.downloads.queue_week("art", 2)
    told.clear()
    services.trips.pack([("sql", 2), ("sql", 1)], 10)
    assert told == [frozenset({"downloads", "courses", "trips"})]
    entries = services.downloads.view().entries
    assert [(entry.course_id, entry.title) for entry in entries] == [
        ("sql", "Week 1"),
        ("sql", "Week 2"),
        ("art", "Week 2"),
    ]
    trip = services.trips.current()
    assert trip is not None
    assert (trip.state, trip.bytes_done, trip.over) == ("packing", 0, False)
    assert [week.number for week in trip.weeks] == [1, 2]
    assert trip.bytes_total == services.trips.plan([("sql", 1), ("sql", 2)]).bytes_total
    with pytest.raises(Problem, match="No week is chosen"):
        services.trips.pack([], 10)


def test_a_trip_outlives_a_restart(services: Services, course: Course, clock: HandClock, tmp_path: Path) -> None:
    services.trips.pack([("sql", 1)], 10)
    week = next(iter(services.downloads.view().entries))
    put_blobs(services, course, list(course.blobs)[:3])
    before = services.trips.current()
    services.close()
    again = open_learner(tmp_path, clock)
    trip = again.trips.current()
    assert trip == before
    assert trip is not None
    assert trip.weeks[0].download_id == week.id
    put_blobs(again, course)
    trip = again.trips.current()
    assert trip is not None
    assert (trip.state, trip.bytes_done) == ("ready", trip.bytes_total)
    clock.go(days=10)
    trip = again.trips.current()
    assert trip is not None
    assert trip.over
    again.close()


def test_cancelling_takes_out_what_the_trip_brought_and_nothing_else(services: Services, course: Course) -> None:
    services.downloads.queue_week("sql", 2)
    services.trips.pack([("sql", 1), ("sql", 2)], 10)
    services.trips.cancel()
    assert services.trips.current() is None
    assert [entry.title for entry in services.downloads.view().entries] == ["Week 2"]


def test_what_is_ready_stays_when_the_trip_is_cancelled(services: Services, course: Course) -> None:
    services.trips.pack([("sql", 1)], 10)
    put_blobs(services, course)
    services.trips.cancel()
    assert [entry.state for entry in services.downloads.view().entries] == ["ready"]


@pytest.mark.parametrize("how", ["paused", "failed", "taken out", "cleared and lost"])
def test_what_nobody_fetches_is_seen_and_fetched_again(services: Services, course: Course, how: str) -> None:
    services.trips.pack([("sql", 1), ("sql", 2)], 10)
    first = services.downloads.view().entries[0]
    if how == "paused":
        services.downloads.pause(first.id)
        services.downloads.pause(services.downloads.view().entries[1].id)
    elif how == "failed":
        with services.store.write({"downloads"}) as connection:
            connection.execute(update(downloads).values(state="failed", problem="The disk is full."))
    elif how == "taken out":
        services.downloads.cancel(first.id)
        services.downloads.cancel(services.downloads.view().entries[0].id)
    else:
        put_blobs(services, course)
        services.downloads.clear_finished()
        with services.store.write({"assets"}) as connection:
            connection.execute(update(assets).values(state="missing"))
    trip = services.trips.current()
    assert trip is not None
    assert trip.state == ("paused" if how == "paused" else "stopped")
    assert trip.weeks[0].problem == ("The disk is full." if how == "failed" else "")
    services.trips.fetch_again()
    trip = services.trips.current()
    assert trip is not None
    assert trip.state == "packing"
    assert {entry.state for entry in services.downloads.view().entries} == {"queued"}


def test_a_course_that_was_given_up_is_no_part_of_the_trip(services: Services, course: Course) -> None:
    services.trips.pack([("sql", 1)], 10)
    services.enrollment.unenroll(course.enrollment().id)
    trip = services.trips.current()
    assert trip is not None
    assert trip.weeks == ()
    services.trips.fetch_again()
