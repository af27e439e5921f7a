"""What the desktop and the program server say to each other: types, codecs and the pure rules both apply.

Imports nothing of ours. Every type is a frozen ``msgspec.Struct``; unknown fields are ignored and unknown kinds are
plain strings, so that an older side survives a newer one.
"""

PROTOCOL_VERSION = 1
"""Sent by both sides in the ``Haversack-Protocol`` header. A change that an older side cannot survive raises it."""

PROTOCOL_HEADER = "Haversack-Protocol"
CLIENT_HEADER = "Haversack-Client"
DIGEST_HEADER = "Haversack-Digest"
"""Of every JSON body, either way: what ``wire.digest`` makes of it as it was before anything on the way packed it."""
WORK_SUFFIX = ".haversack-work"
RECEIPT_SUFFIX = ".haversack-receipt"
"""How the names of files end in which work is carried, and its receipt."""
SERVER_TIME_HEADER = "Haversack-Time"
"""The server's clock in each answer, RFC 3339 in UTC with milliseconds."""
