"""The admin and the protocol's version 1."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("v1/", include("server.api.urls")),
]
handler400 = "server.api.errors.handler400"
handler403 = "server.api.errors.handler403"
handler404 = "server.api.errors.handler404"
handler500 = "server.api.errors.handler500"
