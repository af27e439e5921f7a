"""The back office's view of deliveries, to answer *has my file arrived?*"""

from __future__ import annotations

from django.contrib import admin

from server.backoffice import ShownOnly
from server.deliveries.models import Delivery


@admin.register(Delivery)
class DeliveryAdmin(ShownOnly):
    """What came by file."""

    list_display = ("reference", "user", "made_at", "first_at", "last_at", "times", "actions", "refused")
    search_fields = ("reference", "user__email", "user__name")
    date_hierarchy = "first_at"
