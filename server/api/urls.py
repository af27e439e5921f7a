"""Every address of the protocol. A new one needs a row in ``tests/server/test_authorization.py``."""

from __future__ import annotations

from django.urls import path, register_converter

from server.api import account_views, course_views, delivery_views, feed_views
from server.api.requests import endpoint


class Sha256Converter:
    """64 lower-case hexadecimal digits."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


register_converter(Sha256Converter, "sha256")

urlpatterns = [
    path("server", endpoint(get=account_views.show_server)),
    path("invitations/<str:token>", endpoint(get=account_views.show_invitation)),
    path("invitations/<str:token>/accept", endpoint(post=account_views.accept_invitation)),
    path("accounts", endpoint(post=account_views.create_account)),
    path("sessions", endpoint(post=account_views.sign_in)),
    path("sessions/refresh", endpoint(post=account_views.refresh)),
    path("sessions/current", endpoint(delete=account_views.sign_out)),
    path("me", endpoint(get=account_views.show_me)),
    path("feeds/<str:feed>", endpoint(get=feed_views.show_feed)),
    path("actions", endpoint(post=feed_views.send_actions)),
    path("devices/current", endpoint(post=delivery_views.check_in_current)),
    path("deliveries", endpoint(post=delivery_views.take_delivery)),
    path("courses/<str:course_id>/description", endpoint(get=course_views.show_description)),
    path("courses/<str:course_id>/addresses", endpoint(post=course_views.sign_addresses)),
    path("courses/<str:course_id>/packs", endpoint(post=course_views.send_pack)),
    path("manifests/<sha256:version>", endpoint(get=course_views.show_manifest)),
    path("blobs/<sha256:sha256>", endpoint(get=course_views.show_blob)),
    path("programs/<str:program_id>/logo", endpoint(get=course_views.show_logo)),
]
