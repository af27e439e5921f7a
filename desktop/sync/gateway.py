"""The network as pages ask for it. Thread-safe; every failure is a ``Problem``."""

from __future__ import annotations

from collections.abc import Callable

from desktop.clock import Clock
from desktop.config import Config
from desktop.models.store import Store
from desktop.models.views import InvitationView, LearnerView
from desktop.sync.secrets import Secrets
from protocol.accounts import Device, ServerInfo


class Gateway:
    """See the module. Called in the network's lane.

    ``base_url`` gives the current address of the sample program's own server (the server named ``sample``).
    """

    def __init__(
        self, config: Config, clock: Clock, device: Device, secrets: Secrets, base_url: Callable[[], str]
    ) -> None:
        self._config = config
        self._clock = clock
        self._device = device
        self._secrets = secrets
        self._base_url = base_url

    def attach(self, store: Store | None) -> None:
        """The store of the learner who signed in, for what is fetched into it."""
        raise NotImplementedError

    def server_info(self, address: str) -> ServerInfo:
        """What a server says of itself."""
        raise NotImplementedError

    def read_invitation(self, link: str) -> InvitationView:
        """The invitation behind a link: ``haversack://join?server=URL&invitation=TOKEN``, ``https://…/join/TOKEN`` or
        ``sample``."""
        raise NotImplementedError

    def join_new(self, invitation: InvitationView, name: str, password: str) -> LearnerView:
        """Make the account and sign in."""
        raise NotImplementedError

    def sign_in(self, server: str, email: str, password: str, invitation_token: str = "") -> LearnerView:
        """Sign in; with a token also join its program."""
        raise NotImplementedError

    def accept_invitation(self, token: str) -> LearnerView:
        """Join a program with the account that is signed in."""
        raise NotImplementedError

    def fetch_description(self, course_id: str) -> None:
        """Bring a course's description into the store."""
        raise NotImplementedError

    def fetch_item(self, item_id: str) -> None:
        """Bring everything of an item but the video onto this computer."""
        raise NotImplementedError

    def stream_address(self, item_id: str) -> str:
        """An absolute, signed, short-lived address of an item's video."""
        raise NotImplementedError

    def sign_out(self) -> None:
        """End the session here and on the server. What waits to be sent stays in the learner's folder."""
        raise NotImplementedError
