"""The network as pages ask for it. Thread-safe; every failure is a ``Problem``."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from sqlalchemy import select

from desktop.clock import Clock
from desktop.config import SAMPLE_SERVER
from desktop.errors import NotSignedInError, Problem, mark
from desktop.models.carried_views import DeliveredWork, FoundFile, SavedWork, TakenReceipt
from desktop.models.content_folder import ContentFolder
from desktop.models.courses import item_assets, items, manifests
from desktop.models.files import assets as asset_table
from desktop.models.learning import enrollments
from desktop.models.memberships import keep_learner, keep_memberships, learner_view, program_view, read_learner
from desktop.models.queue_order import soon_wanted
from desktop.models.session_file import forget_session, read_session, write_session
from desktop.models.store import Store
from desktop.models.views import InvitationView, LearnerView, NetworkStep
from desktop.sync import carrying, content
from desktop.sync.addresses import SignedAddresses
from desktop.sync.api import Api
from desktop.sync.blobs import Blob, BlobFetcher
from desktop.sync.carrying import Carrying
from desktop.sync.checking_in import Installation, key_name, read_device
from desktop.sync.client import Client, absolute
from desktop.sync.links import InvitationLink, read_link, server_address
from desktop.sync.network_trial import try_network
from desktop.sync.packs import PackFetcher
from desktop.sync.proxies import login
from desktop.sync.ready import mark_ready
from desktop.sync.secrets import Secrets
from desktop.sync.tokens import TokenKeeper
from protocol import PROTOCOL_VERSION
from protocol.accounts import Account, Device, Invitation, NewAccount, ServerInfo, Session, SignIn
from protocol.manifest import assets_of

log = logging.getLogger(__name__)
VERSION = "0.1.0"
PROXY_SECRET = "proxy"  # noqa: S105 (the name under which one is kept)


class HasStore(Protocol):
    """The learner's services, as far as the network's side needs them."""

    @property
    def store(self) -> Store:
        """The learner's database."""


