"""What a command is answered: the same the first time and every time after."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.contracts.messages import read_envelope
from shared.eventstore.commits import Commit
from shared.kernel.events import StreamKind, Warned
from shared.kernel.positions import Position


@dataclass(frozen=True, slots=True)
class Happened:
    """A fact that a command led to: its stored name and version, and its fields as JSON."""

    id: str
    name: str
    version: int
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """An accepted command's answer: where its stream stands, and what happened, if anything did.

    `created` tells that the stream began with it; `repeated`, that it had been accepted before.
    """

    key: str
    stream: str
    version: int
    events: tuple[Happened, ...] = ()
    warnings: tuple[Warned, ...] = ()
    created: bool = False
    repeated: bool = False

    @property
    def position(self) -> str:
        """What a query may wait for with `after=`."""
        return str(Position(self.stream, self.version))


def answer_of(commit: Commit, kind: StreamKind, *, repeated: bool) -> Answer:
    """Answer from what was stored, so that a repeat is answered as the first time."""
    return Answer(
        key=kind.key(commit.stream),
        stream=commit.stream,
        version=commit.last,
        events=tuple(Happened(e["id"], e["type"], e["v"], e["data"]) for e in commit.events),
        warnings=read_envelope(commit.envelope).warnings,
        created=commit.first == 1,
        repeated=repeated,
    )
