"""What the loader makes of a right folder."""

from __future__ import annotations

import hashlib
import shutil
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from protocol.manifest import CourseManifest, Item, assets_of
from protocol.quizzes import Quiz
from protocol.wire import decode
from server.authoring import loading
from server.authoring.loading import load_program, load_unless_unchanged
from server.authoring.media import probe, starts_fast
from server.authoring.texts import html_to_html, markdown_to_html, phrase_to_html, reading_minutes
from server.authoring.toml_lines import lines_of
from server.catalog.blobs import blob_path
from server.catalog.models import Blob, Course, CourseVersion, KeyedQuiz
from server.programs.models import Invitation, Program
from tests.server.program_folder import CHECK, COURSE, EXAM_TOML, LECTURE_MS, PROGRAM, tiny_clip

pytestmark = pytest.mark.postgres

COURSE_TOML = "courses/basics/course.toml"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def current() -> CourseManifest:
    version = Course.objects.get().version
    assert version
    return decode(bytes(version.manifest), CourseManifest)


def item(slug: str) -> Item:
    return next(one for one in current().items() if one.id == f"basics/{slug}")


def test_the_whole_course(program: Program) -> None:
    manifest = current()
    assert [week.title for week in manifest.weeks] == ["First week", "Second week"]
    assert (manifest.licence, manifest.instructors) == ("CC BY 4.0", ("The library's team",))
    assert manifest.welcome_html == "<p>Welcome!</p>\n"
    video = item("intro").video
    assert video
    assert video.duration_ms == LECTURE_MS
    assert [(variant.width, variant.height) for variant in video.variants] == [(64, 48)]
    assert [(track.language, track.kind) for track in video.tracks] == [("en", "captions"), ("de", "subtitles")]
    exam = item("exam")
    assert (exam.weight, exam.due_day) == (60, 7)
    assert exam.quiz
    assert (exam.quiz.question_count, exam.quiz.points, exam.quiz.pass_percent, exam.quiz.max_attempts) == (2, 2, 60, 2)
    plan = item("plan").assignment
    assert plan
    assert (plan.reviews_required, plan.review_due_day) == (2, 17)
    lab = item("lab")
    assert lab.tool
    assert (lab.minutes, lab.required) == (30, False)
    for task, text in ((item("plan"), plan), (lab, lab.tool)):
        offline = [asset.sha256 for asset in assets_of(task, manifest)]
        assert offline == [text.asset, *text.pictures]  # what a download brings, pictures among the words included
        assert len(text.pictures) == 1
    assert manifest.resources[0].asset in {asset.sha256 for asset in manifest.assets}
    assert Program.objects.get().accent == "#2f6f5e"
    assert Invitation.objects.get().email == "ada@example.org"


def test_the_version_is_the_hash_of_the_manifest_and_the_same_every_time(program: Program, folder: Path) -> None:
    (version,) = CourseVersion.objects.all()
    assert hashlib.sha256(bytes(version.manifest)).hexdigest() == version.pk
    loaded = load_program(folder)
    assert [course.outcome for course in loaded.courses] == ["unchanged"]
    assert CourseVersion.objects.count() == 1
    assert Invitation.objects.count() == 1


def test_a_change_makes_a_new_version_and_shares_the_rest(program: Program, folder: Path) -> None:
    before = set(Blob.objects.values_list("pk", flat=True))
    change(folder / "courses/basics/readings/why.md", "Because", "Since")
    loaded = load_program(folder)
    assert [course.outcome for course in loaded.courses] == ["new version"]
    assert CourseVersion.objects.count() == 2
    assert len(set(Blob.objects.values_list("pk", flat=True)) - before) == 1


def test_keys_of_graded_quizzes_are_kept_apart(program: Program) -> None:
    keyed = KeyedQuiz.objects.get(item_id="basics/exam")
    assert decode(bytes(keyed.document), Quiz).questions[1].key
    public = decode(blob_path(keyed.public_sha256).read_bytes(), Quiz)
    assert all(question.key is None for question in public.questions)
    assert [question.html for question in public.questions] == ["Which ones? $x_1 &lt; x_2$", "What is the word?"]


