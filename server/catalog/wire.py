"""Courses and groups as the catalog shows them, and telling the program's feed."""

from __future__ import annotations

import msgspec
from django.db.models import Avg, Count

from protocol.catalog import CatalogEntry, CatalogGroup, CourseDescription, Instructor, SyllabusWeek
from protocol.feeds import CATALOG_ENTRY, CATALOG_GROUP
from protocol.ids import CourseId, ProgramId, Sha256, VersionId
from server.catalog.models import Course, Group, Review
from server.feeds.writing import FeedWriter


def entry_to_wire(course: Course) -> CatalogEntry:
    """The tile of a published course."""
    rating = Review.objects.filter(course=course).aggregate(mean=Avg("stars"), count=Count("pk"))
    return CatalogEntry(
        course_id=CourseId(course.pk),
        program_id=ProgramId(course.program_id),
        kind=course.kind,
        title=course.title,
        partner=course.partner,
        summary=course.summary,
        level=course.level,
        language=course.language,
        subtitle_languages=tuple(course.subtitle_languages),
        skills=tuple(course.skills),
        minutes=course.minutes,
        weeks=course.weeks,
        rating=round(rating["mean"] or 0.0, 2),
        rating_count=rating["count"],
        published_at=course.published_at,
        starts_at=course.starts_at,
        version=VersionId(Sha256(course.version_id or "")),
        picture=Sha256(course.picture_id) if course.picture_id else None,
        position=course.position,
    )


def group_to_wire(group: Group) -> CatalogGroup:
    """A row of tiles."""
    return CatalogGroup(
        id=group.slug,
        program_id=ProgramId(group.program_id),
        title=group.title,
        course_ids=tuple(group.course_ids),
        position=group.position,
    )


def description_to_wire(course: Course) -> CourseDescription:
    """The page on which a learner decides."""
    return CourseDescription(
        entry=entry_to_wire(course),
        about_html=course.about_html,
        instructors=msgspec.convert(tuple(course.instructors), tuple[Instructor, ...]),
        syllabus=msgspec.convert(tuple(course.syllabus), tuple[SyllabusWeek, ...]),
        review_count=Review.objects.filter(course=course).exclude(text="").count(),
    )


def tell_entry(feed: FeedWriter, course: Course) -> None:
    """Put the course's tile, or its tombstone, into the program's feed."""
    if course.offered and course.version_id:
        feed.put(CATALOG_ENTRY, course.pk, entry_to_wire(course))
    else:
        feed.delete(CATALOG_ENTRY, course.pk)


def tell_group(feed: FeedWriter, group: Group) -> None:
    """Put the row of tiles into the program's feed."""
    feed.put(CATALOG_GROUP, group.slug, group_to_wire(group))
