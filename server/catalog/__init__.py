"""Courses, their immutable versions, and the blobs they are made of."""
