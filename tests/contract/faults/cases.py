"""What the desktop asks of each endpoint, by its own code, and what must be true afterwards."""

from __future__ import annotations

import hashlib
from typing import ClassVar

from sqlalchemy import delete, select, update

from desktop.models.blobs import blob_path, part_path
from desktop.models.catalog import catalog_entries, descriptions
from desktop.models.courses import item_assets
from desktop.models.files import feeds
from desktop.models.memberships import read_learner
from desktop.models.people import programs
from desktop.models.server_facts import read_facts
from desktop.models.session_file import read_session
from desktop.sync import content
from desktop.sync.blobs import Blob
from desktop.sync.checking_in import check_in
from desktop.sync.pull import pull_feed
from desktop.sync.push import push
from protocol.feeds import LEARNER_FEED, program_feed
from protocol.ids import ProgramId
from tests.contract.conftest import Client
from tests.contract.faults.place import PASSWORD, Place
from tests.contract.test_client_learning import sync
from tests.desktop.sync.test_push_pull import never, rows
from tests.server.program_folder import COURSE_ID, LECTURE, PROGRAM_ID


class Case:
    """One thing that is asked. Made anew for each fault.

    Attributes:
        operation: method and path as the protocol's document has them.
        says: what may be said of it beside what is said of the line.
    """

    operation: ClassVar[tuple[str, str]]
    says: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, place: Place) -> None:
        """Make ready, over a good line."""
        self.place = place
        self.one = place.one
        self.store = place.services.store
        self.api = place.one.gateway.api
        self.prepare()

    def prepare(self) -> None:
        """What has to be there before."""

    def act(self) -> None:
        """Ask: once more when it failed, as the sync or the learner does."""
        raise NotImplementedError

    def check(self) -> None:
        """See that it happened, once."""

    def wanted(self, bulky: bool) -> Blob:
        """A file of the course that is not here."""
        with self.store.read() as connection:
            row = connection.execute(
                select(item_assets.c.sha256, item_assets.c.size).where(item_assets.c.bulky.is_(bulky))
            ).first()
        assert row is not None
        self.forget(row.sha256)
        return Blob(row.sha256, row.size, COURSE_ID)

    def forget(self, sha256: str) -> None:
        """Nothing of this file is here."""
        for path in (blob_path(self.store.assets, sha256), part_path(self.store.assets, sha256)):
            path.unlink(missing_ok=True)

    def require_whole(self, sha256: str) -> None:
        """The file is what its name says, and nothing is left beside it."""
        assert hashlib.sha256(blob_path(self.store.assets, sha256).read_bytes()).hexdigest() == sha256
        assert not part_path(self.store.assets, sha256).exists()


class ServerInfo(Case):
    operation = ("get", "/v1/server")

    def act(self) -> None:
        self.info = self.one.gateway.server_info(self.place.line.url)

    def check(self) -> None:
        assert self.info.name == "Haversack program server"


class ShowInvitation(Case):
    operation = ("get", "/v1/invitations/{token}")

    def prepare(self) -> None:
        self.token = self.place.token()

    def act(self) -> None:
        self.found = self.one.gateway.read_invitation(self.place.link(self.token))

    def check(self) -> None:
        expected = (self.token, "open", self.token.replace("guest-", "g") + "@example.org")
        assert (self.found.token, self.found.state, self.found.email) == expected


class AcceptInvitation(Case):
    operation = ("post", "/v1/invitations/{token}/accept")

    def prepare(self) -> None:
        self.token = self.place.token()

    def act(self) -> None:
        self.one.gateway.accept_invitation(self.token)

    def check(self) -> None:
        account = self.place.services.learner.view().account_id
        used = "SELECT used_by_id FROM programs_invitation WHERE token = ?"
        assert self.place.ask_server(used, self.token) == [(account,)]
        of_mine = "SELECT count(*) FROM programs_membership WHERE user_id = ?"
        assert self.place.ask_server(of_mine, account) == [(1,)]
        with self.store.read() as connection:
            assert read_session(self.one.home) == read_learner(connection, self.store.assets)


class _Newcomer(Case):
    newcomer: Client
    email: str

    def check(self) -> None:
        device = self.newcomer.gateway.device.id
        assert self.place.ask_server("SELECT count(*) FROM accounts_user WHERE email = ?", self.email) == [(1,)]
        assert self.newcomer.gateway.tokens.renewed(self.newcomer.gateway.tokens.access())
        assert self.newcomer.gateway.api.ask("GET", "/v1/me").status == 200
        assert self.place.sessions(self.email, device) == 1
        self.newcomer.close()


class Join(_Newcomer):
    operation = ("post", "/v1/accounts")

    def prepare(self) -> None:
        self.newcomer = self.place.newcomer()
        self.invitation = self.place.invitation()
        self.email = self.invitation.email

    def act(self) -> None:
        assert self.newcomer.gateway.join_new(self.invitation, "Bo", PASSWORD).name == "Bo"


class SignIn(_Newcomer):
    operation = ("post", "/v1/sessions")

    def prepare(self) -> None:
        self.newcomer = self.place.newcomer()
        self.email = self.place.email

    def act(self) -> None:
        self.newcomer.gateway.sign_in("sample", self.email, PASSWORD)


class Refresh(Case):
    operation = ("post", "/v1/sessions/refresh")

    def prepare(self) -> None:
        self.stale = self.one.gateway.tokens.access()

    def act(self) -> None:
        assert self.one.gateway.tokens.renewed(self.stale)

    def check(self) -> None:
        for _ in range(2):  # the chain holds
            tokens = self.one.gateway.tokens
            tokens.renewed(tokens.access())
            assert self.api.ask("GET", "/v1/me").status == 200


