"""Course packs in every state, as the screen is told of them."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec.structs import replace

from desktop.models.pack_views import (
    CHECKED,
    DONE,
    IMPORTING,
    INCOMPLETE,
    LOOKING,
    NEWER,
    OLDER,
    REFUSED,
    STOPPED,
    WAITING,
    ImportView,
    PackFacts,
    PackResult,
)
from desktop.sync import pack_problems
from protocol.course_packs import TRUNCATED, CoursePackError

FACTS = PackFacts(
    organization="Open School",
    program="Water and soil",
    program_id="p1",
    course_id="c1",
    title="Understanding soil",
    version="4f" * 32,
    made_at=datetime(2026, 11, 20, 8, 0, tzinfo=UTC),
    size=2_410_000_000,
    files=640,
    bytes_new=2_390_000_000,
    bytes_free=41_000_000_000,
    enrolled=True,
)
FOLDER = "/media/ada/SCHOOL"


def view(number: int, state: str, facts: PackFacts | None = FACTS, **more: object) -> ImportView:
    """A file on a stick."""
    return replace(
        ImportView(id=f"i{number}", name=f"soil-{number}.haversack", folder=FOLDER, state=state, facts=facts), **more
    )


TRUNCATED_FILE = pack_problems.of_file(CoursePackError(TRUNCATED, ""))
PULLED = pack_problems.unreadable("")
REFUSED_FILE = view(
    4, REFUSED, None, problem=TRUNCATED_FILE.text, way_out=TRUNCATED_FILE.way_out, code=TRUNCATED_FILE.code
)
LOOKED_AT = (
    view(1, CHECKED),
    view(
        2, CHECKED, replace(FACTS, title="Planting trees", course_id="c2", enrolled=False, weeks=(1, 2), videos="none")
    ),
    view(3, CHECKED, replace(FACTS, title="Rain and rivers", course_id="c3", bytes_free=900_000_000)),
    view(5, LOOKING, None),
)
STANDING = (
    view(1, CHECKED, replace(FACTS, standing=OLDER, bytes_new=0)),
    view(2, CHECKED, replace(FACTS, standing=NEWER)),
)
UNDER_WAY = (
    view(1, IMPORTING, bytes_done=900_000_000, bytes_total=2_390_000_000),
    view(2, WAITING, replace(FACTS, title="Planting trees", course_id="c2")),
)
ENDED = (
    view(1, DONE, result=PackResult(files_new=610, bytes_new=2_390_000_000, files_here=30)),
    view(
        2,
        DONE,
        replace(FACTS, title="Planting trees", course_id="c2", enrolled=False),
        result=PackResult(files_here=640),
    ),
    view(
        3,
        INCOMPLETE,
        replace(FACTS, title="Rain and rivers", course_id="c3"),
        result=PackResult(
            files_new=600, bytes_new=2_000_000_000, damaged=("How a river bends", "Floods", "Wells", "Dew")
        ),
    ),
    view(6, STOPPED, replace(FACTS, title="Bees"), problem=PULLED.text, way_out=PULLED.way_out, code=PULLED.code),
    view(7, STOPPED, replace(FACTS, title="Compost")),
    REFUSED_FILE,
)
