"""What is kept on this computer, what of it can be removed, and where it lies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Connection, select

from desktop.models import folder_choice, state
from desktop.models.blobs import bytes_free
from desktop.models.content_folder import READABLE, Place, Spot
from desktop.models.courses import items, manifests
from desktop.models.outbox import pending
from desktop.models.rules import read_rules
from desktop.models.shared_files import bytes_of_others, drop_files
from desktop.models.storage_use import Chosen, Held, forget_files, read_held
from desktop.models.storage_views import OTHER, PICTURES, SUBTITLES, VIDEO, CourseUse, MovePlan, StorageView, WeekUse
from desktop.models.store import Store
from desktop.models.trip_views import Week
from desktop.services.course_state import is_done
from protocol.ids import new_uuid7


class Storage:
    """See the module. What asks a drive (``view``, ``plan_move``, ``move``) may take as long as the drive takes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def view(self) -> StorageView:
        """What files take."""
        with self._store.read() as connection:
            held = read_held(connection)
            done = _done_weeks(connection)
            titles = state.course_titles(connection)
            weeks = _week_titles(connection, self._store)
            floor = read_rules(connection).floor
        courses = {use.course for uses in held.uses.values() for use in uses}
        uses = [_use(held, course, titles.get(course, ""), weeks.get(course, {}), done) for course in courses]
        kinds = dict.fromkeys((VIDEO, SUBTITLES, PICTURES, OTHER), 0)
        for sha256, size in held.sizes.items():
            kinds[held.kinds[sha256]] += size
        content = self._store.content
        return StorageView(
            courses=tuple(sorted(uses, key=lambda use: (-use.bytes_own - use.bytes_shared, use.course_id))),
            kinds=tuple(kinds.items()),
            bytes_used=sum(held.sizes.values()),
            bytes_shared=held.size(sha for sha in held.sizes if len(held.courses(sha)) > 1),
            bytes_catalog=held.size(sha for sha in held.sizes if not held.uses.get(sha)),
            bytes_others=bytes_of_others(self._store, held.sizes.keys()),
            bytes_finished=held.size(held.removable(Chosen(weeks=frozenset(done)))),
            bytes_removable=held.size(held.removable(Chosen(frozenset(courses)))),
            bytes_free=bytes_free(content.path, floor) if content.look() in READABLE else None,
            floor=floor,
        )

    def remove_course(self, course_id: str) -> None:
        """Free the space of a course: lectures and large files. Texts, transcripts and quizzes are small and stay, so
        that the course can still be read offline; so do files that another course needs."""
        self._free(Chosen(courses=frozenset({course_id})))

    def remove_week(self, course_id: str, week: int) -> None:
        """As ``remove_course``, of one week; files that another week needs stay."""
        self._free(Chosen(weeks=frozenset({(course_id, week)})))

    def remove_item(self, course_id: str, item_id: str) -> None:
        """As ``remove_course``, of one item; files that another item needs stay."""
        self._free(Chosen(items=frozenset({(course_id, item_id)})))

    def remove_finished(self) -> None:
        """As ``remove_week``, of all weeks in which nothing is left to do."""
        with self._store.read() as connection:
            done = _done_weeks(connection)
        self._free(Chosen(weeks=frozenset(done)))

    def remove_all(self) -> None:
        """As ``remove_course``, of all."""
        with self._store.read() as connection:
            courses = connection.execute(select(manifests.c.course_id).distinct()).scalars()
            every = Chosen(courses=frozenset(courses))
        self._free(every)

    def _free(self, chosen: Chosen) -> None:
        """Remove the lectures and large files that nothing but what is chosen needs; those to come do not come."""
        with self._store.write({"downloads", "assets", "courses"}) as connection:
            hashes = read_held(connection, coming=True).removable(chosen)
            forget_files(connection, hashes, chosen)
        drop_files(self._store, hashes)

    # --- where it lies ------------------------------------------------------------------------------------------

    def look_again(self) -> str:
        """Ask the drive now. Returns how the folder stands, as ``content_folder`` names it."""
        return self._store.content.look()

    def plan_move(self, chosen: str) -> MovePlan:
        """What it would take to keep the files in the folder that was chosen; ``""``: in the usual one.

        Raises:
            Problem: it cannot be used: see ``folder_choice.plan``.
        """
        with self._store.read() as connection:
            floor = read_rules(connection).floor
        return folder_choice.plan(self._store.content, chosen, floor)

    def move(self, plan: MovePlan) -> None:
        """Begin to move as planned; at once in force where there is nothing to carry.

        Raises:
            OSError, Problem: nothing changed.
        """
        content = self._store.content
        now = content.place.now
        if not plan.folder:
            spot = Spot(str(content.usual))
        else:
            known = now is not None and not plan.carries and now.id == plan.marker_id
            spot = Spot(plan.folder, plan.marker_id if known else new_uuid7(), plan.mount)
        if plan.carries:
            content.change(lambda place: _towards(place, spot))
            return
        folder_choice.take(spot)
        chosen = spot if spot.id else None
        content.change(lambda place: _left(place.without(spot.folder))._replace(now=chosen))
        content.look()

    def pause_move(self) -> None:
        """Let the move rest; downloads go on into the folder that is in force. Raises ``OSError``."""
        self._store.content.change(lambda place: place._replace(paused=True))

    def resume_move(self) -> None:
        """Go on with the move, also after it failed. Raises ``OSError``."""
        self._store.content.change(lambda place: place._replace(paused=False, tries=place.tries + 1))

    def cancel_move(self) -> None:
        """Stay in the folder that is in force; what was carried already is removed. Raises ``OSError``."""
        self._store.content.change(_stay)