def test_an_unchanged_folder_is_skipped(db: None, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_unless_unchanged(folder) is not None
    monkeypatch.setattr(loading, "read_program", lambda _: pytest.fail("it was read again"))
    assert load_unless_unchanged(folder) is None
    monkeypatch.undo()
    (folder / "courses/basics/about.md").write_text("Changed, and of another length.\n")
    loaded = load_unless_unchanged(folder)
    assert loaded
    assert loaded.courses[0].outcome == "unchanged", "the description is no part of the version"
    assert "another length" in Course.objects.get().about_html


def test_a_lost_blob_is_made_again(db: None, folder: Path) -> None:
    load_program(folder)
    lost = blob_path(Blob.objects.filter(media_type="video/webm").values_list("pk", flat=True)[0])
    lost.unlink()
    assert load_unless_unchanged(folder) is not None
    assert lost.is_file()


def test_an_mp4_is_rewritten_to_start_at_once(db: None, folder: Path) -> None:
    slow = folder / "courses/basics/media/slow.mp4"
    slow.write_bytes(tiny_clip("mp4", "libx264"))
    assert not starts_fast(slow)
    change(folder / COURSE_TOML, "media/intro.webm", "media/slow.mp4")
    load_program(folder)
    video = item("intro").video
    assert video
    kept = blob_path(video.variants[0].asset)
    fast = folder / "fast.mp4"
    shutil.copy(kept, fast)
    assert starts_fast(fast)
    assert probe(fast).duration_ms == video.duration_ms
    assert [course.outcome for course in load_program(folder).courses] == ["unchanged"], "rewritten the same way"


def test_rare_keyframes_are_warned_about(db: None, folder: Path) -> None:
    (folder / "courses/basics/media/rare.mp4").write_bytes(tiny_clip("mp4", "libx264", seconds=7, keyframes_every=1000))
    change(folder / COURSE_TOML, "media/intro.webm", "media/rare.mp4")
    (warning,) = load_program(folder).warnings
    assert (warning.file, warning.line) == (COURSE_TOML, 36)
    assert "keyframes up to 7 s apart" in warning.text


def test_odd_cues_are_warned_about(db: None, folder: Path) -> None:
    cues = folder / "courses/basics/media/intro.en.vtt"
    cues.write_text("WEBVTT\n\n00:01.000 --> 00:00.500\nx\n\n01:00:00.000 --> 01:00:01.000\ny\n")
    warnings = load_program(folder).warnings
    assert [(warning.line, "ends before" in warning.text) for warning in warnings] == [(3, True), (6, False)]


@pytest.mark.parametrize(
    "text",
    ["0:00:00.000,0:00:01.000\nx\n", "1\n0:0:0.5 -> 0:0:1\nx\n", "WEBVTT\n\n00:00.000 --> 00:01.000\nx\n"],
    ids=["SubViewer", "short times", "WebVTT"],
)
def test_cues_that_learners_can_read_are_taken_whatever_they_are(db: None, folder: Path, text: str) -> None:
    subtitles = next((folder / "courses/basics/media").glob("*.srt"))
    subtitles.write_text(text)
    assert load_program(folder).warnings == ()


def test_sound_alone(db: None, folder: Path) -> None:
    import av

    path = folder / "courses/basics/media/talk.ogg"
    with av.open(str(path), "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=48000)
        for number in range(50):
            frame = av.AudioFrame("s16", "mono", 960)
            frame.sample_rate, frame.pts = 48000, number * 960
            frame.planes[0].update(bytes(frame.planes[0].buffer_size))
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    change(folder / COURSE_TOML, "media/intro.webm", "media/talk.ogg")
    load_program(folder)
    video = item("intro").video
    assert video
    assert (video.variants[0].width, video.variants[0].height) == (0, 0)
    assert 950 <= video.duration_ms <= 1100
    assert Blob.objects.get(pk=video.variants[0].asset).media_type == "audio/ogg"


def test_two_qualities(db: None, folder: Path) -> None:
    (folder / "courses/basics/media/other.mp4").write_bytes(tiny_clip("mp4", "libx264"))
    change(folder / COURSE_TOML, '"media/intro.webm"', '["media/other.mp4", "media/intro.webm"]')
    load_program(folder)
    video = item("intro").video
    assert video
    assert len(video.variants) == 2


def test_a_course_that_starts_later_and_right_to_left(db: None, folder: Path) -> None:
    change(folder / COURSE_TOML, 'licence = "CC BY 4.0"', "starts = 2027-01-15")
    change(
        folder / COURSE_TOML, 'file = "readings/why.md"', 'file = "readings/why.md"\nlanguage = "fa-IR"\nminutes = 12'
    )
    load_program(folder)
    assert Course.objects.get().starts_at == datetime(2027, 1, 15, tzinfo=UTC)
    reading = item("why").reading
    assert reading
    assert (reading.language, reading.text_direction, item("why").minutes) == ("fa-IR", "rtl", 12)


def test_the_command_prints_what_was_loaded(db: None, folder: Path) -> None:
    said = StringIO()
    call_command("load_program", str(folder), stdout=said)
    assert "basics" in said.getvalue()
    assert "6 items" in said.getvalue()
    (folder / "program.toml").write_text("x")
    with pytest.raises(CommandError, match=r"program.toml:1: .*\n1 mistake in .*nothing was imported"):
        call_command("load_program", str(folder))


def nothing(address: str, line: int) -> str | None:
    return None


def test_what_could_run_is_taken_out() -> None:
    page = (
        "<style>p{}</style><script>alert(1)</script><p onclick='x()' style='color:red;position:fixed'>a</p>"
        "<a href='javascript:x()'>b</a><iframe src='https://e.org'>c</iframe><img src=x onerror=y><form><input></form>"
        "<svg onload=alert(1)></svg><math><mi>d</mi></math><a href='https://e.org'>e</a>"
    )
    clean = html_to_html(page, nothing)
    assert clean == (
        '<p style="color:red">a</p><a rel="noopener noreferrer">b</a><img>'
        '<a href="https://e.org" rel="noopener noreferrer">e</a>'
    )


def test_mathematics_stays_as_it_is() -> None:
    text = "$a_1$ and $$b*c*d$$ and \\(e_f\\) and \\[g\\_h\\]; it costs $5 and $6, or `$x$`.\n\n$$\n- i\n\n+ j\n$$\n"
    rendered = markdown_to_html(text, nothing)
    for kept in (
        "$a_1$",
        "$$b*c*d$$",
        "\\(e_f\\)",
        "\\[g\\_h\\]",
        "$5 and $6",
        "<code>$x$</code>",
        "$$\n- i\n\n+ j\n$$",
    ):
        assert kept in rendered
    assert "<ul>" not in rendered


def test_tables_strikethrough_and_code() -> None:
    rendered = markdown_to_html("|a|b|\n|-|-|\n|1|~~2~~|\n\n```sql\nSELECT 1 < 2;\n```\n", nothing)
    assert "<table>" in rendered
    assert "<s>2</s>" in rendered
    assert '<code class="language-sql">SELECT 1 &lt; 2;' in rendered


def test_a_phrase_is_not_wrapped() -> None:
    assert phrase_to_html("Which *one*?", nothing, 1) == "Which <em>one</em>?"
    assert phrase_to_html("a\n\nb", nothing, 1) == "<p>a</p>\n<p>b</p>"


def test_minutes_of_a_text() -> None:
    assert reading_minutes("<p>word </p>" * 1000) == 5
    assert reading_minutes("<p>short</p>") == 1
    assert reading_minutes("学" * 2000) == 5


@pytest.mark.parametrize("text", [PROGRAM, COURSE, CHECK, EXAM_TOML])
def test_the_lines_of_a_document(text: str) -> None:
    import tomllib

    lines = lines_of(text)
    rows = text.split("\n")

    def walk(value: object, path: tuple[str | int, ...]) -> None:
        assert path in lines, path
        if path and isinstance(path[-1], str) and not isinstance(value, list):
            assert path[-1] in rows[lines[path] - 1]
        if isinstance(value, dict):
            for key, inner in value.items():
                walk(inner, (*path, key))
        elif isinstance(value, list):
            for index, inner in enumerate(value):
                walk(inner, (*path, index))

    walk(tomllib.loads(text), ())


def test_the_lines_of_odd_documents() -> None:
    text = (
        'a = """\nx = 1\n[y]\n"""\nb = \'\'\'\n]\n\'\'\'\n"quoted key" = [ # comment ]\n  "]", \'}\',\n'
        '  { c = 1, d.e = "}" },\n]\n'
        "[t]\nf.g = 2027-01-15 # not = this\n[[u]]\n[[u.v]]\nw = 1\n[[u]]\n[u.x]\ny = [[1, 2], [3]]\r\nz = 'last'"
    )
    lines = lines_of(text)
    assert lines["b",] == 5
    assert lines["quoted key",] == 8
    assert lines["quoted key", 2, "d", "e"] == 10
    assert lines["t", "f", "g"] == 13
    assert lines["u", 0, "v", 0, "w"] == 16
    assert lines["u", 1, "x", "y", 1, 0] == 19
    assert lines["u", 1, "x", "z"] == 20
