"""What files take, by course, week and kind, and what is left when some are removed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from desktop.models.blobs import blob_path
from desktop.models.storage_use import kind_of
from desktop.models.storage_views import OTHER, PICTURES, SUBTITLES, CourseUse
from desktop.models.storage_views import VIDEO as VIDEO_FILES
from desktop.services.services import Services
from protocol.manifest import VIDEO
from tests.desktop.course import START, VIDEO_BYTES, Course, make_course
from tests.desktop.filled import enroll, open_learner, put_blobs
from tests.desktop.hand_clock import HandClock


@pytest.fixture
def courses() -> tuple[Course, Course]:
    """Two of two weeks each, which share the plan."""
    return make_course("sql"), make_course("art")


@pytest.fixture
def services(tmp_path: Path, courses: tuple[Course, Course]) -> Iterator[Services]:
    """All of both is here."""
    made = open_learner(tmp_path, HandClock())
    enroll(made, *courses)
    for course in courses:
        put_blobs(made, course)
    yield made
    made.close()


def files(services: Services) -> set[str]:
    """What lies there."""
    return {path.name for path in services.store.assets.glob("??/*")}


def use_of(services: Services, course_id: str) -> CourseUse:
    """A course's part of the view."""
    return next(use for use in services.storage.view().courses if use.course_id == course_id)


def videos(course: Course) -> list[str]:
    """Of its weeks, in order."""
    return [item.video.variants[0].asset for item in course.manifest.items() if item.kind == VIDEO and item.video]


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        ("video/webm", VIDEO_FILES),
        ("text/vtt", SUBTITLES),
        ("text/vtt; charset=utf-8", SUBTITLES),
        ("application/x-subrip", SUBTITLES),
        ("image/svg+xml; charset=utf-8", PICTURES),
        ("text/html; charset=utf-8", OTHER),
    ],
)
def test_a_file_is_counted_by_its_kind_whatever_its_charset(media_type: str, kind: str) -> None:
    """The server says the charset of subtitles."""
    assert kind_of(media_type) == kind


def test_each_file_is_counted_once(services: Services, courses: tuple[Course, Course]) -> None:
    every = courses[0].blobs | courses[1].blobs
    shared = courses[0].blobs.keys() & courses[1].blobs.keys()
    assert shared
    view = services.storage.view()
    assert view.bytes_used == sum(map(len, every.values()))
    assert view.bytes_shared == sum(len(every[sha256]) for sha256 in shared)
    assert sum(size for _, size in view.kinds) == view.bytes_used
    assert dict(view.kinds)["video"] == 4 * VIDEO_BYTES
    assert all(dict(view.kinds)[kind] > 0 for kind in ("subtitles", "pictures", "other"))
    assert sum(use.bytes_own for use in view.courses) + view.bytes_shared + view.bytes_catalog == view.bytes_used
    assert [use.bytes_removable for use in view.courses] == [2 * VIDEO_BYTES] * 2
    assert [(week.number, week.title, week.bytes_removable, week.done) for week in view.courses[0].weeks] == [
        (1, "Week 1", VIDEO_BYTES, False),
        (2, "Week 2", VIDEO_BYTES, False),
    ]
    assert view.bytes_free is not None
    assert view.bytes_others == 0


def test_a_week_goes_and_the_texts_stay(services: Services, courses: tuple[Course, Course]) -> None:
    services.downloads.queue_course("sql")
    services.downloads.queue_week("sql", 1)
    services.downloads.queue_item("sql/video-1")
    services.storage.remove_week("sql", 1)
    assert blob_path(services.store.assets, videos(courses[0])[0]).name not in files(services)
    assert set(videos(courses[0])[1:]) <= files(services)
    assert services.readings.view("sql/reading-1").html is not None
    assert [week.number for week in use_of(services, "sql").weeks] == [2]
    assert {entry.title for entry in services.downloads.view().entries} == {"Course sql"}  # and it does not come again
    assert services.downloads.view().entries[0].state == "ready"
    services.downloads.queue_week("sql", 1)
    assert services.downloads.view().entries[-1].state == "queued"


def test_a_lecture_that_a_new_version_moved_belongs_to_its_new_week(
    services: Services, courses: tuple[Course, Course]
) -> None:
    """The version before is still known here; it has no say in what the week of now needs."""
    sql = courses[0]
    one, two = sql.manifest.weeks
    turned = replace(sql.manifest, weeks=(replace(two, number=1), replace(one, number=2)))
    enroll(services, Course(sql.course_id, turned, sql.blobs), at=START + timedelta(days=1))
    services.storage.remove_week("sql", 2)
    assert [sha256 in files(services) for sha256 in videos(sql)] == [False, True]


def test_finished_weeks_are_those_with_nothing_left(services: Services, courses: tuple[Course, Course]) -> None:
    for item in courses[0].manifest.items():
        if item.id.endswith("-1"):
            services.lectures.complete(item.id)
    services.lectures.complete("sql/video-2")
    view = services.storage.view()
    assert view.bytes_finished == VIDEO_BYTES
    assert [week.done for week in use_of(services, "sql").weeks] == [True, False]
    services.notes.save("sql/video-1", "kept")
    services.storage.remove_finished()
    assert [week.number for week in use_of(services, "sql").weeks] == [2]
    assert services.storage.view().bytes_finished == 0
    assert [note.text for note in services.notes.all()] == ["kept"]


def test_what_another_course_has_stays(services: Services, tmp_path: Path) -> None:
    sql = make_course("sql")
    copy = Course(sql.course_id, sql.manifest, sql.blobs)
    other = make_course("copy")
    manifest = copy.manifest
    # A course under another name with the very same lectures.
    from msgspec.structs import replace

    twin = Course(other.course_id, replace(manifest, course_id=other.course_id, title="Twin"), sql.blobs)
    enroll(services, twin)
    assert use_of(services, "sql").bytes_removable == 0
    services.storage.remove_course("sql")
    assert set(videos(sql)) <= files(services)
    services.storage.remove_all()
    assert not set(videos(sql)) & files(services)
    assert services.storage.view().bytes_removable == 0
    assert services.storage.view().bytes_used > 0  # texts


def test_what_other_learners_have_is_said_and_stays(
    services: Services, courses: tuple[Course, Course], tmp_path: Path
) -> None:
    from desktop.services.services import open_services

    second = open_services(tmp_path, "learner-2", HandClock(), lambda kinds: None, tmp_path / "assets")
    enroll(second, courses[0])
    put_blobs(second, courses[0])
    lonely = make_course("only")
    enroll(second, lonely)
    put_blobs(second, lonely)
    mine = courses[0].blobs | courses[1].blobs
    assert services.storage.view().bytes_others == sum(
        len(data) for sha256, data in lonely.blobs.items() if sha256 not in mine
    )
    services.storage.remove_all()
    assert set(videos(courses[0])) <= files(services)
    assert not set(videos(courses[1])) & files(services)
    second.close()


def test_a_damaged_database_of_another_is_no_reason_to_fail(services: Services, tmp_path: Path) -> None:
    folder = tmp_path / "learners" / "learner-3"
    folder.mkdir()
    (folder / "haversack.db").write_bytes(b"rubbish" * 1000)
    assert services.storage.view().bytes_others is None
    services.storage.remove_all()  # and no file goes that it might need
    assert len(files(services)) > 0
