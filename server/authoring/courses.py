"""A course folder to a manifest and what the catalog says of the course."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from protocol.catalog import Instructor, SyllabusWeek
from protocol.ids import CourseId, Sha256
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
    Resource,
    Week,
)
from protocol.quizzes import Quiz
from server.authoring.files import Files, PicturesOf, PicturesOfNone, is_file_within
from server.authoring.items import CourseDraft, is_language, read_item
from server.authoring.mistakes import Report, read_text
from server.authoring.tables import NAME, Table, read_document
from server.authoring.texts import PictureOf, page_to_html

LEVELS = ("beginner", "intermediate", "advanced", "mixed")
KINDS = ("course", "guided_project")


@dataclass(frozen=True)
class CourseSource:
    """Everything that publishing needs of a course. ``keyed`` are quizzes with keys by item and public document."""

    manifest: CourseManifest
    fields: dict[str, Any]
    picture: Sha256 | None
    keyed: dict[tuple[str, Sha256], Quiz]
    assets: tuple[Asset, ...]


def read_course(folder: Path, report: Report) -> CourseSource | None:
    """Read ``course.toml`` and all it names; None when nothing can be made of it. Mistakes are reported."""
    folder = folder.resolve()
    path = folder / "course.toml"
    if not is_file_within(path, folder):
        report.mistake(path, 1, "this file is missing; every course needs one")
        return None
    table = read_document(path, report)
    if table is None:
        return None
    language = table.text("language", required=True)
    if language and not is_language(language):
        table.mistake(f"“{language}” is not a language tag like en or pt-BR", "language")
    draft = CourseDraft(table.slug("id"), language, Files(folder, report))
    fields = _catalog_fields(table, language)
    picture = draft.files.picture(table.text("picture"), path, table.line("picture")) if table.has("picture") else None
    fields["about_html"] = _text_file(table, "about", draft.files, PicturesOfNone(report, path, "the description"))
    welcome = ""
    if table.has("welcome"):
        welcome = _text_file(table, "welcome", draft.files, None)
    instructors = [_instructor(one) for one in table.tables("instructors")]
    resources = tuple(_resource(one, draft.files) for one in table.tables("resources"))
    weeks = _weeks(table, draft)
    table.finish()
    manifest = CourseManifest(
        course_id=CourseId(draft.course_id),
        title=fields["title"],
        partner=fields["partner"],
        language=language,
        welcome_html=welcome,
        instructors=tuple(one.name for one in instructors),
        weeks=weeks,
        resources=resources,
        assets=tuple(draft.files.assets.values()),
        licence=table.text("licence"),
    )
    fields |= {
        "instructors": [{"name": one.name, "title": one.title} for one in instructors],
        "syllabus": [_syllabus(week) for week in weeks],
        "weeks": len(weeks),
        "minutes": sum(item.minutes for item in manifest.items()),
        "subtitle_languages": list(draft.subtitle_languages),
    }
    return CourseSource(manifest, fields, picture, draft.keyed, tuple(draft.files.assets.values()))


def _catalog_fields(table: Table, language: str) -> dict[str, Any]:
    starts = table.day("starts")
    table.has("licence")
    return {
        "kind": table.choice("kind", KINDS, "course"),
        "title": table.text("title", required=True, at_most=300),
        "partner": table.text("partner", required=True, at_most=NAME),
        "summary": table.text("summary"),
        "level": table.choice("level", LEVELS, "mixed"),
        "language": language,
        "skills": list(table.texts("skills")),
        "starts_at": datetime(starts.year, starts.month, starts.day, tzinfo=UTC) if starts else None,
    }


def _text_file(table: Table, key: str, files: Files, pictures: PictureOf | None) -> str:
    named = table.text(key, required=True)
    path = files.find(named, table.path, table.line(key)) if named else None
    text = read_text(path, files.report) if path else None
    if path is None or text is None:
        return ""
    if isinstance(pictures, PicturesOfNone):
        pictures = PicturesOfNone(files.report, path, pictures.where)
    pictures = pictures or PicturesOf(files, path)
    return page_to_html(path, text, pictures, files.report) or ""


def _instructor(table: Table) -> Instructor:
    instructor = Instructor(name=table.text("name", required=True), title=table.text("title"))
    table.finish()
    return instructor


def _resource(table: Table, files: Files) -> Resource:
    title, named, url = table.text("title", required=True), table.text("file"), table.text("url")
    asset = None
    if bool(named) == bool(url):
        table.mistake("a resource needs either “file” or “url”")
    elif named:
        path = files.find(named, table.path, table.line("file"))
        asset = files.add_file(path) if path else None
    elif urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
        table.mistake("“url” must start with https:// or http://", "url")
    table.finish()
    return Resource(title=title, asset=asset, url=url)


def _weeks(table: Table, draft: CourseDraft) -> tuple[Week, ...]:
    placed: dict[str, tuple[Item, Table]] = {}
    weeks = tuple(
        _week(week, number, draft, placed) for number, week in enumerate(table.tables("weeks", required=True), 1)
    )
    weighted = [(item, where) for item, where in placed.values() if item.weight]
    total = sum(item.weight for item, _ in weighted)
    if weighted and abs(total - 100) > 0.01:
        weighted[-1][1].mistake(f"the weights of the course sum to {total:g} and must sum to 100", "weight")
    return weeks


def _week(table: Table, number: int, draft: CourseDraft, placed: dict[str, tuple[Item, Table]]) -> Week:
    title = table.text("title", required=True)
    modules = []
    for module_number, module in enumerate(table.tables("modules", required=True), 1):
        module_id = f"{draft.course_id}/week-{number}-{module_number}"
        module_title, summary = module.text("title", required=True), module.text("summary")
        lessons = []
        for lesson_number, lesson in enumerate(module.tables("lessons", required=True), 1):
            lesson_title = lesson.text("title", required=True)
            items = tuple(_placed(one, draft, placed) for one in lesson.tables("items", required=True))
            lessons.append(Lesson(id=f"{module_id}-{lesson_number}", title=lesson_title, items=items))
            lesson.finish()
        modules.append(Module(id=module_id, title=module_title, summary=summary, lessons=tuple(lessons)))
        module.finish()
    table.finish()
    return Week(number=number, title=title, modules=tuple(modules))


def _placed(table: Table, draft: CourseDraft, placed: dict[str, tuple[Item, Table]]) -> Item:
    item = read_item(table, draft)
    if item.id in placed:
        slug, before = item.id.partition("/")[2], placed[item.id][1].line("id")
        table.mistake(f"the id “{slug}” is taken by the item on line {before}", "id")
    placed[item.id] = (item, table)
    return item


def _syllabus(week: Week) -> dict[str, Any]:
    items = [item for module in week.modules for lesson in module.lessons for item in lesson.items]
    videos = sum(item.kind == VIDEO for item in items)
    readings = sum(item.kind == READING for item in items)
    quizzes = sum(item.kind in (PRACTICE_QUIZ, GRADED_QUIZ) for item in items)
    row = SyllabusWeek(
        number=week.number,
        title=week.title,
        summary=" ".join(filter(None, (module.summary for module in week.modules))),
        minutes=sum(item.minutes for item in items),
        videos=videos,
        readings=readings,
        quizzes=quizzes,
        others=len(items) - videos - readings - quizzes,
    )
    return {name: getattr(row, name) for name in row.__struct_fields__}
