"""What comes by itself: memberships, manifests of enrolled courses, descriptions, logos."""

from __future__ import annotations

import contextlib
import hashlib
import logging
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from desktop.models.blobs import blob_path
from desktop.models.catalog import catalog_entries, descriptions
from desktop.models.courses import manifests
from desktop.models.files import assets, feeds
from desktop.models.learning import enrollments
from desktop.models.manifest_rows import keep_manifest
from desktop.models.memberships import keep_learner, keep_logo, keep_memberships, learner_view, read_learner
from desktop.models.people import programs
from desktop.models.session_file import read_session, write_atomically, write_session
from desktop.models.store import Store
from desktop.sync import problems
from desktop.sync.api import Api
from desktop.sync.client import is_html, is_ours, require_whole
from desktop.sync.pull import forget_program
from protocol.accounts import Account
from protocol.catalog import CourseDescription
from protocol.feeds import program_feed
from protocol.ids import ProgramId
from protocol.manifest import CourseManifest

log = logging.getLogger(__name__)

SMALL_CATALOG = 200
"""Descriptions of catalogs up to this size are fetched ahead, to be read offline."""
DESCRIPTIONS_AT_ONCE = 10
"""In one round, so that what the learner does is never behind a long list."""


def refresh_memberships(store: Store, api: Api, home: Path) -> None:
    """Who the learner is and which programs they belong to, into the store and ``session.json``.

    Raises:
        Problem: the way to the server.
    """
    account = api.get("/v1/me", Account)
    kinds: set[str] = set()
    with store.write(kinds) as connection:
        before = read_learner(connection, store.assets)
        keep_learner(connection, learner_view(account, before.server))
        known = set(connection.execute(select(feeds.c.feed).where(feeds.c.feed.like("program:%"))).scalars())
        if keep_memberships(connection, account.memberships):
            kinds |= {"programs", "learner"}
        view = read_learner(connection, store.assets)
    session = read_session(home)
    if session is not None and session.account_id == account.id and session != view:
        write_session(home, view)
    for feed in known - set(program_feeds(store)):
        forget_program(store, feed)


def program_feeds(store: Store) -> list[str]:
    """Feeds of the programs that the learner belongs to now."""
    with store.read() as connection:
        rows = connection.execute(
            select(programs.c.id).where(programs.c.state == "active").order_by(programs.c.position)
        )
        return [program_feed(ProgramId(program_id)) for program_id in rows.scalars()]


def fetch_manifests(store: Store, api: Api, stopping: Callable[[], bool]) -> int:
    """Manifests of enrolled courses that are not here, newest enrollment first. Returns how many came.

    Raises:
        Problem: the way to the server. What the server refuses for one course does not hold up the others.
    """
    with store.read() as connection:
        missing = connection.execute(
            select(enrollments.c.version)
            .outerjoin(manifests, manifests.c.version == enrollments.c.version)
            .where(manifests.c.version.is_(None), enrollments.c.state != "unenrolled")
            .order_by(enrollments.c.enrolled_at.desc())
        )
        versions = list(dict.fromkeys(missing.scalars()))
    number = 0
    for version in versions:
        if stopping():
            break
        try:
            fetch_manifest(store, api, version)
            number += 1
        except problems.Refusal as refusal:
            log.warning("the manifest %s was refused: %s", version[:12], refusal.code)
    return number


def fetch_manifest(store: Store, api: Api, version: str) -> None:
    """One manifest, verified.

    Raises:
        Problem: the way to the server, a refusal, ``truncated`` when it is not what its name says.
    """
    answer = api.ask("GET", f"/v1/manifests/{quote(version, safe='')}")
    if hashlib.sha256(answer.body).hexdigest() != version:
        raise problems.truncated(f"the manifest {version} has another hash")
    manifest = api.read(answer, CourseManifest)
    with store.write({"courses", "assets", "downloads"}) as connection:
        keep_manifest(connection, version, answer.body, manifest, store.clock.now())


def fetch_description(store: Store, api: Api, course_id: str) -> None:
    """A course's description into the store.

    Raises:
        Problem: the way to the server, ``not_found``.
    """
    answer = api.ask("GET", f"/v1/courses/{quote(course_id, safe='')}/description")
    description = api.read(answer, CourseDescription)
    values = {"body": answer.body, "version": description.entry.version, "fetched_at": store.clock.now()}
    with store.write({"descriptions"}) as connection:
        statement = upsert(descriptions).values(course_id=course_id, **values)
        connection.execute(statement.on_conflict_do_update(index_elements=["course_id"], set_=values))


def fetch_descriptions(store: Store, api: Api, stopping: Callable[[], bool]) -> bool:
    """Some descriptions of small catalogs that are not here or older than the course. Returns whether any is left."""
    with store.read() as connection:
        number = connection.execute(select(func.count()).select_from(catalog_entries)).scalar_one()
        if number > SMALL_CATALOG:
            return False
        rows = connection.execute(
            select(catalog_entries.c.course_id, catalog_entries.c.entry, descriptions.c.version)
            .outerjoin(descriptions, descriptions.c.course_id == catalog_entries.c.course_id)
            .order_by(catalog_entries.c.position)
        )
        stale = [row.course_id for row in rows if row.entry.version != row.version]
    for course_id in stale[:DESCRIPTIONS_AT_ONCE]:
        if stopping():
            return True
        try:
            fetch_description(store, api, course_id)
        except problems.Refusal as refusal:
            log.info("the description of %s was refused: %s", course_id, refusal.code)
            return False
    return len(stale) > DESCRIPTIONS_AT_ONCE


def fetch_logos(store: Store, api: Api) -> None:
    """Logos of programs that have a new one. A logo that does not come is no reason to stop."""
    if store.content.hold():
        return
    with store.read() as connection:
        wanted = connection.execute(
            select(programs.c.id, programs.c.logo_url).where(programs.c.logo.is_(None), programs.c.logo_url != "")
        ).all()
    for row in wanted:
        with contextlib.suppress(
            problems.Refusal
        ):  # a drive that was pulled just now ends the round, which comes again
            data = _small_file(api, row.logo_url)
            keep_small_blob(store, row.id, row.logo_url, data)


def _small_file(api: Api, path: str) -> bytes:
    parts: list[bytes] = []
    with api.client.stream(api.url(path), {}) as stream:
        while part := stream.read():
            parts.append(part)
            if sum(map(len, parts)) > 2_000_000:
                raise problems.not_ours("a logo of more than 2 MB")
        data = b"".join(parts)
        require_whole(stream, data)
        if not is_ours(stream):  # no hash would tell a hotel's page from it
            raise problems.captive_portal("a page came") if is_html(stream) else problems.not_ours("no header")
    return data


def keep_small_blob(store: Store, program_id: str, logo_url: str, data: bytes) -> None:
    """A logo becomes a blob like every other file, named by what it holds."""
    sha256 = hashlib.sha256(data).hexdigest()
    with store.content.writing() as folder:
        store.content.make(blob_path(folder, sha256).parent)
        write_atomically(blob_path(folder, sha256), data)
    row = {"sha256": sha256, "size": len(data), "media_type": "image/*", "course_id": "", "state": "ready"}
    with store.write({"programs"}) as connection:
        connection.execute(delete(assets).where(assets.c.sha256 == sha256))
        connection.execute(assets.insert().values(**row, ready_at=store.clock.now()))
        keep_logo(connection, program_id, logo_url, sha256)
