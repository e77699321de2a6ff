"""What was asked for and what was answered: one line of JSON for each, appended as it happens."""

import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

Json = dict[str, Any]
What = Literal["sent", "answered", "repeated"]


@dataclass(frozen=True)
class Principal:
    """Somebody with a token."""

    person: UUID
    token: str


@dataclass(frozen=True)
class Request:
    """A command on its way to a service, under one key however often it is sent."""

    service: str
    method: str
    path: str
    body: Json
    who: Principal
    key: str


@dataclass(frozen=True)
class Reply:
    """A definite answer."""

    status: int
    body: Json
    replayed: bool = False

    @property
    def accepted(self) -> bool:
        """Whether the command was acknowledged."""
        return self.status in (200, 201)

    def says_the_same_as(self, first: "Reply") -> bool:
        """Whether this may be the answer to a repeat of what was answered first."""
        return (self.status, self.body) == (first.status, first.body)


class Ledger:
    """An append-only file that several processes may write, each line in one piece."""

    def __init__(self, path: Path, by: str) -> None:
        """Open the file; `by` names this process in its lines."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        self._by = by
        self._seq = 0

    def sent(self, request: Request) -> None:
        """Write down a command before it is sent for the first time."""
        self._write("sent", request, {})

    def answered(self, request: Request, reply: Reply, *, again: bool = False) -> None:
        """Write down an answer: the first, or one to a repeat of what was answered before."""
        told = {"status": reply.status, "answer": reply.body, "replayed": reply.replayed}
        self._write("repeated" if again else "answered", request, told)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def _write(self, what: What, request: Request, told: Json) -> None:
        self._seq += 1
        line = {
            "seq": self._seq,
            "by": self._by,
            "what": what,
            "key": request.key,
            "service": request.service,
            "method": request.method,
            "path": request.path,
            "body": request.body,
            "principal": str(request.who.person),
            "at": time.time(),
            **told,
        }
        os.write(self._file, json.dumps(line, ensure_ascii=False).encode() + b"\n")
