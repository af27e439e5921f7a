"""What the desktop asks of the endpoints that hand out files, and what must be true afterwards."""

from __future__ import annotations

import hashlib

from sqlalchemy import delete, select, update

from desktop.models.blobs import blob_path
from desktop.models.catalog import catalog_entries
from desktop.models.courses import manifests
from desktop.models.files import assets
from desktop.models.people import programs
from desktop.sync import content
from desktop.sync.blobs import Blob
from tests.contract.faults.cases import Case
from tests.server.program_folder import COURSE_ID


class Addresses(Case):
    operation = ("post", "/v1/courses/{course_id}/addresses")

    def prepare(self) -> None:
        self.blob = self.wanted(bulky=True)
        self.one.gateway.addresses._known.clear()

    def act(self) -> None:
        self.address = self.one.gateway.addresses.address(COURSE_ID, self.blob.sha256)

    def check(self) -> None:
        with self.one.gateway._client.stream(self.address, {}) as stream:
            assert stream.status == 200


class Pack(Case):
    operation = ("post", "/v1/courses/{course_id}/packs")

    def prepare(self) -> None:
        self.blob = self.wanted(bulky=False)

    def act(self) -> None:
        came = self.one.gateway.packs.fetch([self.blob])
        if came.singly:  # as the queue does with what arrived damaged
            self.one.gateway.fetcher.fetch(self.blob)

    def check(self) -> None:
        self.require_whole(self.blob.sha256)


class Manifest(Case):
    operation = ("get", "/v1/manifests/{version}")

    def prepare(self) -> None:
        with self.store.write(set()) as connection:
            self.version = connection.execute(select(manifests.c.version)).scalar_one()
            connection.execute(update(manifests).values(title="?"))

    def act(self) -> None:
        content.fetch_manifest(self.store, self.api, self.version)

    def check(self) -> None:
        with self.store.read() as connection:
            body = connection.execute(select(manifests.c.body)).scalar_one()
        assert hashlib.sha256(body).hexdigest() == self.version


class Lecture(Case):
    operation = ("get", "/v1/blobs/{sha256}")

    def prepare(self) -> None:
        self.blob = self.wanted(bulky=True)
        self.one.gateway.addresses.address(COURSE_ID, self.blob.sha256)

    def act(self) -> None:
        self.one.gateway.fetcher.fetch(self.blob)

    def check(self) -> None:
        self.require_whole(self.blob.sha256)


class Picture(Lecture):
    """Of the catalog: nobody says how large it is, so that its hash alone tells an empty one."""

    says = frozenset({"wrong_content"})

    def prepare(self) -> None:
        with self.store.read() as connection:
            sha256 = connection.execute(select(catalog_entries.c.picture)).scalar_one()
        self.forget(sha256)
        self.blob = Blob(sha256, -1, COURSE_ID)
        self.one.gateway.addresses.address(COURSE_ID, sha256)


class Logo(Case):
    operation = ("get", "/v1/programs/{program_id}/logo")

    def prepare(self) -> None:
        with self.store.write(set()) as connection:
            self.known = connection.execute(select(programs.c.logo)).scalar()
            connection.execute(update(programs).values(logo=None))
            connection.execute(delete(assets).where(assets.c.sha256 == self.known))

    def act(self) -> None:
        content.fetch_logos(self.store, self.api)

    def check(self) -> None:
        with self.store.read() as connection:
            logo = connection.execute(select(programs.c.logo)).scalar_one()
        self.require_whole(logo)
        media = self.place.server.home / "media" / logo[:2] / logo
        assert media.read_bytes() == blob_path(self.store.assets, logo).read_bytes()
