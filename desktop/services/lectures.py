"""Lectures, and what every kind of item shares: opened, done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from desktop.models import state
from desktop.models.blobs import blob_path, is_whole
from desktop.models.outbox import enqueue, pending, take_back_unsent
from desktop.models.store import Store
from desktop.models.views import LectureView, TrackView
from desktop.services.course_state import course_of_item, item_of, item_versions, not_found
from desktop.services.courses import place_of
from desktop.services.lost_files import note_lost
from protocol.actions import COMPLETE_ITEM, OPEN_ITEM, SET_POSITION, WATCH, CompleteItem, OpenItem, SetPosition, Watch
from protocol.ids import CourseId, ItemId
from protocol.learning import Progress
from protocol.manifest import Video
from protocol.watching import is_complete, union


class Lectures:
    """Video items."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def view(self, item_id: str) -> LectureView:
        """A video item: the verified file if one is here, else what to stream. A file that a new version replaces is
        the one to play, with its own tracks, until the new one is here.

        Raises:
            Problem: ``not_found``, ``not_enrolled``.
        """
        with self._store.read() as connection:
            place = place_of(self._store, connection, item_id)
            current, *others = self._files(connection, item_id)
            shown = next((found for found in (current, *others) if found.playable), current)
            position = state.positions_of(
                connection, pending(connection, (SET_POSITION,), item_id=item_id), item_id=item_id
            ).get(item_id)
        note_lost(self._store, {**current.lost, **shown.lost})
        video, assets = shown.video, self._store.assets
        return LectureView(
            place=place,
            duration_ms=video.duration_ms,
            resume_ms=position.position_ms if position else 0,
            media=blob_path(assets, shown.media) if shown.playable else None,
            media_asset=shown.media,
            media_size=current.sizes.get(current.media, 0),
            tracks=tuple(
                TrackView(
                    track.language, track.label, blob_path(assets, track.asset) if track.asset in shown.here else None
                )
                for track in video.tracks
            ),
            poster=blob_path(assets, video.poster) if video.poster in shown.here and video.poster else None,
            variants=tuple(variant.asset for variant in video.variants),
            replaced=shown is not current,
        )

    def _files(self, connection: Connection, item_id: str) -> list[_Files]:
        """What is here of a lecture, as the learner's version has it first; of the others only if that needs them."""
        found: list[_Files] = []
        for item, manifest in item_versions(self._store, connection, item_id):
            if item.video is not None:
                sizes: dict[str, int] = {asset.sha256: asset.size for asset in manifest.assets}
                found.append(_files(self._store, connection, item.video, sizes))
            if not found:
                break  # in the learner's version it is no lecture
            if found[-1].playable:
                break
        if not found:
            raise not_found()
        return found

    def opened(self, item_id: str) -> None:
        """The learner opened an item of any kind. The first time counts."""
        kinds: set[str] = set()
        with self._store.write(kinds, durable=True) as connection:
            course_id = course_of_item(connection, item_id)
            known = self._progress(connection, item_id)
            if known is not None and known.opened_at is not None:
                return
            body = OpenItem(item_id=ItemId(item_id), course_id=CourseId(course_id))
            self._enqueue(connection, OPEN_ITEM, body)
            kinds |= {"progress", "outbox"}

    def watched(self, item_id: str, intervals: Iterable[tuple[int, int]]) -> None:
        """Intervals, half-open and in milliseconds of the medium, that were watched; what waits is joined to them."""
        kinds: set[str] = set()
        seen = union(intervals)
        if not seen:
            return
        with self._store.write(kinds, durable=True) as connection:
            item, manifest = item_of(self._store, connection, item_id)
            if item.video is None:
                raise not_found()
            for waiting in take_back_unsent(connection, WATCH, f"watch:{item_id}"):
                assert isinstance(waiting, Watch)
                seen = union(seen, waiting.intervals)
            body = Watch(item_id=item.id, course_id=manifest.course_id, intervals=seen)
            self._enqueue(connection, WATCH, body, "watch")
            known = self._progress(connection, item_id)
            if known and known.completed_at is None and is_complete(known.watched, item.video.duration_ms):
                done = CompleteItem(item_id=item.id, course_id=manifest.course_id)
                self._enqueue(connection, COMPLETE_ITEM, done)
            kinds |= {"progress", "outbox"}

    def set_position(self, item_id: str, ms: int) -> None:
        """Where the learner is, in milliseconds; replaces what still waits."""
        with self._store.write({"positions", "outbox"}, durable=True) as connection:
            course_id = course_of_item(connection, item_id)
            take_back_unsent(connection, SET_POSITION, f"position:{item_id}")
            body = SetPosition(item_id=ItemId(item_id), course_id=CourseId(course_id), position_ms=max(0, ms))
            self._enqueue(connection, SET_POSITION, body, "position")

    def complete(self, item_id: str) -> None:
        """An item of any kind is done. Done already: nothing happens."""
        kinds: set[str] = set()
        with self._store.write(kinds, durable=True) as connection:
            course_id = course_of_item(connection, item_id)
            known = self._progress(connection, item_id)
            if known is not None and known.completed_at is not None:
                return
            body = CompleteItem(item_id=ItemId(item_id), course_id=CourseId(course_id))
            self._enqueue(connection, COMPLETE_ITEM, body)
            kinds |= {"progress", "outbox"}

    def _progress(self, connection: Connection, item_id: str) -> Progress | None:
        actions = pending(connection, item_id=item_id)
        return state.progress_of(connection, actions, item_id=item_id).get(item_id)

    def _enqueue(
        self, connection: Connection, kind: str, body: OpenItem | CompleteItem | Watch | SetPosition, lane: str = "item"
    ) -> None:
        subject = f"{lane}:{body.item_id}"
        enqueue(connection, self._store, kind, subject, body, course_id=body.course_id, item_id=body.item_id)


@dataclass(frozen=True)
class _Files:
    """What is here of a video in one version. ``media``: what to play of it; ``lost``: files that were here, with their
    sizes."""

    video: Video
    sizes: dict[str, int]
    here: set[str]
    lost: dict[str, int]
    media: str

    @property
    def playable(self) -> bool:
        return self.media in self.here


def _files(store: Store, connection: Connection, video: Video, sizes: dict[str, int]) -> _Files:
    wanted = [variant.asset for variant in video.variants] + [track.asset for track in video.tracks]
    ready = state.ready_blobs(connection, [*wanted, video.poster])
    # The row says it was verified; the file itself may have been moved away or cut since. A drive that is not there is
    # not asked: it may take its time to say so.
    asked = store.content.readable
    here = {sha for sha in ready if asked and is_whole(blob_path(store.assets, sha), sizes.get(sha, -1))}
    lost = {sha256: sizes.get(sha256, -1) for sha256 in ready - here}
    return _Files(video, sizes, here, lost, _media(video, here))


def _media(video: Video, here: set[str]) -> str:
    """The best quality that is here, else the smallest one, which is also what a download brings."""
    for variant in video.variants:
        if variant.asset in here:
            return variant.asset
    smallest = min(video.variants, key=lambda variant: variant.width * variant.height, default=None)
    return smallest.asset if smallest else ""
