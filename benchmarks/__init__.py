"""Measurements against named peers or limits. None is written yet: docs/coverage.md."""
