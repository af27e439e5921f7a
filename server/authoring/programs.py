"""A program folder, read as a whole before anything is imported."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from protocol.ids import Sha256
from server.authoring.courses import CourseSource, read_course
from server.authoring.files import Files, is_file_within
from server.authoring.mistakes import MistakesError, Report
from server.authoring.tables import NAME, SLUG, Table, read_document

_ACCENT = re.compile(r"#[0-9a-fA-F]{6}")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class GroupSource:
    """A row of the catalog; ``courses`` are folder names."""

    slug: str
    title: str
    courses: tuple[str, ...]


@dataclass(frozen=True)
class InvitationSource:
    """``token`` empty: a random one."""

    email: str
    name: str
    token: str


@dataclass(frozen=True)
class ProgramSource:
    """A program without a mistake. ``courses`` by folder name, in the order of the catalog."""

    id: str
    fields: dict[str, str]
    organization: str
    logo: Sha256 | None
    logo_files: Files
    groups: tuple[GroupSource, ...]
    invitations: tuple[InvitationSource, ...]
    courses: dict[str, CourseSource]
    report: Report


def read_program(folder: Path) -> ProgramSource:
    """Read and check everything in the folder. Blobs are kept in the media folder, the database is not touched.

    Raises:
        MistakesError: with every mistake that was found.
    """
    folder = folder.resolve()
    report = Report(folder)
    path = folder / "program.toml"
    if not is_file_within(path, folder):
        report.mistake(path, 1, "this file is missing; is this the folder of a program?")
        raise MistakesError(report.mistakes)
    table = read_document(path, report)
    if table is None:
        raise MistakesError(report.mistakes)
    files = Files(folder, report)
    program_id, organization = table.slug("id"), table.text("organization", required=True, at_most=NAME)
    fields = {
        "name": table.text("name", required=True, at_most=NAME),
        "welcome": table.text("welcome"),
        "support_email": _address(table, "support_email"),
        "admin_email": _address(table, "admin_email"),
        "brand_name": "",
        "accent": "",
    }
    logo = _brand(table, files, fields)
    names = _course_folders(folder, report)
    groups = _groups(table, names)
    invitations = _invitations(table)
    table.finish()
    if not names:
        report.mistake(path, 1, "there is no course; make a folder below courses/")
    ordered = dict.fromkeys([name for group in groups for name in group.courses if name in names] + names)
    courses = {name: course for name in ordered if (course := read_course(folder / "courses" / name, report))}
    _refuse_same_ids(courses, folder, report)
    report.raise_if_any()
    return ProgramSource(
        program_id, fields, organization, logo, files, tuple(groups), tuple(invitations), courses, report
    )


def _course_folders(folder: Path, report: Report) -> list[str]:
    """Names of the folders below ``courses``; one that is a link out of the program is a mistake."""
    found = sorted(entry for entry in (folder / "courses").glob("*") if entry.is_dir())
    for entry in found:
        if not entry.resolve().is_relative_to(folder):
            report.mistake(entry, 1, "this is a link that leads out of the program's folder; copy the course here")
    return [entry.name for entry in found if entry.resolve().is_relative_to(folder)]


def _address(table: Table, key: str, *, required: bool = False) -> str:
    value = table.text(key, required=required, at_most=254)
    if value and not _ADDRESS.fullmatch(value):
        table.mistake(f"“{value}” is not an e-mail address", key)
    return value


def _brand(table: Table, files: Files, fields: dict[str, str]) -> Sha256 | None:
    brand = table.table("brand")
    if brand is None:
        return None
    fields["brand_name"], fields["accent"] = brand.text("name", at_most=NAME), brand.text("accent")
    if fields["accent"] and not _ACCENT.fullmatch(fields["accent"]):
        brand.mistake("“accent” must be a colour like #2f6f5e", "accent")
        fields["accent"] = ""
    logo = files.picture(brand.text("logo"), brand.path, brand.line("logo")) if brand.has("logo") else None
    brand.finish()
    return logo


def _groups(table: Table, names: list[str]) -> list[GroupSource]:
    groups: list[GroupSource] = []
    for number, group in enumerate(table.tables("groups"), 1):
        title, courses = group.text("title", required=True, at_most=NAME), group.texts("courses")
        for index, name in enumerate(courses):
            if name not in names:
                there = f"there are: {', '.join(names)}" if names else "there are none"
                group.mistake(f"there is no folder courses/{name}; {there}", "courses", index)
        slug = "-".join(SLUG.findall(title.lower())) or f"group-{number}"
        if slug in {other.slug for other in groups}:
            slug = f"{slug}-{number}"
        groups.append(GroupSource(slug[:64], title, courses))
        group.finish()
    return groups


def _invitations(table: Table) -> list[InvitationSource]:
    invitations: list[InvitationSource] = []
    for one in table.tables("invitations"):
        token = one.text("token")
        if token and not _TOKEN.fullmatch(token):
            one.mistake("“token” may hold up to 64 letters, digits, - and _", "token")
        if token and token in {other.token for other in invitations}:
            one.mistake(f"the token “{token}” is used twice", "token")
        name = one.text("name", at_most=NAME)
        invitations.append(InvitationSource(_address(one, "email", required=True), name, token))
        one.finish()
    return invitations


def _refuse_same_ids(courses: dict[str, CourseSource], folder: Path, report: Report) -> None:
    seen: dict[str, str] = {}
    for name, course in courses.items():
        other = seen.setdefault(course.manifest.course_id, name)
        if other != name:
            path = folder / "courses" / name / "course.toml"
            report.mistake(path, 1, f"the id “{course.manifest.course_id}” is taken by courses/{other}")
