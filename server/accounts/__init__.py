"""People, their sessions on devices, and how often somebody may try."""
