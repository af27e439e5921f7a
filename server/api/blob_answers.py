"""Sending a blob: whole or a range (RFC 9110, 14), streamed, or handed to nginx."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase

from server.catalog.blobs import CHUNK, blob_path
from server.catalog.models import Blob
from server.refusals import not_found
from server.rsgi import FileRange

_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)


def send_blob(request: HttpRequest, blob: Blob, *, ourselves: bool = False) -> HttpResponseBase:
    """An answer with the blob's bytes. ``ourselves``: nginx, which drops our headers, is not asked to send it.

    A range is honoured when it is a single one and ``If-Range`` names this blob; several ranges or an unknown unit
    get the whole, as the standard allows.

    Raises:
        RefusedError: not_found, when the file is not in the media folder.
    """
    path = blob_path(blob.sha256)
    if not path.is_file():
        raise not_found()
    etag = f'"{blob.sha256}"'
    if etag in _tags(request.headers.get("If-None-Match", "")):
        response: HttpResponseBase = HttpResponseNotModified()
    elif settings.BLOB_ACCEL_PREFIX and not ourselves:
        response = HttpResponse(content_type=blob.media_type)
        response["X-Accel-Redirect"] = f"{settings.BLOB_ACCEL_PREFIX.rstrip('/')}/{blob.sha256[:2]}/{blob.sha256}"
    else:
        response = _from_file(request, blob, path, etag)
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    # Whatever the blob is, a browser that is shown its address must not run it
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


def _tags(header: str) -> set[str]:
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}


def _wanted_range(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """First byte and the one after the last; None for the whole; an empty one can't be satisfied."""
    found = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if found is None or request.headers.get("If-Range", etag).strip() != etag:
        return None
    first, last = (int(digits[:18]) if digits else None for digits in found.groups())
    if first is None:
        return None if last is None else (max(0, size - last), size)
    if last is None:
        return first, size
    return None if last < first else (first, min(last + 1, size))


def _from_file(request: HttpRequest, blob: Blob, path: Path, etag: str) -> HttpResponseBase:
    wanted = _wanted_range(request, blob.size, etag)
    if wanted is None:
        return _streamed(request, blob, path, 0, blob.size, 200)
    if wanted[0] >= wanted[1]:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{blob.size}"
        return response
    return _streamed(request, blob, path, *wanted, 206)


def _streamed(request: HttpRequest, blob: Blob, path: Path, start: int, end: int, status: int) -> HttpResponseBase:
    response: HttpResponseBase
    if request.method == "HEAD":
        response = HttpResponse(status=status, content_type=blob.media_type)
    else:
        response = FileRangeResponse(path, start, end, status, blob.media_type)
    response["Content-Length"] = str(end - start)
    if status == 206:
        response["Content-Range"] = f"bytes {start}-{end - 1}/{blob.size}"
    return response


class FileRangeResponse(StreamingHttpResponse):
    """Part of a file. Granian sends ``file_range`` by itself; any other server iterates."""

    def __init__(self, path: Path, start: int, end: int, status: int, media_type: str) -> None:
        super().__init__(_chunks(path, start, end), status=status, content_type=media_type)
        self.file_range = FileRange(str(path), start, end)


def _chunks(path: Path, start: int, end: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        while start < end and (chunk := file.read(min(CHUNK, end - start))):
            start += len(chunk)
            yield chunk
