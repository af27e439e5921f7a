"""One whole trip with the real server: packed, interrupted by a restart, checked with the server dead, mended."""

from __future__ import annotations

import pytest

from desktop.models.blobs import blob_path
from desktop.models.trip_views import DAMAGED, GRADE_LATER, Report, TripView, due_by, end_of
from desktop.player.containers import MediaOpener
from desktop.services.services import Services, open_services
from tests.contract.conftest import Client
from tests.contract.test_client_learning import COURSE, sync
from tests.contract.test_downloads import Make, drain
from tests.server_process import ServerProcess


def trip_of(services: Services) -> TripView:
    """What is packed."""
    trip = services.trips.current()
    assert trip is not None
    return trip


def check(services: Services) -> Report:
    """Look at everything that is packed, as the page does."""
    trip = trip_of(services)
    weeks = [(week.course_id, week.number) for week in trip.weeks]
    report = services.readiness.check(weeks, MediaOpener(), lambda *_: None, lambda: False)
    assert report is not None
    services.trips.keep_report(trip.id, report)
    return report


def again(one: Client, services: Services) -> Services:
    """The program is started again."""
    account_id = services.store.account_id
    services.close()
    one._services = open_services(one.home, account_id, one.clock, lambda kinds: None, one.home / "assets")
    return one.services


@pytest.mark.expected_log("damaged or gone")
def test_a_trip_from_packing_to_ready(client: Make, server: ServerProcess) -> None:
    one = client("one")
    services = one.join()
    sync(one)
    services.enrollment.enroll(services.learner.view().programs[0].id, COURSE)
    sync(one)
    (course,) = services.trips.choices()
    assert course.ready
    due = due_by([course], end_of(one.clock.now(), 10))
    assert due, "the sample program has something due in its first weeks"
    everything = [(COURSE, week.number) for week in course.weeks]
    plan = services.trips.plan(everything)
    assert plan.fits
    services.trips.pack(everything, 10)

    drain(one, one.gateway.packs, lambda: trip_of(services).bytes_done > plan.bytes_total // 3)
    before = trip_of(services)
    assert before.state == "packing"
    assert 0 < before.bytes_done < before.bytes_total
    services = again(one, services)
    assert trip_of(services) == before
    drain(one, one.gateway.packs)
    assert trip_of(services).state == "ready"
    assert trip_of(services).bytes_done == plan.bytes_total

    server.kill()
    report = check(services)
    assert report.items == sum(len(manifest_items(services, number)) for _, number in everything)
    assert report.items == report.ready, report.findings
    assert {finding.reason for finding in report.findings} >= {GRADE_LATER}
    assert report.verified + report.trusted == plan.files
    assert not trip_of(services).outdated

    lecture = next(row for _, number in everything for row in manifest_items(services, number) if row[1] == "video")
    media = services.lectures.view(lecture[0]).media
    assert media is not None
    sound = media.read_bytes()
    media.write_bytes(sound[:-1] + bytes([sound[-1] ^ 1]))
    report = check(services)
    assert [(found.item_id, found.reason) for found in report.findings if not found.works] == [(lecture[0], DAMAGED)]
    assert trip_of(services).state == "packing", "it is in the queue again"

    server.start()
    drain(one, one.gateway.packs)
    assert trip_of(services).state == "ready"
    assert trip_of(services).outdated, "the file came after the check"
    assert blob_path(services.store.assets, media.name).read_bytes() == sound
    report = check(services)
    assert report.items == report.ready
    services.trips.end()
    assert services.trips.current() is None
    assert services.lectures.view(lecture[0]).media == media


def manifest_items(services: Services, number: int) -> list[tuple[str, str]]:
    """Ids and kinds of a week's items."""
    week = services.courses.outline(COURSE).weeks[number - 1]
    return [(row.item_id, row.kind) for module in week.modules for lesson in module.lessons for row in lesson.items]
