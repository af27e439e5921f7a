"""A small course with every kind of file, its bytes, and the wire types that offer it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from protocol.catalog import CatalogEntry
from protocol.ids import CourseId, EnrollmentId, ItemId, ProgramId, Sha256, VersionId
from protocol.learning import Enrollment
from protocol.manifest import (
    GRADED_QUIZ,
    PRACTICE_QUIZ,
    READING,
    VIDEO,
    Asset,
    CourseManifest,
    Item,
    Lesson,
    Module,
    QuizReference,
    Reading,
    Resource,
    TextTrack,
    Video,
    VideoVariant,
    Week,
)
from protocol.quizzes import Key, Option, Question, Quiz, without_keys
from protocol.wire import encode

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PROGRAM = ProgramId("sample")
VIDEO_BYTES = 700_000
DURATION_MS = 100_000

QUIZ = Quiz(
    title="Check yourself",
    pass_percent=60,
    questions=(
        Question(
            id="q1",
            kind="single",
            html="<p>One?</p>",
            options=(Option(id="a", html="A"), Option(id="b", html="B")),
            key=Key(choices=("a",)),
        ),
        Question(id="q2", kind="numeric", html="<p>Half?</p>", key=Key(number=0.5)),
    ),
)


@dataclass
class Course:
    """A course: ``blobs`` by hash, the manifest and its bytes."""

    course_id: CourseId
    manifest: CourseManifest
    blobs: dict[str, bytes]
    body: bytes = field(init=False)
    version: VersionId = field(init=False)

    def __post_init__(self) -> None:
        self.body = encode(self.manifest)
        self.version = VersionId(Sha256(hashlib.sha256(self.body).hexdigest()))

    def entry(self) -> CatalogEntry:
        """The tile."""
        return CatalogEntry(
            course_id=self.course_id,
            program_id=PROGRAM,
            kind="course",
            title=self.manifest.title,
            partner=self.manifest.partner,
            version=self.version,
            published_at=START,
        )

    def enrollment(self, state: str = "active") -> Enrollment:
        """An enrollment as the server would make it."""
        return Enrollment(
            id=EnrollmentId(f"enrollment-{self.course_id}"),
            course_id=self.course_id,
            program_id=PROGRAM,
            version=self.version,
            state=state,
            enrolled_at=START,
            session_starts_at=START,
            unenroll_until=START + timedelta(days=14),
        )


def _blob(blobs: dict[str, bytes], assets: list[Asset], data: bytes, media_type: str) -> Sha256:
    sha256 = Sha256(hashlib.sha256(data).hexdigest())
    if sha256 not in blobs:
        blobs[sha256] = data
        assets.append(Asset(sha256=sha256, size=len(data), media_type=media_type))
    return sha256


def _items_of_week(
    name: str, number: int, weight: float, media: bytes, blobs: dict[str, bytes], assets: list[Asset], edition: str
) -> tuple[Item, ...]:
    cues = f"WEBVTT\n\n00:00.000 --> 00:02.000\nWeek {number} of {name}{edition}\n".encode()
    picture = b"<svg>" + media[:32].hex().encode() + b"</svg>"
    image = _blob(blobs, assets, picture, "image/svg+xml")
    text = f'<p>Reading {number} of {name}</p><img src="asset:{image}"><script>alert(1)</script>'.encode()
    practice = encode(Quiz(title=f"Practice {name} {number}{edition}", pass_percent=60, questions=QUIZ.questions))
    graded = encode(without_keys(QUIZ))
    return (
        Item(
            id=ItemId(f"{name}/video-{number}"),
            kind=VIDEO,
            title=f"Lecture {number}",
            minutes=2,
            video=Video(
                duration_ms=DURATION_MS,
                variants=(VideoVariant(asset=_blob(blobs, assets, media, "video/webm"), width=640, height=360),),
                tracks=(TextTrack(asset=_blob(blobs, assets, cues, "text/vtt"), language="en"),),
            ),
        ),
        Item(
            id=ItemId(f"{name}/reading-{number}"),
            kind=READING,
            title=f"Reading {number}",
            minutes=5,
            reading=Reading(asset=_blob(blobs, assets, text, "text/html"), pictures=(image,)),
        ),
        Item(
            id=ItemId(f"{name}/practice-{number}"),
            kind=PRACTICE_QUIZ,
            title=f"Practice {number}",
            minutes=3,
            quiz=QuizReference(
                asset=_blob(blobs, assets, practice, "application/json"),
                question_count=2,
                points=2,
                pass_percent=60,
            ),
        ),
        Item(
            id=ItemId(f"{name}/graded-{number}"),
            kind=GRADED_QUIZ,
            title=f"Graded {number}",
            minutes=10,
            weight=weight,
            due_day=7 * number,
            quiz=QuizReference(
                asset=_blob(blobs, assets, graded, "application/json"),
                question_count=2,
                points=2,
                pass_percent=60,
                max_attempts=2,
            ),
        ),
    )


def make_course(name: str = "sql", weeks: int = 2, video_bytes: int = VIDEO_BYTES, edition: str = "") -> Course:
    """``weeks`` weeks of a lecture, a reading, a practice quiz and a graded quiz each. Lectures, their tracks and the
    texts that show pictures are others in another ``edition``; ids and the rest are the same."""
    blobs: dict[str, bytes] = {}
    assets: list[Asset] = []
    course_id = CourseId(name)
    made: list[Week] = []
    for number in range(1, weeks + 1):
        seed = hashlib.sha256(f"{name}{number}{edition}".encode()).digest()
        media = (seed * (video_bytes // len(seed) + 1))[:video_bytes]
        items = _items_of_week(name, number, 100 / weeks, media, blobs, assets, edition)
        lesson = Lesson(id=f"l{number}", title=f"Lesson {number}", items=items)
        module = Module(id=f"m{number}", title=f"Module {number}", lessons=(lesson,))
        made.append(Week(number=number, title=f"Week {number}", modules=(module,)))
    plan = _blob(blobs, assets, b"%PDF plan", "application/pdf")
    manifest = CourseManifest(
        course_id=course_id,
        title=f"Course {name}",
        partner="Open School",
        language="en",
        weeks=tuple(made),
        resources=(Resource(title="Plan", asset=plan),),
        assets=tuple(assets),
    )
    return Course(course_id, manifest, blobs)
