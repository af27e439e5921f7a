"""Course packs as the server makes them: what is in one, what never is, and the keys that sign them."""

from __future__ import annotations

import base64
import hashlib
import re
import tarfile
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.management import CommandError, call_command
from django.test import Client, override_settings

from protocol.catalog import PackKey as WireKey
from protocol.course_packs import CoursePack, check_blocks, read_header, read_sealed
from protocol.manifest import CourseManifest
from protocol.quizzes import Quiz
from protocol.wire import decode
from server.catalog.blobs import blob_path
from server.catalog.course_packs import Choice, PackError, plan_pack, stream_pack, write_pack
from server.catalog.models import Course, CourseVersion, KeyedQuiz
from server.programs.models import PackKey, Program
from server.programs.pack_keys import KeyLostError, make_missing_keys, replace_key, revoke_key, sign
from tests.server.api import Api
from tests.server.program_folder import COURSE_ID, EXAM, PROGRAM_ID
from tests.server.test_back_office import boss

__all__ = ["boss"]
FEED = f"program:{PROGRAM_ID}"


@dataclass
class Read:
    """A pack, taken apart by the standard library's tar and by the protocol."""

    pack: CoursePack
    blobs: dict[str, bytes]
    raw: bytes
    key_id: str


def read(raw: bytes) -> Read:
    """Everything in a pack, with every check that does not need the learner's keys but one: the server's own key."""
    sealed = read_sealed(BytesIO(raw))
    key = PackKey.objects.get(pk=sealed.key_id)
    Ed25519PublicKey.from_public_bytes(base64.b64decode(key.public)).verify(sealed.signature, sealed.signed)
    pack = read_header(sealed)
    check_blocks(BytesIO(raw), len(raw), sealed, pack)
    blobs = {}
    with tarfile.open(fileobj=BytesIO(raw), mode="r:") as tar:
        names = tar.getnames()
        for name in names[2:]:
            member = tar.extractfile(name)
            assert member is not None
            blobs[name.removeprefix("blobs/")] = member.read()
    assert list(blobs) == [blob.sha256 for blob in pack.blobs]
    return Read(pack, blobs, raw, sealed.key_id)


def made(choice: Choice | None = None) -> Read:
    """A pack of the course of the tests."""
    return read(b"".join(stream_pack(plan_pack(Course.objects.get(pk=COURSE_ID), choice))))


def manifest_of(found: Read) -> CourseManifest:
    """Of a pack."""
    return decode(found.blobs[found.pack.version], CourseManifest)


def test_a_pack_is_a_tar_of_what_the_course_needs_offline(program: Program) -> None:
    found = made()
    course = Course.objects.get(pk=COURSE_ID)
    assert (found.pack.course_id, found.pack.program_id, found.pack.version) == (
        COURSE_ID,
        PROGRAM_ID,
        course.version_id,
    )
    assert (found.pack.organization, found.pack.title) == ("Town library", "The basics")
    for sha256, data in found.blobs.items():
        assert hashlib.sha256(data).hexdigest() == sha256
    manifest = manifest_of(found)
    needed = {track.asset for item in manifest.items() if item.video for track in item.video.tracks}
    needed |= {item.reading.asset for item in manifest.items() if item.reading}
    needed |= {resource.asset for resource in manifest.resources if resource.asset}
    assert needed
    assert needed <= set(found.blobs)
    assert set(found.blobs) - {found.pack.version} <= {asset.sha256 for asset in manifest.assets}


def test_the_same_course_makes_the_same_pack_but_for_moment_and_signature(program: Program) -> None:
    first, second = made(), made()
    begin = len(first.raw) - sum(512 + len(data) + -len(data) % 512 for data in first.blobs.values()) - 1024
    assert first.raw[begin:] == second.raw[begin:]
    assert first.pack.blobs == second.pack.blobs


def test_no_pack_holds_a_key_of_a_graded_quiz_nor_a_word_of_a_learner(learner: Api) -> None:
    found = made(Choice(videos="all"))
    keyed = decode(bytes(KeyedQuiz.objects.get(item_id=EXAM).document), Quiz)
    assert all(question.key for question in keyed.questions)
    reference = next(item for item in manifest_of(found).items() if item.id == EXAM).quiz
    assert reference is not None
    packed = decode(found.blobs[reference.asset], Quiz)
    assert [question.id for question in packed.questions] == [question.id for question in keyed.questions]
    assert not any(question.key or question.right_feedback for question in packed.questions)
    assert bytes(KeyedQuiz.objects.get(item_id=EXAM).document) not in found.blobs.values()
    assert b"ada@example.org" not in found.raw


def test_weeks_languages_and_videos_can_be_chosen(program: Program) -> None:
    whole = made()
    manifest = manifest_of(whole)
    videos = {variant.asset for item in manifest.items() if item.video for variant in item.video.variants}
    german = {
        track.asset for item in manifest.items() if item.video for track in item.video.tracks if track.language == "de"
    }
    assert videos
    assert german
    assert videos & set(whole.blobs)
    without = made(Choice(videos="none"))
    assert not videos & set(without.blobs)
    assert without.pack.videos == "none"
    english = made(Choice(languages=("en",)))
    assert german & set(whole.blobs)
    assert not german & set(english.blobs)
    last = made(Choice(weeks=(2,), resources=False))
    assert last.pack.weeks == (2,)
    assert len(last.blobs) < len(whole.blobs)
    assert not videos & set(last.blobs), "the lecture is in week 1"
    with pytest.raises(PackError, match="no week 9"):
        made(Choice(weeks=(9,)))


