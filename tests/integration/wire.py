"""A wire to a server that can be cut, or swallow the answers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Wire:
    """Passes bytes on in both directions, as long as it is whole."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._open: set[asyncio.StreamWriter] = set()
        self.whole = True
        self.answers = True
        self._last_word = b""
        self.port = 0

    def cut(self) -> None:
        """End all connections and let no new one in."""
        self.whole = False
        for writer in self._open:
            writer.transport.abort()

    def swallow_answers(self, after: bytes = b"") -> None:
        """Let requests through and drop what comes back, from the request with `after` in it."""
        self.answers = bool(after)
        self._last_word = after

    def mend(self) -> None:
        """Be a wire again; connections whose answers were dropped are of no more use."""
        for writer in self._open:
            writer.transport.abort()
        self.whole = self.answers = True
        self._last_word = b""

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        if not self.whole:
            writer.transport.abort()
            return
        there, back = await asyncio.open_connection(*self._target)
        self._open |= {writer, back}
        with suppress(OSError):
            await asyncio.gather(
                self._pass(reader, back, answers=False), self._pass(there, writer, answers=True)
            )
        self._open -= {writer, back}
        for each in (writer, back):
            each.transport.abort()

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, answers: bool
    ) -> None:
        while data := await reader.read(65536):
            if answers and not self.answers:
                continue
            if not answers and self._last_word and self._last_word in data:
                self.answers = False
            writer.write(data)
            await writer.drain()
        writer.close()


@asynccontextmanager
async def wire_to(host: str, port: int) -> AsyncIterator[Wire]:
    """A wire for as long as the block runs."""
    wire = Wire(host, port)
    server = await asyncio.start_server(wire.meet, "127.0.0.1", 0)
    wire.port = server.sockets[0].getsockname()[1]
    try:
        yield wire
    finally:
        server.close()
        wire.cut()
        await server.wait_closed()
