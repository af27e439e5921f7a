"""Downloads steered by course, week and item: before others, in any order, and off this computer again."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from desktop.errors import Problem
from desktop.models.blobs import blob_path
from desktop.models.views import DownloadView
from desktop.services.services import Services
from protocol.manifest import Item
from tests.desktop.course import Course, make_course
from tests.desktop.sync.conftest import Installation
from tests.desktop.sync.program_server import ProgramServer
from tests.desktop.sync.test_push_pull import enrolled
from tests.desktop.sync.test_queue import drain, media_asked, queue_of


@pytest.fixture
def course() -> Course:
    """Three weeks."""
    return make_course(weeks=3)


@pytest.fixture
def services(one: Installation, program: ProgramServer, course: Course) -> Services:
    """Enrolled, nothing downloaded."""
    return enrolled(one, program, course)


def by_scope(services: Services) -> dict[str, DownloadView]:
    return {entry.scope: entry for entry in services.download_controls.entries("sql")}


def media(course: Course, number: int) -> str:
    items: list[Item] = [item for item in course.manifest.items() if item.id == f"sql/video-{number}"]
    assert items[0].video is not None
    return items[0].video.variants[0].asset


def here(services: Services, course: Course) -> list[int]:
    """Weeks whose lecture is on the disk, and of which the page says that it is."""
    on_disk = [number for number in (1, 2, 3) if blob_path(services.store.assets, media(course, number)).exists()]
    shown = [number for number in (1, 2, 3) if services.lectures.view(f"sql/video-{number}").media is not None]
    assert on_disk == shown
    return on_disk


def test_an_item_comes_before_the_week_that_is_under_way(
    one: Installation, program: ProgramServer, course: Course, services: Services
) -> None:
    controls = services.download_controls
    controls.fetch("sql", "week:1")
    controls.fetch("sql", "week:2")
    controls.fetch_next("sql", "item:sql/video-3")
    found = by_scope(services)
    assert [(scope, entry.place) for scope, entry in found.items()] == [
        ("item:sql/video-3", 1),
        ("week:1", 2),
        ("week:2", 3),
    ]
    services.downloads.pause(found["week:1"].id)
    assert [entry.place for entry in by_scope(services).values()] == [1, 0, 2], "what is paused is in nobody's way"
    services.downloads.resume(found["week:1"].id)
    drain(queue_of(one))
    assert media_asked(program, course) == ["Lecture 3", "Lecture 1", "Lecture 2"]
    controls.fetch_next("sql", "item:sql/video-3")
    assert by_scope(services)["item:sql/video-3"].state == "ready", "it is here already"


def test_any_order(services: Services) -> None:
    controls = services.download_controls
    for number in (1, 2, 3):
        controls.fetch("sql", f"week:{number}")
    ids = {scope: entry.id for scope, entry in by_scope(services).items()}

    def order() -> str:
        return "".join(scope[-1] for scope in by_scope(services))

    for number, place, found in ((1, 2, "231"), (3, 0, "321"), (2, 99, "312"), (2, -1, "231"), (2, 0, "231")):
        controls.put(ids[f"week:{number}"], place)
        assert order() == found
    controls.put("nobody", 1)
    assert order() == "231"


def test_a_week_is_removed_and_the_others_stay(one: Installation, course: Course, services: Services) -> None:
    services.download_controls.fetch("sql", "course:")
    services.download_controls.fetch("sql", "item:sql/video-2")
    drain(queue_of(one))
    assert here(services, course) == [1, 2, 3]
    services.download_controls.remove("sql", "week:2")
    assert here(services, course) == [1, 3]
    assert services.readings.view("sql/reading-2").html is not None, "what is read is small and stays"
    assert {scope: entry.state for scope, entry in by_scope(services).items()} == {"course:": "ready"}
    drain(queue_of(one))
    assert here(services, course) == [1, 3], "the course's entry does not bring it again"
    services.download_controls.fetch("sql", "week:2")
    drain(queue_of(one))
    assert here(services, course) == [1, 2, 3]


@pytest.mark.parametrize("where", ["on its page", "in the storage"])
def test_what_is_removed_while_its_course_is_on_its_way_does_not_come(
    one: Installation, course: Course, services: Services, where: str
) -> None:
    services.download_controls.fetch("sql", "course:")
    if where == "on its page":
        services.download_controls.remove("sql", "week:2")
    else:
        services.storage.remove_week("sql", 2)
    drain(queue_of(one))
    assert here(services, course) == [1, 3]
    assert by_scope(services)["course:"].state == "ready"


def test_bytes_that_two_weeks_share_stay_with_the_other(one: Installation, program: ProgramServer) -> None:
    plain = make_course(weeks=2)
    shared = media(plain, 1)
    weeks = list(plain.manifest.weeks)
    lesson = weeks[1].modules[0].lessons[0]
    lecture = lesson.items[0]
    assert lecture.video is not None
    variant = replace(lecture.video.variants[0], asset=shared)
    lecture = replace(lecture, video=replace(lecture.video, variants=(variant,)))
    lesson = replace(lesson, items=(lecture, *lesson.items[1:]))
    weeks[1] = replace(weeks[1], modules=(replace(weeks[1].modules[0], lessons=(lesson,)),))
    course = Course(plain.course_id, replace(plain.manifest, weeks=tuple(weeks)), plain.blobs)
    with program.lock:
        program.courses = {course.course_id: course}
        program.blobs = dict(course.blobs)
    services = enrolled(one, program, course)
    services.download_controls.fetch("sql", "course:")
    drain(queue_of(one))
    services.download_controls.remove("sql", "week:2")
    assert services.lectures.view("sql/video-1").media is not None


def test_an_item_is_removed(one: Installation, course: Course, services: Services) -> None:
    services.download_controls.fetch("sql", "week:1")
    drain(queue_of(one))
    services.download_controls.remove("sql", "item:sql/video-1")
    assert here(services, course) == []
    assert by_scope(services)["week:1"].state == "ready"
    services.download_controls.fetch("sql", "course:")
    drain(queue_of(one))
    services.download_controls.remove("sql", "course:")
    assert here(services, course) == []
    assert by_scope(services) == {}


def test_a_course_that_is_not_one_s_own_is_left_alone(one: Installation, course: Course, services: Services) -> None:
    services.download_controls.fetch("sql", "week:1")
    drain(queue_of(one))
    with pytest.raises(Problem) as found:
        services.download_controls.remove("nowhere", "week:1")
    assert found.value.code == "not_enrolled"
    assert here(services, course) == [1]