class Gateway:
    """See the module. Called in the network's lane.

    Attributes:
        api: requests in the learner's name, for the sync worker.
        home: the data folder.
        fetcher: brings blobs here.
        packs: brings small ones here, many at a time.
    """

    def __init__(
        self,
        home: Path,
        assets: Path | ContentFolder,
        clock: Clock,
        secrets: Secrets,
        base_url: Callable[[str], str],
        sample_link: Callable[[], str],
        services: Callable[[], HasStore | None],
    ) -> None:
        """``base_url`` turns a server (an address, or ``sample``) into the address that answers now, and may raise a
        ``Problem``; ``sample_link`` gives the invitation to the sample program; ``services`` those of whoever is
        signed in, None while nobody's store is open. ``assets``: as for ``BlobFetcher``."""
        self.home = home
        self._clock = clock
        self._secrets = secrets
        self._base_url = base_url
        self._sample_link = sample_link
        self._services = services
        self._lock = threading.Lock()
        session = read_session(home)
        self._server = session.server if session else ""
        proxy_secret = _proxy_secret(secrets)
        self._client = Client(self._heard, VERSION, proxy_secret)
        self.tokens = TokenKeeper(self._client, secrets, self._address)
        if session is not None:
            self.tokens.resume(_user(session.server, session.account_id))
        self.api = Api(self._client, self.tokens, self._address)
        self.addresses = SignedAddresses(self.api, clock, self._neighbours)
        self.fetcher = BlobFetcher(self._client, self.addresses, assets)
        self.packs = PackFetcher(self.api, self.fetcher)
        self._carrying = Carrying(Client(lambda _: None, VERSION, proxy_secret), base_url)

    @property
    def device(self) -> Device:
        """This installation, as it goes by now."""
        return read_device(self.home, VERSION)

    def api_of(self, account_id: str) -> Api:
        """Requests in the name of this learner alone: they fail with ``not_signed_in`` while somebody else is."""
        return Api(self._client, self.tokens.of(_user(self._server, account_id)), self._address)

    def installation(self, account_id: str) -> Installation:
        """This installation as a device of this learner."""
        return Installation(self.home, self._secrets, _user(self._server, account_id), VERSION)

    def test_network(self) -> tuple[NetworkStep, ...]:
        """Try the way to the program step by step; see ``network_trial``. Takes as long as the slowest step."""
        return try_network(self._client, self.api)

    def asking_proxy(self) -> str:
        """Host and port of the proxy that wants a password; empty if none does."""
        return self._client.asking_proxy()

    def keep_proxy_login(self, proxy: str, user: str, password: str) -> None:
        """What the learner typed for a proxy (``asking_proxy``): kept with the secrets, used from now on."""
        self._secrets.write(f"{PROXY_SECRET} {proxy}", login(user, password))
        self._client.start_afresh()

    def start_afresh(self) -> None:
        """The network is another one, or the computer slept: no connection of before is used again."""
        self._client.start_afresh()

    def close(self) -> None:
        """Close all connections."""
        self._client.close()
        self._carrying.close()

    def secrets_note(self) -> Problem | None:
        """What the learner should know about where the sign-in is kept; None when there is nothing to say."""
        return self._secrets.note()

    # --- before anybody is signed in -----------------------------------------------------------------------------

    def server_info(self, address: str) -> ServerInfo:
        """What a server says of itself.

        Raises:
            Problem: ``bad_address``, ``protocol_too_old``, and the ways of not getting there.
        """
        server = address if address == SAMPLE_SERVER else server_address(address)
        info = Api.read(self._client.request("GET", absolute(self._base_url(server), "/v1/server")), ServerInfo)
        if info.oldest_protocol > PROTOCOL_VERSION:
            raise Problem(
                "protocol_too_old",
                mark("This Haversack is too old for the program's server."),
                mark("Install the newest version; what waits to be sent is kept."),
            )
        return info

    def read_invitation(self, link: str) -> InvitationView:
        """The invitation behind a link (see ``links.read_link``), or the sample program's behind ``sample``.

        Raises:
            Problem: ``bad_link``, ``invitation_unknown``, …
        """
        if link.strip() == SAMPLE_SERVER:
            found = InvitationLink(SAMPLE_SERVER, read_link(self._sample_link()).token)
        else:
            found = read_link(link)
        url = absolute(self._base_url(found.server), f"/v1/invitations/{quote(found.token, safe='')}")
        said = Api.read(self._client.request("GET", url), Invitation)
        return InvitationView(
            token=said.token,
            server=found.server,
            state=said.state,
            program=program_view(said.program),
            email=said.email,
            name=said.name,
            password_rules=said.password_rules,
            account_exists=said.account_exists,
            expires_at=said.expires_at,
        )

    def join_new(self, invitation: InvitationView, name: str, password: str) -> LearnerView:
        """Make the account and sign in.

        Raises:
            Problem: ``password_weak``, ``address_taken``, ``invitation_used``, …
        """
        wanted = NewAccount(invitation=invitation.token, name=name, password=password, device=self.device)
        return self._enter(invitation.server, "/v1/accounts", wanted)

    def sign_in(self, server: str, email: str, password: str, invitation_token: str = "") -> LearnerView:
        """Sign in; with a token also join its program.

        Raises:
            Problem: ``sign_in_refused``, ``too_many_tries``, …
        """
        wanted = SignIn(email=email.strip(), password=password, device=self.device, invitation=invitation_token)
        return self._enter(server if server == SAMPLE_SERVER else server_address(server), "/v1/sessions", wanted)

    def _enter(self, server: str, path: str, wanted: NewAccount | SignIn) -> LearnerView:
        answer = self._client.request("POST", absolute(self._base_url(server), path), value=wanted)
        session = Api.read(answer, Session)
        learner = learner_view(session.account, server)
        with self._lock:
            self._server = server
            self.tokens.begin(_user(server, learner.account_id), session.tokens)
            write_session(self.home, learner)
        return learner

    # --- for who is signed in ------------------------------------------------------------------------------------

    def accept_invitation(self, token: str) -> LearnerView:
        """Join another program of the same server.

        Raises:
            Problem: ``invitation_for_another``, ``licences_exhausted``, …
        """
        account = self.api.post(f"/v1/invitations/{quote(token, safe='')}/accept", None, Account)
        learner = learner_view(account, self._server)
        services = self._services()
        if services is not None:
            with services.store.write({"programs", "learner", "outbox"}) as connection:
                keep_learner(connection, learner)
                keep_memberships(connection, account.memberships)
                learner = read_learner(connection, services.store.assets)  # with the logos that are here
        write_session(self.home, learner)
        return learner

    def fetch_description(self, course_id: str) -> None:
        """Bring a course's description into the store.

        Raises:
            Problem: ``not_found``, and the ways of not getting there.
        """
        content.fetch_description(self._store(), self.api, course_id)

    def fetch_item(self, item_id: str) -> None:
        """Bring everything of an item but picture and sound of its lecture onto this computer.

        Raises:
            Problem: ``not_found``, ``disk_full``, ``folder_…`` (the drive is not there; what it has is not fetched),
                and the ways of not getting there.
        """
        store = self._store()
        self.fetcher.content.require()
        with store.read() as connection:
            known = connection.execute(select(items.c.item_id).where(items.c.item_id == item_id)).first()
        if known is None:
            content.fetch_manifests(store, self.api, lambda: False)
        with store.read() as connection:
            rows = connection.execute(
                select(asset_table.c.sha256, asset_table.c.size, asset_table.c.course_id)
                .join(item_assets, item_assets.c.sha256 == asset_table.c.sha256)
                .where(item_assets.c.item_id == item_id, item_assets.c.bulky.is_(False))
                .where(asset_table.c.state != "ready")
                .distinct()
            ).all()
        for row in rows:
            size = self.fetcher.fetch(Blob(row.sha256, row.size, row.course_id))
            mark_ready(store, row.sha256, size)

    def stream_address(self, item_id: str) -> str:
        """An absolute, signed, short-lived address of an item's video, for the player.

        Raises:
            Problem: ``not_found``, and the ways of not getting there.
        """
        store = self._store()
        with store.read() as connection:
            row = connection.execute(
                select(items.c.version, items.c.course_id)
                .join(manifests, manifests.c.version == items.c.version)
                .outerjoin(enrollments, enrollments.c.version == items.c.version)
                .where(items.c.item_id == item_id)
                .order_by(enrollments.c.state.is_(None), manifests.c.fetched_at.desc())
            ).first()
            manifest = store.manifest(connection, row.version) if row else None
        for item in manifest.items() if manifest else ():
            if row and manifest and item.id == item_id and item.video:
                media = {variant.asset for variant in item.video.variants}
                wanted = [asset.sha256 for asset in assets_of(item, manifest) if asset.sha256 in media]
                if wanted:
                    return self.addresses.address(row.course_id, wanted[0])
        raise Problem("not_found", mark("This lecture has no video."), mark("Go on with the next item."))

    # --- work that is carried by file ------------------------------------------------------------------------------

    def look_at_file(self, file: Path) -> FoundFile:
        """What a file is; whether somebody is signed in or not.

        Raises:
            Problem: ``work_unreadable``, ``folder_unusable``.
        """
        services = self._services()
        return carrying.look_at(file, services.store if services else None)

    def deliver_work(self, file: Path) -> DeliveredWork:
        """Deliver somebody's work: this needs no account.

        Raises:
            Problem: ``work_unreadable``, …, and the ways of not getting there.
        """
        return self._carrying.deliver(file)

    def save_work(self, file: Path) -> SavedWork:
        """Save what waits, sealed, for somebody else to deliver.

        Raises:
            Problem: ``nothing_waits``, ``not_prepared``, ``sample_not_carried``, ``disk_full``, ``folder_unusable``.
        """
        store = self._store()
        return carrying.save_work(store, self._server, self.installation(store.account_id), file)

    def take_receipt(self, file: Path) -> TakenReceipt:
        """Write down what became of work that somebody delivered.

        Raises:
            Problem: ``receipt_unreadable``, ``receipt_for_another``.
        """
        return carrying.take_receipt(self._store(), file)

    def sign_out(self) -> Callable[[], None]:
        """End the session here, whether there is a network or not. What waits to be sent stays in the learner's folder
        and is sent when they sign in again. Returns what ends the session on the server too, if that can be reached."""
        with self._lock:
            server, self._server = self._server, ""
            session = read_session(self.home)
            left = self.tokens.leave()
            if session is not None:
                self._secrets.forget(key_name(_user(session.server, session.account_id)))
            forget_session(self.home)

        def tell_the_server() -> None:
            with contextlib.suppress(Problem):
                Api(self._client, left, lambda: self._base_url(server)).ask("DELETE", "/v1/sessions/current")

        return tell_the_server

    # --- inside --------------------------------------------------------------------------------------------------

    def _address(self) -> str:
        if not self._server:
            raise NotSignedInError
        return self._base_url(self._server)

    def _store(self) -> Store:
        services = self._services()
        if services is None:
            raise NotSignedInError
        return services.store

    def _heard(self, server_at: datetime) -> None:
        services = self._services()
        if services is not None:
            services.store.contact.heard(server_at)

    def _neighbours(self, course_id: str) -> list[str]:
        with self._store().read() as connection:
            return soon_wanted(connection, course_id)


def _proxy_secret(secrets: Secrets) -> Callable[[str], str | None]:
    return lambda proxy: secrets.read(f"{PROXY_SECRET} {proxy}")


def _user(server: str, account_id: str) -> str:
    return f"{server} {account_id}"