class SignOut(Case):
    """Signing out happens here, at once; the server is told if it can be reached, and nobody waits for that."""

    operation = ("delete", "/v1/sessions/current")

    def prepare(self) -> None:
        self.leaving = self.place.newcomer()
        self.leaving.gateway.sign_in("sample", self.place.email, PASSWORD)
        self.user = self.leaving.gateway.tokens._held.user
        self.leaving.gateway.api.ask("GET", "/v1/me")
        assert self.place.sessions(self.place.email, self.leaving.gateway.device.id) == 1
        self.tell = self.leaving.gateway.sign_out()
        assert read_session(self.leaving.home) is None
        assert self.leaving.gateway._secrets.read(self.user) is None

    def act(self) -> None:
        self.tell()

    def check(self) -> None:
        assert self.place.sessions(self.place.email, self.leaving.gateway.device.id) == 0
        self.leaving.close()


class Me(Case):
    operation = ("get", "/v1/me")

    def prepare(self) -> None:
        with self.store.write(set()) as connection:
            connection.execute(update(programs).values(name="?"))

    def act(self) -> None:
        content.refresh_memberships(self.store, self.api, self.one.home)

    def check(self) -> None:
        (program,) = self.place.services.learner.view().programs
        assert (program.id, program.name) == (PROGRAM_ID, "Evening school")


class LearnerFeed(Case):
    operation = ("get", "/v1/feeds/{feed}")

    def prepare(self) -> None:
        self.text = f"from elsewhere {self.place.number()}"
        self.place.other.services.notes.save(LECTURE, self.text)
        sync(self.place.other)

    def act(self) -> None:
        pull_feed(self.store, self.api, LEARNER_FEED, never)

    def check(self) -> None:
        assert [note.text for note in self.place.services.notes.all()].count(self.text) == 1
        assert rows(self.place.services) == rows(self.place.other.services)


class CatalogFeed(Case):
    operation = ("get", "/v1/feeds/{feed}")

    def prepare(self) -> None:
        self.feed = program_feed(ProgramId(PROGRAM_ID))
        with self.store.write(set()) as connection:
            connection.execute(delete(catalog_entries))
            connection.execute(delete(feeds).where(feeds.c.feed == self.feed))

    def act(self) -> None:
        pull_feed(self.store, self.api, self.feed, never)

    def check(self) -> None:
        (mine,), (there,) = (one.services.catalog.view(PROGRAM_ID).tiles for one in (self.place.one, self.place.other))
        assert (mine.course_id, mine.title) == (there.course_id, there.title) == (COURSE_ID, "The basics")


class Actions(Case):
    operation = ("post", "/v1/actions")

    def prepare(self) -> None:
        self.texts = [f"note {self.place.number()}" for _ in range(3)]
        self.before = self._judged()
        for text in self.texts:
            self.place.services.notes.save(LECTURE, text)

    def _judged(self) -> int:
        ((number,),) = self.place.ask_server("SELECT count(*) FROM learning_ledgerentry")
        assert isinstance(number, int)
        return number

    def act(self) -> None:
        push(self.store, self.api, self.one.gateway.device.id, never)

    def check(self) -> None:
        assert self._judged() == self.before + len(self.texts)
        assert self.place.services.outbox.waiting_count() == 0
        assert not [one for one in self.place.services.outbox.entries() if one.state == "refused"]
        sync(self.one)
        kept = [row[0] for row in self.place.ask_server("SELECT text FROM learning_note")]
        assert [kept.count(text) for text in self.texts] == [1, 1, 1]


class CheckIn(Case):
    operation = ("post", "/v1/devices/current")

    def prepare(self) -> None:
        self.installation = self.one.gateway.installation(self.store.account_id)
        self.device = self.installation.look().id

    def act(self) -> None:
        check_in(self.store, self.api, self.installation)

    def check(self) -> None:
        with self.store.read() as connection:
            facts = read_facts(connection)
        assert facts.place
        assert facts.key_id
        assert self.installation.look().id == self.device, "a lost answer is no reason to be another device"


class Deliver(Case):
    """A file of work, delivered at a computer where nobody is signed in; asked again, it is the same delivery."""

    operation = ("post", "/v1/deliveries")

    def prepare(self) -> None:
        check_in(self.store, self.api, self.one.gateway.installation(self.store.account_id))
        self.text = f"carried {self.place.number()}"
        self.place.services.notes.save(LECTURE, self.text)
        self.file = self.one.home / f"{self.place.number()}.haversack-work"
        assert self.one.gateway.save_work(self.file).actions == 1
        self.place.forget_tries()
        self.newcomer = self.place.newcomer()

    def act(self) -> None:
        self.delivered = self.newcomer.gateway.deliver_work(self.file)

    def check(self) -> None:
        assert self.delivered.refused == 0
        assert self.place.ask_server("SELECT count(*) FROM learning_note WHERE text = ?", self.text) == [(1,)]
        assert self.delivered.receipt is not None
        taken = self.one.gateway.take_receipt(self.delivered.receipt)
        assert (taken.sent, taken.refused) == (1, 0)
        assert self.place.services.outbox.waiting_count() == 0
        sync(self.one)
        self.newcomer.close()


class Description(Case):
    operation = ("get", "/v1/courses/{course_id}/description")

    def prepare(self) -> None:
        with self.store.write(set()) as connection:
            connection.execute(delete(descriptions))

    def act(self) -> None:
        self.one.gateway.fetch_description(COURSE_ID)

    def check(self) -> None:
        shown = self.place.services.catalog.description(COURSE_ID)
        assert shown.complete
        self.place.other.gateway.fetch_description(COURSE_ID)
        assert shown == self.place.other.services.catalog.description(COURSE_ID)
