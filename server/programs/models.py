"""Organizations, their programs, who learns there and who is invited."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


def new_token() -> str:
    """An invitation token that can't be guessed."""
    return secrets.token_urlsafe(24)


class Organization(models.Model):
    """Who pays for a program."""

    name = models.CharField(max_length=200, unique=True)

    def __str__(self) -> str:
        return self.name


class Program(models.Model):
    """A learning program. ``licences`` and ``enrollment_limit`` are unlimited when empty."""

    id = models.SlugField(primary_key=True, max_length=64)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="programs")
    name = models.CharField(max_length=200)
    welcome = models.TextField(blank=True)
    support_email = models.EmailField(blank=True)
    admin_email = models.EmailField(blank=True)
    brand_name = models.CharField(max_length=200, blank=True)
    accent = models.CharField(max_length=7, blank=True, help_text="#rrggbb")
    logo = models.ForeignKey("catalog.Blob", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    licences = models.PositiveIntegerField(null=True, blank=True, help_text="Active members at most; empty: unlimited")
    enrollment_limit = models.PositiveIntegerField(
        null=True, blank=True, help_text="Active courses of one learner at most; empty: unlimited"
    )
    contract_ends_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

    def contract_ended(self, now: datetime | None = None) -> bool:
        """Whether the organization's contract is over."""
        return self.contract_ends_at is not None and self.contract_ends_at <= (now or timezone.now())

    def active_memberships(self) -> models.QuerySet[Membership]:
        """Those that use a licence."""
        return self.memberships.filter(Membership.active_now())


class PackKey(models.Model):
    """A key with which a program signs course packs. ``private`` is encrypted: see ``server.programs.pack_keys``."""

    ACTIVE, RETIRED, REVOKED = "active", "retired", "revoked"

    id = models.CharField(primary_key=True, max_length=32)
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="pack_keys")
    public = models.CharField(max_length=64, help_text="An Ed25519 key, in base64")
    private = models.CharField(max_length=200, blank=True)
    state = models.CharField(
        max_length=10, choices=[(ACTIVE, "active"), (RETIRED, "retired"), (REVOKED, "revoked")], default=ACTIVE
    )
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program"], condition=Q(state="active"), name="one_active_pack_key"),
        ]

    def __str__(self) -> str:
        return f"{self.program_id} {self.id[:8]}… {self.state}"


class Membership(models.Model):
    """A learner's place in a program."""

    ACTIVE = "active"
    ENDED = "ended"

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    state = models.CharField(max_length=10, choices=[(ACTIVE, "active"), (ENDED, "ended")], default=ACTIVE)
    joined_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "user"], name="one_membership_per_program")]

    def __str__(self) -> str:
        return f"{self.user} in {self.program}"

    @classmethod
    def active_now(cls) -> Q:
        """A filter for memberships that hold at this moment."""
        return Q(state=cls.ACTIVE) & (Q(ends_at=None) | Q(ends_at__gt=timezone.now()))

    def is_active(self) -> bool:
        """Whether it holds at this moment."""
        return self.state == self.ACTIVE and (self.ends_at is None or self.ends_at > timezone.now())


class Invitation(models.Model):
    """An invitation of one address into one program; the token travels in a link."""

    token = models.CharField(max_length=64, primary_key=True, default=new_token)
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.email} into {self.program}"

    def state(self) -> str:
        """``open``, ``used``, ``expired`` or ``withdrawn``."""
        if self.used_at is not None:
            return "used"
        if self.withdrawn_at is not None:
            return "withdrawn"
        if self.expires_at is not None and self.expires_at <= timezone.now():
            return "expired"
        return "open"
