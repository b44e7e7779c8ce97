"""A small load client for loopback: keep-alive connections, bounded in count and time, latencies kept."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

TIMEOUT_S = 30.0


@dataclass
class Answer:
    """One response: status, lower-cased headers (the last of a name, but all cookies), body."""

    status: int
    headers: dict[str, str]
    cookies: list[str]
    body: bytes


class Connection:
    """One keep-alive HTTP/1.1 connection to a server on this machine."""

    def __init__(self, port: int) -> None:
        """Remember where to connect; nothing is opened yet."""
        self.port = port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def send(self, request: bytes) -> Answer:
        """Send one whole request and read its whole answer."""
        return await asyncio.wait_for(self._send(request), TIMEOUT_S)

    async def _send(self, request: bytes) -> Answer:
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        assert self.reader is not None
        self.writer.write(request)
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        cookies: list[str] = []
        for line in head[1:]:
            name, _, value = line.partition(":")
            name = name.lower()
            if name == "set-cookie":
                cookies.append(value.strip())
            elif name:
                headers[name] = value.strip()
        body = await self.reader.readexactly(int(headers.get("content-length", "0")))
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(int(head[0].split(" ", 2)[1]), headers, cookies, body)

    def close(self) -> None:
        """Hang up."""
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None


def get(path: str, port: int, cookie: str = "") -> bytes:
    """Return the bytes of a GET."""
    sent = f"Cookie: {cookie}\r\n" if cookie else ""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: gzip\r\n{sent}\r\n".encode()


def post(path: str, port: int, form: str, cookie: str) -> bytes:
    """Return the bytes of a form's POST."""
    body = form.encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n"
        f"Referer: http://127.0.0.1:{port}{path}\r\nOrigin: http://127.0.0.1:{port}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def requests_per_second(port: int, path: str, *, clients: int = 4, seconds: float = 3.0) -> float:
    """Return how many answers (200) a page gives per second to some keep-alive clients."""
    request = get(path, port)
    end = time.perf_counter() + seconds
    done = 0

    async def one() -> None:
        nonlocal done
        connection = Connection(port)
        while time.perf_counter() < end:
            answer = await connection.send(request)
            if answer.status != 200:
                raise RuntimeError(f"{path}: {answer.status}")
            done += 1
        connection.close()

    started = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(clients)))
    return done / (time.perf_counter() - started)


async def spread(jobs: list[Callable[[], Awaitable[None]]], clients: int) -> list[float]:
    """Run the jobs with so many at a time; return the seconds each took."""
    waiting = list(reversed(jobs))
    took: list[float] = []

    async def one() -> None:
        while waiting:
            job = waiting.pop()
            started = time.perf_counter()
            await job()
            took.append(time.perf_counter() - started)

    await asyncio.gather(*(one() for _ in range(clients)))
    return took


def percentile(values: list[float], share: float) -> float:
    """Return the value below which this share (0–1) of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