def _towards(place: Place, spot: Spot) -> Place:
    place = _stay(place)
    # What is still to be removed from there is of ours, and is used again.
    leaving = next((left for left in place.leaving if left.folder == spot.folder), None)
    emptied = next((left for left in place.emptied if left.folder == spot.folder), None)
    known = True if leaving is not None else None
    return place.without(spot.folder)._replace(
        target=leaving or emptied or spot, fresh=known, prepared=leaving is not None
    )


def _stay(place: Place) -> Place:
    target = place.target
    if target is None:
        return place
    rest = _left(place.without(target.folder))
    if place.fresh and place.prepared:
        return rest._replace(leaving=(*rest.leaving, target))
    # Before it was prepared there is a marker of ours at most.
    return rest if place.fresh is False else rest._replace(emptied=(*rest.emptied, target))


def _left(place: Place) -> Place:
    """With no move under way."""
    return Place(now=place.now, leaving=place.leaving, emptied=place.emptied)


def _use(held: Held, course: str, title: str, titles: dict[int, str], done: set[Week]) -> CourseUse:
    mine = [sha256 for sha256 in held.sizes if course in held.courses(sha256)]
    numbers = {use.week for sha256 in mine for use in held.uses[sha256] if use.course == course and use.item}
    weeks = []
    for number in sorted(numbers):
        size = held.size(held.removable(Chosen(weeks=frozenset({(course, number)}))))
        if size:
            weeks.append(WeekUse(number, titles.get(number, ""), size, (course, number) in done))
    return CourseUse(
        course_id=course,
        title=title,
        bytes_own=held.size(sha256 for sha256 in mine if len(held.courses(sha256)) == 1),
        bytes_shared=held.size(sha256 for sha256 in mine if len(held.courses(sha256)) > 1),
        bytes_removable=held.size(held.removable(Chosen(courses=frozenset({course})))),
        weeks=tuple(weeks),
    )


def _newest(connection: Connection) -> dict[str, str]:
    """By course, the version that came last."""
    rows = connection.execute(select(manifests.c.course_id, manifests.c.version).order_by(manifests.c.fetched_at))
    return {row.course_id: row.version for row in rows}


def _week_titles(connection: Connection, store: Store) -> dict[str, dict[int, str]]:
    found: dict[str, dict[int, str]] = {}
    for course_id, version in _newest(connection).items():
        manifest = store.manifest(connection, version)
        if manifest is not None:
            found[course_id] = {week.number: week.title for week in manifest.weeks}
    return found


def _done_weeks(connection: Connection) -> set[Week]:
    """Weeks whose every item is done, the optional ones too: nobody loses what they have yet to look at."""
    actions = pending(connection)
    progress, grades = state.progress_of(connection, actions, watched=False), state.grades_of(connection)
    query = select(items.c.course_id, items.c.week, items.c.item_id).where(items.c.version.in_(_versions(connection)))
    left: dict[Week, list[bool]] = defaultdict(list)
    for row in connection.execute(query):
        left[row.course_id, row.week].append(is_done(row.item_id, progress, grades))
    return {key for key, found in left.items() if all(found)}


def _versions(connection: Connection) -> Iterable[str]:
    return list(_newest(connection).values())
