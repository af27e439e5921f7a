"""People, their linked addresses, their sessions on devices, and counted tries."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils import timezone

from protocol.ids import new_uuid7


def fold_address(email: str) -> str:
    """The form in which e-mail addresses are stored and compared."""
    return email.strip().lower()


class UserManager(BaseUserManager["User"]):
    """Makes people by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person with a hashed password; without one they can't sign in by password."""
        user = self.model(email=fold_address(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person who may do everything in the admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        """By e-mail address, however it is capitalised."""
        return self.get(email=fold_address(username or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """A person. ``email`` is the main address; further ones are ``LinkedAddress`` rows."""

    id = models.CharField(primary_key=True, max_length=36, default=new_uuid7, editable=False)
    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField("may sign in", default=True)
    is_staff = models.BooleanField("may use this back office", default=False)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Fold the address first, so that the unique constraint means what people mean."""
        self.email = fold_address(self.email)
        super().save(*args, **kwargs)


class LinkedAddress(models.Model):
    """A further address of a person, proven by an invitation that was sent to it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="linked_addresses")
    email = models.EmailField(unique=True)
    linked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "linked addresses"

    def __str__(self) -> str:
        return self.email


class DeviceSession(models.Model):
    """A person signed in on one installation, until signed out or revoked. ``used_at``: when it was first seen that the
    answer to the sign-in had arrived."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="device_sessions")
    device_id = models.CharField(max_length=64)
    device_name = models.CharField(max_length=200, blank=True)
    app_version = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    refreshed_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_because = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return f"{self.user} on {self.device_name or self.device_id}"


class RefreshToken(models.Model):
    """One of the chain of refresh tokens of a session, as SHA-256. ``parent`` is the one that it replaced."""

    session = models.ForeignKey(DeviceSession, on_delete=models.CASCADE, related_name="refresh_tokens")
    token_hash = models.CharField(max_length=64, unique=True)
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="successors")
    created_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"refresh token of {self.session}"


class DeviceUse(models.Model):
    """What is known of an installation of a person: by which key its files of work are signed, and the last two
    secrets (as SHA-256) by which it is told from a copy of itself; see ``devices``."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="device_uses")
    device_id = models.CharField(max_length=64)
    signing_key = models.CharField(max_length=64, blank=True)
    place = models.CharField(max_length=64)
    place_before = models.CharField(max_length=64, blank=True)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "device_id"], name="device_once_per_person")]

    def __str__(self) -> str:
        return f"{self.user} at {self.device_id}"


class TryCount(models.Model):
    """Failed tries of one kind by one address or network address within a window."""

    key = models.CharField(max_length=200, primary_key=True)
    window_starts_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
