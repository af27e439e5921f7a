"""The back office's pages of programs, memberships and invitations."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from server.backoffice import Page, Rows, ShownOnly
from server.programs.models import Invitation, Membership, Organization, PackKey, Program
from server.programs.pack_keys import replace_key, revoke_key


class ProgramInline(Rows):
    """An organization's programs on its page."""

    model = Program
    extra = 0
    fields = ("id", "name", "licences", "contract_ends_at")
    show_change_link = True


@admin.register(Organization)
class OrganizationAdmin(Page):
    """Organizations."""

    list_display = ("name",)
    search_fields = ("name",)
    inlines = (ProgramInline,)


@admin.register(Program)
class ProgramAdmin(Page):
    """Programs with their licences and contract."""

    list_display = ("name", "organization", "used_licences", "licences", "contract_ends_at", "enrollment_limit")
    list_filter = ("organization",)
    search_fields = ("id", "name")
    raw_id_fields = ("logo",)
    actions = ("replace_pack_keys",)

    @admin.action(description="Sign course packs with a new key from now on", permissions=["change"])
    def replace_pack_keys(self, request: HttpRequest, queryset: QuerySet[Program]) -> None:
        """What the old keys signed stays good."""
        made = [replace_key(program).pk[:8] for program in queryset]
        self.message_user(request, f"New keys: {', '.join(made)}.")

    @admin.display(description="used")
    def used_licences(self, program: Program) -> int:
        """Active members."""
        return program.active_memberships().count()


@admin.register(Membership)
class MembershipAdmin(Page):
    """Who learns where."""

    list_display = ("user", "program", "state", "joined_at", "ends_at")
    list_filter = ("program", "state")
    search_fields = ("user__email", "user__name")
    autocomplete_fields = ("user", "program")
    actions = ("end_memberships",)

    @admin.action(description="End the selected memberships")
    def end_memberships(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        """Their licences become free."""
        ended = queryset.update(state=Membership.ENDED, ends_at=timezone.now())
        self.message_user(request, f"{ended} memberships ended.")


@admin.register(Invitation)
class InvitationAdmin(Page):
    """Invitations; the token is the link's secret."""

    list_display = ("email", "name", "program", "current_state", "created_at", "expires_at", "used_at")
    list_filter = ("program", ("used_at", admin.EmptyFieldListFilter), ("withdrawn_at", admin.EmptyFieldListFilter))
    search_fields = ("email", "name", "token")
    readonly_fields = ("created_at", "used_at", "used_by")
    autocomplete_fields = ("program",)
    actions = ("withdraw",)

    @admin.display(description="state")
    def current_state(self, invitation: Invitation) -> str:
        """As the holder of the link is told."""
        return invitation.state()

    @admin.action(description="Withdraw the selected invitations")
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        """Only open ones."""
        count = queryset.filter(used_at=None, withdrawn_at=None).update(withdrawn_at=timezone.now())
        self.message_user(request, f"{count} invitations withdrawn.")


@admin.register(PackKey)
class PackKeyAdmin(ShownOnly):
    """Keys that sign course packs. Their private halves are not shown."""

    list_display = ("id", "program", "state", "made_at")
    list_filter = ("program", "state")
    search_fields = ("id",)
    fields = ("id", "program", "public", "state", "made_at")
    actions = ("revoke",)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Whoever may change programs."""
        return request.user.has_perm("programs.change_program")

    @admin.action(description="Revoke the selected keys: packs they signed are no longer good", permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[PackKey]) -> None:
        """Learners learn of it with their next sync."""
        keys = list(queryset.exclude(state=PackKey.REVOKED))
        for key in keys:
            revoke_key(key)
        self.message_user(request, f"{len(keys)} keys revoked.")
