"""The storage page in each of its states, as values and as scenes of the gallery."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace
from PySide6.QtWidgets import QApplication

from desktop.models.storage_views import CourseUse, FolderView, MovePlan, MoveView, StorageView, WeekUse
from desktop.ui.pages.downloads import DownloadsPage
from desktop.ui.pages.storage import StoragePage
from desktop.ui.window import MainWindow
from tests.desktop.ui.fakes import Bench
from tests.desktop.ui.pages_of_items.store import downloads

Scene = Callable[[Bench, MainWindow], None]
MB, GB = 1024**2, 1024**3

USE = StorageView(
    courses=(
        CourseUse(
            "sql",
            "SQL: asking tables questions",
            2_900 * MB,
            120 * MB,
            2_850 * MB,
            (
                WeekUse(1, "Tables", 900 * MB, done=True),
                WeekUse(2, "Two tables", 1_100 * MB, done=True),
                WeekUse(3, "Week 3", 850 * MB, done=False),
            ),
        ),
        CourseUse(
            "study", "Study well offline", 700 * MB, 120 * MB, 690 * MB, (WeekUse(1, "Habits", 690 * MB, done=False),)
        ),
        CourseUse("art", "A course of which only the texts are here", 3 * MB, 0, 0),
    ),
    kinds=(("video", 3_500 * MB), ("subtitles", 12 * MB), ("pictures", 140 * MB), ("other", 83 * MB)),
    bytes_used=3_735 * MB,
    bytes_shared=120 * MB,
    bytes_catalog=12 * MB,
    bytes_others=1_300 * MB,
    bytes_finished=2_000 * MB,
    bytes_removable=3_540 * MB,
    bytes_free=41 * GB,
    floor=2 * GB,
)
NOTHING = StorageView(
    (), (("video", 0), ("subtitles", 0), ("pictures", 0), ("other", 0)), 0, 0, 0, 0, 0, 0, 41 * GB, 2 * GB
)
USUAL = FolderView("/data/ada/Haversack/assets")
STICK = FolderView("/media/ada/STICK/Haversack courses", usual=False)
MOVE = MoveView("copying", STICK.path, 1_400 * MB, 3_735 * MB, 410, 1_260, speed=24.0 * MB, seconds_left=98.0)
FULL = replace(
    MOVE,
    state="failed",
    speed=0.0,
    seconds_left=None,
    damaged=1,
    text="There is not enough room for your courses in that folder.",
    way_out="Make room there, choose another one, or remove courses first.",
)
AWAY = replace(
    MOVE,
    state="waiting",
    speed=0.0,
    seconds_left=None,
    text="The drive that your courses are being moved to is not there.",
    way_out="Connect it, and the move goes on by itself.",
)
PLAN = MovePlan(STICK.path, "", "/media/ada/STICK", 3_735 * MB, 57 * GB, adopts=False, carries=True)


def storage_page(window: MainWindow) -> StoragePage:
    """The page, in front."""
    area = window.pages.current_page()
    assert isinstance(area, DownloadsPage)
    page = area.part()
    assert isinstance(page, StoragePage)
    return page


def shown(folder: FolderView, view: StorageView = USE) -> Scene:
    """The page with this folder."""

    def scene(bench: Bench, window: MainWindow) -> None:
        bench.edge.answers["storage.view"] = view
        bench.edge.answers["downloads.view"] = downloads()
        bench.desk.folder_changed.emit(folder)
        bench.desk.go("downloads", tab="storage")
        _answered(bench)

    return scene


def _answered(bench: Bench) -> None:
    from tests.desktop.ui.settling import settle

    settle(bench)


def _unfolded(bench: Bench, window: MainWindow) -> None:
    shown(STICK)(bench, window)
    storage_page(window).storage.action_wanted.emit("sql", "weeks")


def _weeks(bench: Bench, window: MainWindow) -> None:
    _unfolded(bench, window)
    page = storage_page(window)
    page.storage.action_wanted.emit("sql#2", "remove")


def _bottom(scene: Scene) -> Scene:
    from PySide6.QtWidgets import QScrollArea

    def scrolled(bench: Bench, window: MainWindow) -> None:
        scene(bench, window)
        QApplication.sendPostedEvents(None, 0)
        for area in storage_page(window).findChildren(QScrollArea):
            area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())

    return scrolled


def _planned(plan: MovePlan, folder: FolderView) -> Scene:
    def scene(bench: Bench, window: MainWindow) -> None:
        shown(folder)(bench, window)
        bench.edge.answers["storage.plan_move"] = plan
        storage_page(window).plan_move(plan.folder)

    return scene


def _queue_waits(bench: Bench, window: MainWindow) -> None:
    bench.edge.answers["downloads.view"] = replace(
        downloads(), entries=tuple(replace(e, state="queued", speed=0.0) for e in downloads().entries[:2])
    )
    bench.desk.folder_changed.emit(replace(STICK, state="absent"))
    bench.desk.go("downloads")


SCENES: dict[str, Scene] = {
    "storage": shown(USUAL),
    "storage-remove": _weeks,
    "storage-nothing": shown(USUAL, NOTHING),
    "storage-absent": shown(replace(STICK, state="absent"), replace(USE, bytes_free=None)),
    "storage-failed": shown(replace(USUAL, move=FULL)),
    "storage-plan": _planned(PLAN, USUAL),
}
MORE: dict[str, Scene] = {
    "storage-courses": _bottom(_unfolded),
    "storage-other": shown(replace(STICK, state="other"), replace(USE, bytes_free=None)),
    "storage-read-only": shown(replace(STICK, state="read_only")),
    "storage-moving": shown(replace(USUAL, move=MOVE)),
    "storage-paused": shown(replace(USUAL, move=replace(MOVE, state="paused", speed=0.0, seconds_left=None))),
    "storage-waiting": shown(replace(USUAL, move=AWAY)),
    "storage-plan-away": _planned(
        replace(PLAN, folder="", bytes_total=0, carries=False), replace(STICK, state="absent")
    ),
    "queue-drive-away": _queue_waits,
}
"""Of the same parts as those above: to be looked at, and not measured in every size with every run of the tests."""
