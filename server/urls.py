"""The admin, the protocol's version 1, and the page for work that comes by file."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from server.deliveries.page import deliver_page

urlpatterns = [
    path("admin/", admin.site.urls),
    path("v1/", include("server.api.urls")),
    path("deliver", deliver_page),
]
handler400 = "server.api.errors.handler400"
handler403 = "server.api.errors.handler403"
handler404 = "server.api.errors.handler404"
handler500 = "server.api.errors.handler500"
