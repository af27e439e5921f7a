"""A TCP proxy on the loopback interface that spoils connections as networks do. It knows nothing of HTTP but how to
answer with a ready-made page."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType


@dataclass(frozen=True)
class Fault:
    """What happens to one connection. Bytes are counted in what comes back from the server, unless something else is
    said; after 0 bytes means that the server has done what was asked and nothing of its answer arrives.

    Attributes:
        latency_s: before each piece in either direction.
        bytes_per_s: no faster than this; 0 for no limit.
        reset_after: then a reset (RST): what the client has not read yet is lost to it.
        close_after: then an orderly end in the middle (FIN).
        half_close_after: then an orderly end of this direction alone: the connection stays open.
        stall_after: then nothing more, for ever.
        reset_sent_after: a reset at both ends after so many bytes of what is asked.
        corrupt_at: this byte is another one.
        corrupt_body: this one, counted from the end of the answer's head.
        corrupt_sent_body: this one, counted from the end of the request's head.
        flip: in what bits it is another one.
        answer: said in the server's place, as soon as something was asked.
        instead: said in place of the server's own answer, when that comes.
        refuse: a reset before anything.
    """

    latency_s: float = 0.0
    bytes_per_s: int = 0
    reset_after: int | None = None
    close_after: int | None = None
    half_close_after: int | None = None
    stall_after: int | None = None
    reset_sent_after: int | None = None
    corrupt_at: int | None = None
    corrupt_body: int | None = None
    corrupt_sent_body: int | None = None
    flip: int = 0x40
    answer: bytes = b""
    instead: bytes = b""
    refuse: bool = False

    @property
    def corrupts(self) -> bool:
        """Whether it changes a byte."""
        return (self.corrupt_at, self.corrupt_body, self.corrupt_sent_body) != (None, None, None)


GOOD = Fault()


def page(status: str, body: bytes = b"<html>Bad Gateway</html>", kind: str = "text/html") -> bytes:
    """A whole answer as a proxy on the way would give it."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return head.encode() + body


class _Corruption:
    """Changes one byte of what passes, counted from the beginning or from the end of the head, and calls ``happened``
    when it does."""

    def __init__(self, at: int | None, in_body: int | None, flip: int, happened: Callable[[], None]) -> None:
        self._at, self._in_body, self._flip, self._happened = at, in_body, flip, happened
        self._head = b""
        self._passed = 0

    def take(self, part: bytes) -> bytes:
        """What passes on in place of ``part``."""
        if self._at is None and self._in_body is not None:
            self._head += part
            end = self._head.find(b"\r\n\r\n")
            self._at = None if end < 0 else end + 4 + self._in_body
        if self._at is not None and self._passed <= self._at < self._passed + len(part):
            at = self._at - self._passed
            part = part[:at] + bytes([part[at] ^ self._flip]) + part[at + 1 :]
            self._happened()
        self._passed += len(part)
        return part


class FaultProxy:
    """``faults`` are taken by the connections in their order; who comes after them gets ``otherwise``.

    Attributes:
        url: where it listens.
        passed: bytes that came from the server so far.
        spoilt: the first line of what was asked over each connection that met one of ``faults``; empty where nothing
            was read. A byte that was to be changed and never came is not met.
    """

    def __init__(self, port: int) -> None:
        self._there = port
        self.faults: deque[Fault] = deque()
        self.otherwise = GOOD
        self.passed = 0
        self.spoilt: list[str] = []
        self.url = ""
        self._loop = asyncio.new_event_loop()
        self._up = threading.Event()
        self._stop: asyncio.Event
        self._connections: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._run, name="fault-proxy")

    def spoil(self, *faults: Fault) -> None:
        """The next connections get these."""
        self.faults.extend(faults)

    def __enter__(self) -> FaultProxy:
        self._thread.start()
        assert self._up.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._main())
        finally:
            self._loop.close()

    async def _main(self) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._up.set()
        await self._stop.wait()
        server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            await self._serve(reader, writer, self.faults.popleft() if self.faults else self.otherwise)
        except (OSError, asyncio.CancelledError, asyncio.IncompleteReadError):
            pass
        finally:
            self._connections.discard(task)
            with contextlib.suppress(OSError):
                writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, fault: Fault) -> None:
        writer.transport.set_write_buffer_limits(0)
        if fault.refuse:
            self._note(b"")
            _reset(writer)
            return
        if fault.answer:
            self._note(await reader.readuntil(b"\r\n\r\n"))
            writer.write(fault.answer)
            await writer.drain()
            return
        first = await reader.read(16_384)
        there, back = await asyncio.open_connection("127.0.0.1", self._there)
        if fault.reset_sent_after is not None:
            self._note(first)
            back.write(first[: fault.reset_sent_after])
            await back.drain()
            _reset(back)
            _reset(writer)
            return
        sent = _Corruption(None, fault.corrupt_sent_body, fault.flip, lambda: self._note(first))
        came = _Corruption(fault.corrupt_at, fault.corrupt_body, fault.flip, lambda: self._note(first))
        if fault is not self.otherwise and not fault.corrupts:
            self._note(first)
        up = asyncio.ensure_future(_forward(first, reader, back, fault.latency_s, sent))
        try:
            await self._bring(there, writer, fault, came)
        finally:
            up.cancel()
            back.close()

    def _note(self, asked: bytes) -> None:
        self.spoilt.append(asked.partition(b"\r\n")[0].decode(errors="replace"))

    async def _bring(
        self, there: asyncio.StreamReader, writer: asyncio.StreamWriter, fault: Fault, came: _Corruption
    ) -> None:
        ends = [fault.reset_after, fault.close_after, fault.half_close_after, fault.stall_after]
        end = next((found for found in ends if found is not None), None)
        passed = 0
        if end == 0 or fault.instead:
            await there.read(16_384)
            writer.write(fault.instead)
            await writer.drain()
        if fault.instead:
            return
        while end is None or passed < end:
            part = await there.read(16_384 if end is None else min(16_384, end - passed))
            if not part:
                return
            part = came.take(part)
            if fault.latency_s or fault.bytes_per_s:
                await asyncio.sleep(fault.latency_s + (len(part) / fault.bytes_per_s if fault.bytes_per_s else 0))
            writer.write(part)
            await writer.drain()
            passed += len(part)
            self.passed += len(part)
        if fault.reset_after is not None:
            _reset(writer)
        elif fault.half_close_after is not None:
            writer.write_eof()
            await self._stop.wait()
        elif fault.stall_after is not None:
            await self._stop.wait()


async def _forward(
    part: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, latency_s: float, sent: _Corruption
) -> None:
    with contextlib.suppress(OSError):
        while part:
            if latency_s:
                await asyncio.sleep(latency_s)
            writer.write(sent.take(part))
            await writer.drain()
            part = await reader.read(16_384)


def _reset(writer: asyncio.StreamWriter) -> None:
    found = writer.get_extra_info("socket")
    found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
