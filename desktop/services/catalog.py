"""What programs offer."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from desktop.errors import Problem, mark
from desktop.models import state
from desktop.models.blobs import blob_path
from desktop.models.catalog import catalog_entries, catalog_groups, descriptions
from desktop.models.files import feeds
from desktop.models.memberships import read_learner
from desktop.models.outbox import pending
from desktop.models.store import Store
from desktop.models.views import CatalogGroupView, CatalogView, CourseTile, DescriptionView, SyllabusWeekView
from desktop.services.course_state import not_found
from protocol.actions import ENROLL, RESET_DEADLINES, SAVE_COURSE, UNENROLL
from protocol.catalog import CatalogEntry, CourseDescription
from protocol.feeds import program_feed
from protocol.ids import ProgramId
from protocol.wire import decode

NEW_FOR = timedelta(days=30)
MARKING = (ENROLL, UNENROLL, SAVE_COURSE, RESET_DEADLINES)
MARKS = {"active": "enrolled", "completed": "completed"}


class Catalog:
    """The catalog of a program, and the description of a course."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def view(self, program_id: str) -> CatalogView:
        """Everything a program offers.

        Raises:
            Problem: ``not_a_member``.
        """
        with self._store.read() as connection:
            learner = read_learner(connection, self._store.assets)
            program = next((found for found in learner.programs if found.id == program_id), None)
            if program is None:
                raise Problem(
                    "not_a_member",
                    mark("You do not belong to this program."),
                    mark("Ask the program's administrator for an invitation."),
                )
            actions = pending(connection, MARKING)
            marks = dict.fromkeys(state.saved(connection, actions), "saved")
            for course_id, found in state.enrolled(connection, actions).items():
                if found.enrollment.state in MARKS:
                    marks[course_id] = MARKS[found.enrollment.state]
            rows = connection.execute(
                select(catalog_entries.c.entry)
                .where(catalog_entries.c.program_id == program_id)
                .order_by(catalog_entries.c.position, catalog_entries.c.title)
            )
            entries: list[CatalogEntry] = list(rows.scalars())
            ready = state.ready_blobs(connection, (entry.picture for entry in entries))
            tiles = {entry.course_id: self._tile(entry, marks, ready) for entry in entries}
            groups = connection.execute(
                select(catalog_groups.c.title, catalog_groups.c.course_ids)
                .where(catalog_groups.c.program_id == program_id)
                .order_by(catalog_groups.c.position, catalog_groups.c.title)
            )
            feed = select(feeds.c.feed).where(feeds.c.feed == program_feed(ProgramId(program_id)))
            return CatalogView(
                program=program,
                groups=tuple(
                    CatalogGroupView(row.title, tuple(tiles[key] for key in row.course_ids if key in tiles))
                    for row in groups
                ),
                tiles=tuple(tiles.values()),
                synced=connection.execute(feed).first() is not None,
            )

    def description(self, course_id: str) -> DescriptionView:
        """The page on which a learner decides; ``complete`` is False while only the tile is known.

        Raises:
            Problem: ``not_found``.
        """
        with self._store.read() as connection:
            body = connection.execute(select(descriptions.c.body).where(descriptions.c.course_id == course_id)).scalar()
            known = decode(bytes(body), CourseDescription) if body is not None else None
            entry = state.entry_of(connection, course_id) or (known.entry if known else None)
            if entry is None:
                raise not_found()
            actions = pending(connection, MARKING)
            found = state.enrolled(connection, actions).get(course_id)
            marks = {course_id: "saved"} if course_id in state.saved(connection, actions) else {}
            if found and found.enrollment.state in MARKS:
                marks[course_id] = MARKS[found.enrollment.state]
            refusal = state.refused_enrollments(connection).get(course_id)
            if refusal and found and found.enrollment.enrolled_at >= refusal.made_at:
                refusal = None
            tile = self._tile(entry, marks, state.ready_blobs(connection, [entry.picture]))
            view = DescriptionView(
                tile=tile,
                program_id=entry.program_id,
                enrollment_id=found.enrollment.id if found and tile.mark in ("enrolled", "completed") else "",
                pending=bool(found and found.pending),
                refused=refusal.text if refusal else "",
            )
            return _described(view, known) if known else view

    def _tile(self, entry: CatalogEntry, marks: dict[str, str], ready: set[str]) -> CourseTile:
        published = entry.published_at
        return CourseTile(
            course_id=entry.course_id,
            title=entry.title,
            partner=entry.partner,
            kind=entry.kind,
            summary=entry.summary,
            level=entry.level,
            language=entry.language,
            subtitle_languages=entry.subtitle_languages,
            skills=entry.skills,
            minutes=entry.minutes,
            weeks=entry.weeks,
            rating=entry.rating,
            rating_count=entry.rating_count,
            is_new=published is not None and self._store.clock.now() - published < NEW_FOR,
            picture=blob_path(self._store.assets, entry.picture) if entry.picture in ready and entry.picture else None,
            mark=marks.get(entry.course_id, ""),
            starts_at=entry.starts_at,
        )


def _described(view: DescriptionView, known: CourseDescription) -> DescriptionView:
    return DescriptionView(
        tile=view.tile,
        program_id=view.program_id,
        enrollment_id=view.enrollment_id,
        pending=view.pending,
        refused=view.refused,
        complete=True,
        about_html=known.about_html,
        instructors=tuple((person.name, person.title) for person in known.instructors),
        syllabus=tuple(
            SyllabusWeekView(
                week.number,
                week.title,
                week.summary,
                week.minutes,
                week.videos,
                week.readings,
                week.quizzes,
                week.others,
            )
            for week in known.syllabus
        ),
        review_count=known.review_count,
        unenroll_days=known.unenroll_days,
    )
