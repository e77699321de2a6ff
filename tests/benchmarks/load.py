"""HTTP load, in a process of its own: HTTP/1.1 on kept connections, and nothing else.

The requests are written by hand and the answers only looked at, so that a generator takes a small
part of a core where a client library would be the slowest of all.
"""

import asyncio
import random
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import cast
from urllib.parse import urlsplit

from tests.benchmarks.figures import percentile
from tests.benchmarks.part import Json

_ENDS = b"\r\n\r\n"
_KEPT_NS = 3_000_000_000
"""How long a connection may be idle; servers close it after five seconds."""
_LENGTH = b"\r\ncontent-length: "


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it came; times are those of the clock that all processes share."""

    status: int
    sent_ns: int
    came_ns: int
    body: bytes


class Connection(asyncio.Protocol):
    """One connection with at most one request on its way."""

    def __init__(self, answered: "Taker") -> None:
        self._answered = answered
        self._transport: asyncio.Transport | None = None
        self._sent_ns = 0
        self._came = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is open."""
        self._transport = cast("asyncio.Transport", transport)

    def send(self, request: bytes) -> None:
        """Send a request."""
        assert self._transport is not None
        self._sent_ns = time.monotonic_ns()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Take what came; an answer is whole when its body is as long as it says."""
        came = self._came + data if self._came else data
        ends = came.find(_ENDS)
        if ends < 0:
            self._came = came
            return
        at = came.find(_LENGTH, 0, ends)
        length = int(came[at + len(_LENGTH) : came.find(b"\r\n", at + 2)]) if at > 0 else 0
        body = ends + len(_ENDS)
        if len(came) < body + length:
            self._came = came
            return
        self._came = b""
        status = int(came[9:12])
        now = time.monotonic_ns()
        self._answered(self, Answered(status, self._sent_ns, now, came[body:]))

    def connection_lost(self, problem: Exception | None) -> None:
        """It is closed, by whichever side."""
        self._transport = None

    def close(self) -> None:
        """Close it."""
        if self._transport is not None:
            self._transport.close()


Taker = Callable[[Connection, Answered], None]


async def connected(url: str, answered: Taker) -> Connection:
    """Open a connection to the server of this address."""
    host, _, port = urlsplit(url).netloc.rpartition(":")
    loop = asyncio.get_running_loop()
    _, made = await loop.create_connection(lambda: Connection(answered), host, int(port))
    return made


def requests(
    url: str, method: str, paths: Sequence[str], bodies: Sequence[str], token: str
) -> Iterator[tuple[bytes, bytes]]:
    """Requests without an end, as what stands before and after the key of each.

    All paths come with the first body, then all with the next one, and so on from the beginning.
    """
    host = urlsplit(url).netloc
    written = []
    for content in (each.encode() for each in bodies):
        for path in paths:
            head = f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
            if content:
                head += f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
            written.append((f"{head}Idempotency-Key: ".encode(), _ENDS + content))
    return cycle(written)


@dataclass
class Load:
    """What was sent and what came of it."""

    requests: Iterator[tuple[bytes, bytes]]
    statuses: Counter[int] = field(default_factory=Counter)
    took_ms: list[float] = field(default_factory=list)
    refused: str = ""
    _run: str = field(default_factory=lambda: secrets.token_hex(8))
    _number: int = 0

    def next(self) -> bytes:
        """The next request."""
        before, after = next(self.requests)
        self._number += 1
        return b"%b%b-%d%b" % (before, self._run.encode(), self._number, after)

    def note(self, answered: Answered) -> None:
        """Count an answer."""
        self.statuses[answered.status] += 1
        if answered.status >= 300 and not self.refused:
            self.refused = answered.body[:500].decode(errors="replace")
        self.took_ms.append((answered.came_ns - answered.sent_ns) / 1e6)

    def told(self, seconds: float) -> Json:
        """What came of it, as JSON."""
        if any(status >= 300 for status in self.statuses):
            raise RuntimeError(f"not all was accepted: {self.statuses}: {self.refused}")
        return {
            "count": len(self.took_ms),
            "per_s": len(self.took_ms) / seconds,
            "median_ms": percentile(self.took_ms, 0.5),
            "p99_ms": percentile(self.took_ms, 0.99),
        }


async def closed(
    *,
    url: str,
    paths: list[str],
    bodies: list[str],
    token: str,
    in_flight: int,
    warm_s: float,
    seconds: float,
    method: str = "POST",
) -> Json:
    """Keep so many requests on their way; what is answered while it warms up is not counted."""
    warm = Load(requests(url, method, paths, bodies, token))
    counted = Load(warm.requests)
    now = time.monotonic()
    begins, ends = now + warm_s, now + warm_s + seconds
    done = asyncio.Event()
    open_ = in_flight
    cpu = [0.0, 0.0]

    def answered(connection: Connection, answer: Answered) -> None:
        nonlocal open_
        now = time.monotonic()
        if now >= ends:
            cpu[1] = cpu[1] or time.process_time()
            open_ -= 1
            connection.close()
            if not open_:
                done.set()
            return
        if now >= begins:
            cpu[0] = cpu[0] or time.process_time()
            counted.note(answer)
            connection.send(counted.next())
        else:
            warm.note(answer)
            connection.send(warm.next())

    for _ in range(in_flight):
        connection = await connected(url, answered)
        connection.send(warm.next())
    async with asyncio.timeout(warm_s + seconds + 30):
        await done.wait()
    counted_all = len(warm.took_ms) + len(counted.took_ms)
    used = {"generator_cores": (cpu[1] - cpu[0]) / seconds, "all": counted_all}
    return {**counted.told(seconds), **used}


async def at_a_rate(
    *,
    url: str,
    paths: list[str],
    bodies: list[str],
    token: str,
    per_s: float,
    seconds: float,
    seed: int,
    method: str = "POST",
    keep_answers: bool = False,
) -> Json:
    """Send as independent people would: so many a second on average, whatever is answered.

    With `keep_answers` the answer has `came`: for each path in turn the moment its answer came.
    """
    load = Load(requests(url, method, paths, bodies, token))
    by_chance = random.Random(seed)
    came: list[int] = []
    free: list[tuple[Connection, int]] = []
    underway: dict[Connection, int] = {}

    def answered(connection: Connection, answer: Answered) -> None:
        load.note(answer)
        came[underway.pop(connection)] = answer.came_ns
        free.append((connection, answer.came_ns))

    async def connection() -> Connection:
        while free:
            used_last, since_ns = free.pop()
            if time.monotonic_ns() - since_ns < _KEPT_NS:
                return used_last
            used_last.close()
        return await connected(url, answered)

    used = time.process_time()
    due = began = time.monotonic()
    while due - began < seconds:
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        chosen = await connection()
        underway[chosen] = len(came)
        came.append(0)
        chosen.send(load.next())
        due += by_chance.expovariate(per_s)
    async with asyncio.timeout(30):
        while underway:  # noqa: ASYNC110 - answered above
            await asyncio.sleep(0.01)
    took_s = time.monotonic() - began
    told = {**load.told(took_s), "generator_cores": (time.process_time() - used) / took_s}
    return {**told, "came": came} if keep_answers else told
