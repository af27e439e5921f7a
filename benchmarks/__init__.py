"""Measurements against named peers or limits, printed as ratios of one and the same run. Never part of the tests."""
