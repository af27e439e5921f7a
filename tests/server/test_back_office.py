"""The back office: every page of every model opens, what it changes is told to learners, and its door is guarded."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin import ModelAdmin, site
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from protocol.actions import OPEN_ITEM, SAVE_COURSE, SAVE_NOTE, SET_POSITION, SUBMIT_ATTEMPT, SaveCourse
from protocol.catalog import CatalogEntry, CatalogGroup
from protocol.ids import CourseId
from protocol.learning import Enrollment as WireEnrollment
from protocol.wire import decode, encode
from server.accounts.limits import SIGN_IN_BY_ADDRESS, count_failure
from server.accounts.models import DeviceSession, DeviceUse, LinkedAddress, RefreshToken, User
from server.catalog.models import Course, CourseBlob, Group, KeyedQuiz, Review
from server.deliveries.models import Delivery, SealingKeyPair
from server.feeds.models import FeedChange, FeedHead, ServerLife
from server.learning.models import Note
from server.programs.models import Invitation, Membership, Program
from tests.server.api import PASSWORD, Api
from tests.server.program_folder import COURSE_ID, EXAM, LECTURE, PROGRAM_ID

CATALOG = f"program:{PROGRAM_ID}"
NOT_SHOWN = {
    LinkedAddress: "on the person's page",
    RefreshToken: "secrets of sessions, which have a page",
    CourseBlob: "thousands of pairs, made by the loader",
    DeviceUse: "keys and secrets of devices; their sessions have a page",
    SealingKeyPair: "the keys themselves",
    ServerLife: "one row that nobody may change; a command begins a new life",
}
"""Models of ours without a page of their own, and why."""


@pytest.fixture
def boss(db: None) -> Client:
    """Somebody who may do everything."""
    client = Client()
    client.force_login(User.objects.create_superuser("boss@example.org", PASSWORD, name="Boss"))
    return client


@pytest.fixture
def busy(learner: Api) -> Api:
    """A learner who has a row of everything."""
    document = KeyedQuiz.objects.get(item_id=EXAM).public_sha256
    place = {"item_id": LECTURE, "course_id": COURSE_ID}
    for kind, body in (
        (SAVE_NOTE, {"note_id": "n1", "text": "<script>private</script>", **place}),
        (SET_POSITION, {"position_ms": 5, **place}),
        (OPEN_ITEM, place),
        (SAVE_COURSE, {"course_id": COURSE_ID, "saved": True}),
        (
            SUBMIT_ATTEMPT,
            {
                "attempt_id": "a1",
                "item_id": EXAM,
                "course_id": COURSE_ID,
                "quiz": document,
                "answers": [],
                "started_at": "2026-01-01T00:00:00Z",
            },
        ),
    ):
        action = learner.action(kind, SaveCourse(course_id=CourseId("x"), saved=True))
        action = decode(encode(action).replace(encode(action.body), encode(body)), type(action))
        assert learner.act(action)[0].outcome == "applied", kind
    Review.objects.create(course_id=COURSE_ID, user_id=learner.account, stars=4, text="Clear.")
    Delivery.objects.create(
        user_id=learner.account, reference="r1", device_id="d1", made_at=timezone.now(), actions=3, refused=1
    )
    count_failure((SIGN_IN_BY_ADDRESS, "somebody@example.org"))
    return learner


def ours() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("server.")]


def test_every_model_has_a_page_or_a_reason_why_not() -> None:
    assert {model for model in ours() if not site.is_registered(model)} == set(NOT_SHOWN)


def pages() -> list[tuple[str, ModelAdmin[Any]]]:
    return [(model._meta.label_lower, page) for model, page in site._registry.items()]


@pytest.mark.parametrize(("label", "page"), pages(), ids=[label for label, _ in pages()])
def test_every_page_opens(boss: Client, busy: Api, label: str, page: ModelAdmin[Any]) -> None:
    app, _, name = label.partition(".")
    row = page.model._default_manager.first()
    assert row is not None or app == "auth", f"a row of {label} is wanted, to open its pages"
    start = f"/admin/{app}/{name}/"
    listing = boss.get(start)
    assert listing.status_code == 200
    if row is not None:
        assert str(row.pk) in listing.content.decode() or "/change/" in listing.content.decode()
        change = f"{start}{quoted(row.pk)}/change/"
        for address in (change, f"{start}{quoted(row.pk)}/history/"):
            assert boss.get(address).status_code == 200, address
    if page.search_fields:
        assert boss.get(f"{start}?q=a'%25\\").status_code == 200
    request = boss.get("/admin/").wsgi_request
    assert boss.get(f"{start}add/").status_code == (200 if page.has_add_permission(request) else 403)
    if row is not None:
        wanted = 200 if page.has_delete_permission(request, row) else 403
        assert boss.get(f"{start}{quoted(row.pk)}/delete/").status_code == wanted


def quoted(key: str) -> str:
    """As the back office writes keys into addresses."""
    from django.contrib.admin.utils import quote

    return str(quote(key))


def test_what_is_private_is_not_shown(boss: Client, busy: Api) -> None:
    for model in (Note, FeedChange, KeyedQuiz):
        for row in model._default_manager.all():
            page = boss.get(f"/admin/{model._meta.label_lower.replace('.', '/')}/{row.pk}/change/").content.decode()
            assert "private" not in page
            assert "secret-word" not in page


def form_of(response: Any) -> dict[str, Any]:
    """What a browser would send back from a page that is left as it is."""
    form = response.context["adminform"].form
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    for formset in response.context["inline_admin_formsets"]:
        for name in formset.formset.management_form.fields:
            data[f"{formset.formset.prefix}-{name}"] = formset.formset.management_form[name].value()
    return {name: value for name, value in data.items() if value is not False}


def test_a_course_that_is_withdrawn_leaves_the_catalog(boss: Client, member: Api) -> None:
    address = f"/admin/catalog/course/{COURSE_ID}/change/"
    assert boss.post(address, {}).status_code == 302  # “offered” is not ticked
    assert member.bodies("catalog_entry", CatalogEntry, CATALOG) == {}
    assert boss.post(address, {"offered": "on"}).status_code == 302
    assert set(member.bodies("catalog_entry", CatalogEntry, CATALOG)) == {COURSE_ID}
    assert Course.objects.get().title == "The basics"


def test_rows_of_the_catalog_are_told(boss: Client, member: Api) -> None:
    group = Group.objects.get()
    before = member.cursor(CATALOG)
    data = form_of(boss.get(f"/admin/catalog/group/{group.pk}/change/")) | {"title": "Begin", "course_ids": "[]"}
    assert boss.post(f"/admin/catalog/group/{group.pk}/change/", data).status_code == 302
    assert member.bodies("catalog_group", CatalogGroup, CATALOG)["start-here"].title == "Begin"
    assert boss.post(f"/admin/catalog/group/{group.pk}/delete/", {"post": "yes"}).status_code == 302
    assert member.bodies("catalog_group", CatalogGroup, CATALOG) == {}
    Group.objects.create(program_id=PROGRAM_ID, slug="more", title="More")
    chosen = {"action": "delete_selected", "_selected_action": [Group.objects.get().pk], "post": "yes"}
    assert boss.post("/admin/catalog/group/", chosen).status_code == 302
    assert [change.deleted for change in member.changes(CATALOG, "catalog_group", before)] == [True, True]
    assert member.changes(CATALOG, "catalog_group") == [], "a new device need not hear of what is gone"


def test_a_review_changes_the_stars_of_the_tile(boss: Client, member: Api) -> None:
    new = {
        "course": COURSE_ID,
        "user": member.account,
        "stars": 4,
        "written_at_0": "2026-01-01",
        "written_at_1": "0:00",
    }
    assert boss.post("/admin/catalog/review/add/", new).status_code == 302
    entry = member.bodies("catalog_entry", CatalogEntry, CATALOG)[COURSE_ID]
    assert (entry.rating, entry.rating_count) == (4.0, 1)
    chosen = {"action": "delete_selected", "_selected_action": [Review.objects.get().pk], "post": "yes"}
    assert boss.post("/admin/catalog/review/", chosen).status_code == 302
    assert member.bodies("catalog_entry", CatalogEntry, CATALOG)[COURSE_ID].rating_count == 0


def test_a_person_who_is_deleted_leaves_nothing_behind(boss: Client, busy: Api) -> None:
    assert FeedChange.objects.filter(body__contains="private").exists()
    assert boss.post(f"/admin/accounts/user/{busy.account}/delete/", {"post": "yes"}).status_code == 302
    assert not User.objects.filter(pk=busy.account).exists()
    assert not FeedHead.objects.filter(name__contains=busy.account).exists()
    assert not FeedChange.objects.filter(body__contains="private").exists()
    assert busy.refused("GET", "/v1/me") == (401, "session_ended")


def test_an_invitation_is_made_and_withdrawn(boss: Client, program: Program) -> None:
    data = form_of(boss.get("/admin/programs/invitation/add/"))
    data |= {"email": "Bo@example.org", "program": PROGRAM_ID, "created_at_0": "2026-01-01", "created_at_1": "0:00"}
    assert boss.post("/admin/programs/invitation/add/", data).status_code == 302
    invitation = Invitation.objects.get(email__iexact="bo@example.org")
    chosen = {"action": "withdraw", "_selected_action": [invitation.pk]}
    assert boss.post("/admin/programs/invitation/", chosen).status_code == 302
    invitation.refresh_from_db()
    assert invitation.state() == "withdrawn"


def test_sessions_and_memberships_are_ended(boss: Client, member: Api) -> None:
    membership, session = Membership.objects.get(), DeviceSession.objects.get()
    chosen = {"action": "end_memberships", "_selected_action": [membership.pk]}
    assert boss.post("/admin/programs/membership/", chosen).status_code == 302
    assert member.refused("GET", f"/v1/feeds/{CATALOG}") == (403, "not_a_member")
    chosen = {"action": "end_sessions", "_selected_action": [session.pk]}
    assert boss.post("/admin/accounts/devicesession/", chosen).status_code == 302
    assert member.refused("GET", "/v1/me") == (401, "session_ended")


def test_the_door_counts_wrong_passwords_with_those_of_the_program(db: None) -> None:
    User.objects.create_superuser("boss@example.org", PASSWORD, name="Boss")
    client = Client()
    for _ in range(8):
        client.post("/admin/login/", {"username": "Boss@example.org", "password": "wrong"})
    assert client.post("/admin/login/", {"username": "boss@example.org", "password": PASSWORD}).status_code == 200
    device = Api().wire_device()
    wanted = {"email": "boss@example.org", "password": PASSWORD, "device": {"id": device.id, "name": "n"}}
    assert Api().refused("POST", "/v1/sessions", wanted) == (429, "too_many_tries")


def test_the_right_password_opens_the_door(db: None) -> None:
    User.objects.create_superuser("boss@example.org", PASSWORD, name="Boss")
    entered = Client().post("/admin/login/?next=/admin/", {"username": "BOSS@example.org", "password": PASSWORD})
    assert (entered.status_code, entered["Location"]) == (302, "/admin/")


def test_the_learners_enrollment_is_seen(boss: Client, learner: Api) -> None:
    (enrollment,) = learner.bodies("enrollment", WireEnrollment).values()
    assert enrollment.course_id == COURSE_ID
    assert "The basics" in boss.get("/admin/learning/enrollment/").content.decode()
