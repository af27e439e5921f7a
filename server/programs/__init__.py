"""Organizations, programs, memberships and invitations."""
