"""A server with one large course, and the export of it: ``python -m benchmarks.pack_server HOME FILES BYTES PACK``.

Prints what the desktop must know (a JSON object), then, for each line on standard input, how many seconds an export to
PACK took.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import sys
import time
from pathlib import Path

import django

from protocol.feeds import program_feed
from protocol.ids import CourseId, ItemId, ProgramId, Sha256
from protocol.manifest import VIDEO, Asset, CourseManifest, Item, Lesson, Module, Video, VideoVariant, Week
from protocol.wire import encode
from server.home import prepare_home

CHUNK = 1024 * 1024


def main(home: Path, count: int, size: int, target: Path) -> None:
    """Until standard input ends."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "server.settings.embedded"
    prepare_home(home)
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    told = _make(count, size)
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    from server.catalog.course_packs import plan_pack, write_pack
    from server.catalog.models import Course

    while sys.stdin.readline():
        began = time.perf_counter()
        write_pack(plan_pack(Course.objects.get()), target)
        sys.stdout.write(f"{time.perf_counter() - began}\n")
        sys.stdout.flush()


def _make(count: int, size: int) -> dict[str, str]:
    from server.catalog.models import Blob, Course, CourseVersion
    from server.feeds.writing import open_feed
    from server.programs.models import Organization, Program
    from server.programs.pack_keys import ensure_key, key_to_wire

    assets = tuple(_blob(size // count) for _ in range(count))
    Blob.objects.bulk_create(
        Blob(sha256=asset.sha256, size=asset.size, media_type=asset.media_type) for asset in assets
    )
    items = tuple(
        Item(
            id=ItemId(f"large/{number}"),
            kind=VIDEO,
            title=f"Lecture {number}",
            minutes=9,
            video=Video(duration_ms=9, variants=(VideoVariant(asset=asset.sha256, width=1, height=1),)),
        )
        for number, asset in enumerate(assets)
    )
    module = Module(id="m", title="M", lessons=(Lesson(id="l", title="L", items=items),))
    manifest = encode(
        CourseManifest(
            course_id=CourseId("large"),
            title="A large course",
            partner="Open School",
            language="en",
            weeks=(Week(number=1, title="W", modules=(module,)),),
            assets=assets,
        )
    )
    program = Program.objects.create(
        pk="field", organization=Organization.objects.create(name="Open School"), name="Field staff learning"
    )
    course = Course.objects.create(pk="large", program=program, title="A large course", partner="Open School")
    course.version = CourseVersion.objects.create(
        pk=Sha256(hashlib.sha256(manifest).hexdigest()), course=course, manifest=manifest
    )
    course.save()
    with open_feed(program_feed(ProgramId(program.pk))) as feed:
        key = ensure_key(feed, program)
    from django.conf import settings

    return {"media": str(settings.MEDIA_FOLDER), "key": base64.b64encode(encode(key_to_wire(key))).decode()}


def _blob(size: int) -> Asset:
    from server.catalog.blobs import blob_path

    part = blob_path("00").with_name("part")
    part.parent.mkdir(parents=True, exist_ok=True)
    digest, left = hashlib.sha256(), size
    with part.open("wb") as file:
        while left:
            piece = os.urandom(min(CHUNK, left))
            file.write(piece)
            digest.update(piece)
            left -= len(piece)
    sha256 = Sha256(digest.hexdigest())
    blob_path(sha256).parent.mkdir(exist_ok=True)
    part.replace(blob_path(sha256))
    return Asset(sha256=sha256, size=size, media_type="video/webm")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
