"""The real program server as a later version of it may be: more fields everywhere, kinds that nobody here knows."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from datetime import UTC, datetime
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from protocol import DIGEST_HEADER
from protocol.wire import digest
from tests.contract.test_golden import with_newer_fields
from tests.server_process import ServerProcess

KIND = "hologram"
MADE_ANEW = {"content-length", "transfer-encoding", "connection", "haversack-protocol", DIGEST_HEADER.lower()}
"""Headers that are not passed on as they came."""
BADGE = {"kind": "badge", "id": "b1", "body": {"shiny": True}}


def publish_newer_manifest(home: Path, course_id: str) -> str:
    """A version with an item of an unknown kind, while the server is down. Returns the version."""
    with sqlite3.connect(home / "server.sqlite3") as database:
        row = database.execute(
            "SELECT v.manifest FROM catalog_courseversion v JOIN catalog_course c ON c.version_id = v.sha256"
            " WHERE c.id = ?",
            (course_id,),
        ).fetchone()
        manifest = json.loads(row[0])
        items = manifest["weeks"][0]["modules"][0]["lessons"][0]["items"]
        items.insert(
            1, {"id": f"{course_id}/{KIND}", "kind": KIND, "title": "Walk around it", "minutes": 3, KIND: {"x": 1}}
        )
        data = json.dumps(with_newer_fields(manifest)).encode()
        version = hashlib.sha256(data).hexdigest()
        now = datetime.now(UTC).replace(tzinfo=None).isoformat(" ")
        database.execute(
            "INSERT INTO catalog_courseversion (sha256, course_id, manifest, created_at) VALUES (?, ?, ?, ?)",
            (version, course_id, data, now),
        )
        database.execute("UPDATE catalog_course SET version_id = ? WHERE id = ?", (version, course_id))
    database.close()
    return version


class _Handler(BaseHTTPRequestHandler):
    server: _Proxy

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        behind = HTTPConnection("127.0.0.1", self.server.behind, timeout=30)
        try:
            headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            behind.request(self.command, self.path, body, headers)
            answer = behind.getresponse()
            content = answer.read()
            if answer.getheader("Content-Type") == "application/json" and not self._is_named_by_its_hash():
                content = json.dumps(self._newer(json.loads(content))).encode()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in MADE_ANEW:
                    self.send_header(name, value)
            self.send_header("Haversack-Protocol", "2")
            if answer.getheader(DIGEST_HEADER):
                self.send_header(DIGEST_HEADER, digest(content))
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        finally:
            behind.close()

    def _is_named_by_its_hash(self) -> bool:
        return self.path.startswith(("/v1/manifests/", "/v1/blobs/"))

    def _newer(self, value: Any) -> Any:
        if self.path.startswith("/v1/feeds/learner") and value.get("changes"):
            value["changes"].append({**BADGE, "revision": value["changes"][-1]["revision"]})
        for change in value.get("changes", []) if isinstance(value, dict) else []:
            if isinstance(change.get("body"), dict):
                change["body"] = with_newer_fields(change["body"])
        return with_newer_fields(value)

    do_GET = do_POST = do_DELETE = _pass_on  # noqa: N815 (the library's names)

    def log_message(self, *_: object) -> None:
        """Nothing."""


class _Proxy(ThreadingHTTPServer):
    behind = 0


class NewerServer:
    """Stands before the real one. Usable as a context manager; ``url`` and ``invitations`` are as a server's."""

    def __init__(self, server: ServerProcess) -> None:
        self._proxy = _Proxy(("127.0.0.1", 0), _Handler)
        self._proxy.behind = server.port
        self._thread = threading.Thread(target=self._proxy.serve_forever, args=(0.02,), name="newer")
        self.url = f"http://127.0.0.1:{self._proxy.server_port}"
        self.invitations = server.invitations

    def __enter__(self) -> NewerServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._proxy.shutdown()
        self._thread.join()
        self._proxy.server_close()
