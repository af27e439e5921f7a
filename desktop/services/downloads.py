"""Downloads."""

from __future__ import annotations

from desktop.models.store import Store
from desktop.models.views import DownloadPlan, DownloadsView


class Downloads:
    """See the module."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def view(self) -> DownloadsView:
        """The queue and what is on this computer."""
        raise NotImplementedError

    def plan_week(self, course_id: str, number: int) -> DownloadPlan:
        """What a week would take."""
        raise NotImplementedError

    def plan_item(self, item_id: str) -> DownloadPlan:
        """What an item would take."""
        raise NotImplementedError

    def plan_course(self, course_id: str) -> DownloadPlan:
        """What a course would take."""
        raise NotImplementedError

    def queue_week(self, course_id: str, number: int) -> None:
        """Download a week."""
        raise NotImplementedError

    def queue_item(self, item_id: str) -> None:
        """Download an item."""
        raise NotImplementedError

    def queue_course(self, course_id: str) -> None:
        """Download a course."""
        raise NotImplementedError

    def pause(self, download_id: str) -> None:
        """Pause."""
        raise NotImplementedError

    def resume(self, download_id: str) -> None:
        """Go on."""
        raise NotImplementedError

    def cancel(self, download_id: str) -> None:
        """Take out of the queue."""
        raise NotImplementedError

    def remove_course(self, course_id: str) -> None:
        """Free the space of a course."""
        raise NotImplementedError
