"""Scenes of the gallery: work by file in each of its states."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace

from desktop.errors import Problem
from desktop.models.carried_views import CarriedView, DeliveredWork, FoundFile, SavedWork, TakenReceipt
from desktop.ui.pages.carry import CarryPage
from desktop.ui.window import MainWindow
from tests.desktop.ui import sample_views as views
from tests.desktop.ui.fakes import NOW, Bench
from tests.desktop.ui.settling import Scene, settle

STICK = Path("/media/stick")
WORK, RECEIPT = STICK / "haversack-2026-11-24.haversack-work", STICK / "haversack-2026-11-24.haversack-receipt"
FOUND = FoundFile(WORK, "work", "01936f4e", "https://learn.example.org")
DELIVERED = DeliveredWork("https://learn.example.org", "01936f4e", 26, 3, 1, RECEIPT, b"receipt")
SIGNED_OUT = Problem(
    "device_signed_out",
    "The computer on which this file was made is signed out.",
    "Sign in there again; the work is still there and is sent then.",
)
ANSWERS: dict[str, object] = {
    "gateway.save_work": SavedWork(WORK, 2000, 312),
    "gateway.take_receipt": TakenReceipt(NOW - timedelta(hours=3), 25, 1, 0),
    "gateway.look_at_file": FOUND,
    "gateway.deliver_work": DELIVERED,
}


def _page(bench: Bench, window: MainWindow, view: CarriedView) -> CarryPage:
    bench.edge.answers |= ANSWERS | {"outbox.carried": view}
    bench.desk.go("carry")
    settle(bench)
    page = window.pages.current_page()
    assert isinstance(page, CarryPage)
    return page


def _own(view: CarriedView, *, saved: bool = False, receipt: bool = False) -> Scene:
    """The page with this view; after a file was saved, or a receipt opened."""

    def scene(bench: Bench, window: MainWindow) -> None:
        page = _page(bench, window, view)
        if saved:
            page.save_as(str(WORK))
        if receipt:
            page.take_receipt(str(RECEIPT))

    return scene


def _others(answer: object = None) -> Scene:
    """A file was chosen; and delivered, with this answer."""

    def scene(bench: Bench, window: MainWindow) -> None:
        page = _page(bench, window, CarriedView(0))
        page.open_file(str(WORK))
        settle(bench)
        if answer is not None:
            bench.edge.answers["gateway.deliver_work"] = answer
            page.deliver.click()

    return scene


def _outside(bench: Bench, window: MainWindow) -> None:
    bench.desk.signed_out.emit()
    _others()(bench, window)


def _outbox(bench: Bench, window: MainWindow) -> None:
    bench.edge.answers["outbox.entries"] = tuple(
        replace(entry, filed_at=NOW - timedelta(days=2), can_undo=False) if entry.state == "waiting" else entry
        for entry in views.OUTBOX
    )
    bench.desk.status = views.AWAY
    bench.desk.status_changed.emit(views.AWAY)
    bench.desk.go("outbox")


SCENES: dict[str, Scene] = {
    "outbox-filed": _outbox,
    "carry": _own(CarriedView(26)),
    "carry-nothing": _own(CarriedView(0, answered_at=NOW - timedelta(days=1))),
    "carry-filed": _own(CarriedView(26, NOW - timedelta(days=2), 1)),
    "carry-saved": _own(CarriedView(26, NOW, 1), saved=True),
    "carry-receipt": _own(CarriedView(0), receipt=True),
    "carry-found": _others(),
    "carry-delivered": _others(DELIVERED),
    "carry-unwritten": _others(replace(DELIVERED, receipt=None)),
    "carry-refused": _others(SIGNED_OUT),
    "carry-outside": _outside,
}
