"""Loading program folders (docs/authoring.md)."""
