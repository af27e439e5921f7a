"""The back office's view of what was loaded from where."""

from __future__ import annotations

from django.contrib import admin

from server.authoring.models import LoadedFolder
from server.backoffice import ShownOnly


@admin.register(LoadedFolder)
class LoadedFolderAdmin(ShownOnly):
    """Folders of programs, as they were at the last load."""

    list_display = ("path", "program", "loaded_at")
    list_filter = ("program",)
