"""Ordered changes that clients follow."""