def test_what_is_not_offered_is_not_handed_out(program: Program) -> None:
    Course.objects.filter(pk=COURSE_ID).update(offered=False)
    with pytest.raises(PackError, match="not offered"):
        made()


def test_an_older_version_can_be_named(program: Program) -> None:
    course = Course.objects.get(pk=COURSE_ID)
    other = b'{"course_id":"basics","title":"Old","partner":"x","language":"en"}'
    sha256 = hashlib.sha256(other).hexdigest()
    CourseVersion.objects.create(pk=sha256, course=course, manifest=other)
    plan = plan_pack(course, version=sha256[:10])
    assert (plan.pack.version, plan.pack.title) == (sha256, "Old")
    for wrong in ("0" * 64, sha256[:5]):
        with pytest.raises(PackError, match="no version"):
            plan_pack(course, version=wrong)


def test_a_damaged_file_of_the_server_never_leaves_it(program: Program, tmp_path: Path) -> None:
    plan = plan_pack(Course.objects.get(pk=COURSE_ID))
    victim = blob_path(plan.pack.blobs[-1].sha256)
    good = victim.read_bytes()
    target = tmp_path / "course.haversack"
    for bad in (b"x" + good[1:], good[:-1], good + b"x"):
        victim.write_bytes(bad)
        with pytest.raises(PackError, match="damaged"):
            write_pack(plan, target)
    victim.unlink()
    with pytest.raises(PackError, match="cannot be read"):
        write_pack(plan, target)
    assert list(tmp_path.glob("*.haversack*")) == []
    victim.write_bytes(good)
    target.write_bytes(b"an older one")
    write_pack(plan, target)
    assert target.stat().st_size == plan.size
    assert read(target.read_bytes()).pack == plan.pack


def test_the_command_writes_the_file_and_says_what_it_is(
    program: Program, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("export_course", COURSE_ID, to=tmp_path, languages=("en",))
    said = capsys.readouterr()
    assert "The basics" in said.out
    assert said.err == "", "nobody watches a pipe"
    assert read((tmp_path / "basics.haversack").read_bytes()).pack.languages == ("en",)
    with pytest.raises(CommandError, match="There are: basics"):
        call_command("export_course", "nothing")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_course", COURSE_ID, to=tmp_path / "no" / "folder.haversack")


def test_at_a_terminal_the_command_tells_how_far_it_is(program: Program, tmp_path: Path) -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    call_command("export_course", COURSE_ID, to=tmp_path, stderr=terminal)
    last = terminal.getvalue().rpartition("\r")[2]
    assert re.fullmatch(r"(\d+) of \1 MB\n", last)


def test_learners_hear_of_the_key_before_the_first_pack(member: Api) -> None:
    keys = member.bodies("pack_key", WireKey, FEED)
    assert [key.state for key in keys.values()] == ["active"]
    key = next(iter(keys.values()))
    raw = base64.b64decode(key.public_key)
    assert hashlib.sha256(raw).hexdigest()[:32] == key.id
    assert made().key_id == key.id


def test_a_replaced_key_signs_no_more_and_a_revoked_one_is_told(member: Api) -> None:
    program = Program.objects.get(pk=PROGRAM_ID)
    first = made().key_id
    second = replace_key(program).pk
    assert made().key_id == second
    revoke_key(PackKey.objects.get(pk=second))
    third = made().key_id
    assert third not in {first, second}
    call_command("replace_pack_key", PROGRAM_ID, revoke=True)
    states = {key.id: key.state for key in member.bodies("pack_key", WireKey, FEED).values()}
    assert states[first] == "retired"
    assert (states[second], states[third]) == ("revoked", "revoked")
    assert sorted(states.values()) == ["active", "retired", "revoked", "revoked"]
    assert not PackKey.objects.exclude(state="active").exclude(private="").exists(), "what never signs is not kept"
    with pytest.raises(CommandError, match="no program"):
        call_command("replace_pack_key", "nobody")


def test_the_private_half_is_useless_without_the_servers_secret(program: Program) -> None:
    key_id, signature = sign(program, b"words")
    key = PackKey.objects.get(pk=key_id)
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key.public))
    public.verify(signature, b"words")
    with pytest.raises(InvalidSignature):
        public.verify(signature, b"other words")
    with override_settings(SECRET_KEY="another" * 8), pytest.raises(KeyLostError, match="SECRET_KEY_FALLBACKS"):
        sign(program, b"words")
    with override_settings(SECRET_KEY="another" * 8, SECRET_KEY_FALLBACKS=["only-for-tests-" + "x" * 40]):
        assert sign(program, b"words") == (key_id, signature)


def test_programs_of_before_there_were_keys_get_one(program: Program) -> None:
    PackKey.objects.all().delete()
    make_missing_keys()
    make_missing_keys()
    assert PackKey.objects.filter(program=program, state="active").count() == 1


def test_the_back_office_replaces_and_revokes(boss: Client, program: Program) -> None:
    first = PackKey.objects.get()
    page = "/admin/programs/program/"
    boss.post(page, {"action": "replace_pack_keys", "_selected_action": [PROGRAM_ID]})
    first.refresh_from_db()
    assert first.state == "retired"
    boss.post("/admin/programs/packkey/", {"action": "revoke", "_selected_action": [first.pk]})
    first.refresh_from_db()
    assert first.state == "revoked"
    shown = boss.get(f"/admin/programs/packkey/{PackKey.objects.get(state='active').pk}/change/").content.decode()
    assert PackKey.objects.get(state="active").private not in shown
