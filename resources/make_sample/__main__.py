"""The command: make what is missing or out of date, and say what was made."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from resources.make_sample.lectures import every_lecture
from resources.make_sample.made import DRAWING, SHARED, Record, fingerprint
from resources.make_sample.page import load_fonts
from resources.make_sample.planner import write_planner
from resources.make_sample.script import Lecture
from resources.make_sample.studio import Studio
from resources.make_sample.tiles import TILES, write_tile

SAMPLE = Path(__file__).parents[1] / "sample"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m resources.make_sample", description=__doc__)
    parser.add_argument("lectures", nargs="*", help="names of lectures; all of them otherwise")
    parser.add_argument("--force", action="store_true", help="make them even if nothing changed")
    parser.add_argument("--stills", type=Path, help="only draw each finished slide as PNG into this folder")
    return parser.parse_args()


def _chosen(names: list[str]) -> list[Lecture]:
    return [lecture for lecture in every_lecture() if not names or lecture.name in names]


def _make_lectures(record: Record, lectures: list[Lecture], *, force: bool) -> None:
    studio = Studio(SAMPLE)
    for lecture in lectures:
        inputs = fingerprint(*SHARED, f"lectures/{lecture.name}")
        if force or record.is_stale(lecture.name, inputs, studio.targets(lecture)):
            sys.stdout.write(studio.make(lecture) + "\n")
            sys.stdout.flush()
            record.note(lecture.name, inputs)


def _make_pages(record: Record, *, force: bool) -> None:
    courses = SAMPLE / "courses"
    plan = courses / "study-well" / "files" / "plan.pdf"
    tiles = {course: courses / course / "pictures" / "tile.png" for course in TILES}
    plan_inputs, tile_inputs = fingerprint("page", "planner"), fingerprint(*DRAWING, "tiles")
    if force or record.is_stale("plan", plan_inputs, [plan]):
        write_planner(plan)
        record.note("plan", plan_inputs)
    if force or record.is_stale("tiles", tile_inputs, list(tiles.values())):
        for course, tile in tiles.items():
            write_tile(course, tile)
        record.note("tiles", tile_inputs)


def main() -> int:
    """Make the media. Returns the exit code."""
    arguments = _arguments()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication(sys.argv[:1])
    load_fonts()
    if arguments.stills:
        for lecture in _chosen(arguments.lectures):
            Studio(SAMPLE).write_stills(lecture, arguments.stills)
    else:
        record = Record(Path(__file__).with_name("made.json"))
        _make_lectures(record, _chosen(arguments.lectures), force=arguments.force)
        if not arguments.lectures:
            _make_pages(record, force=arguments.force)
    application.quit()
    return 0


if __name__ == "__main__":
    sys.exit(main())
