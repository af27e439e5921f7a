"""Production settings from the environment, and that migrations are what the models say."""

from __future__ import annotations

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from server.settings.databases import database_from_environment, database_from_url
from tests.server_process import ROOT


def test_migrations_are_what_the_models_say(db: None) -> None:
    said = StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=said)
    assert "No changes" in said.getvalue()


def production(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "server.settings.production",
        "SECRET_KEY": "k" * 30 + "0123456789abcdefghijklmnopqrstuvwxyz",
        "ALLOWED_HOSTS": "learn.example.org",
        "MEDIA_FOLDER": str(tmp_path / "media"),
        "DATABASE_URL": "postgresql://user:password@localhost/haversack",
    } | variables
    command = [sys.executable, "-m", "server", "manage", "check", "--deploy", "--fail-level", "INFO"]
    # Elsewhere than in the checkout, so that a home made by mistake is seen
    return subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_production_settings_pass_the_deployment_check(tmp_path: Path) -> None:
    checked = production(tmp_path)
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "MEDIA_FOLDER", "DATABASE_URL"])
def test_what_is_missing_in_the_environment_is_named(tmp_path: Path, name: str) -> None:
    refused = production(tmp_path, **{name: ""})
    assert refused.returncode != 0
    assert name in refused.stderr
    assert "docs/deploy.md" in refused.stderr or name == "DATABASE_URL"


def test_where_the_database_is(monkeypatch: pytest.MonkeyPatch) -> None:
    found = database_from_url("postgresql://us%40er:p%2Fw@db.example.org:5433/name?sslmode=require")
    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("name", "us@er", "p/w")
    assert (found["HOST"], found["PORT"], found["OPTIONS"]) == ("db.example.org", "5433", {"sslmode": "require"})
    assert database_from_url("postgresql:///name?host=/var/run/postgresql")["HOST"] == "/var/run/postgresql"
    assert database_from_url("sqlite:////var/lib/x.sqlite3")["NAME"] == "/var/lib/x.sqlite3"
    for wrong in ("mysql://x/y", "postgresql://host", "nonsense"):
        with pytest.raises(ImproperlyConfigured):
            database_from_url(wrong)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("PGDATABASE", raising=False)
    with pytest.raises(ImproperlyConfigured):
        database_from_environment()
    for name, value in {"PGDATABASE": "d", "PGUSER": "u", "PGHOST": "h", "PGPORT": "1"}.items():
        monkeypatch.setenv(name, value)
    assert database_from_environment()["PORT"] == "1"
