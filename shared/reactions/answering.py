"""Letting reactions react to one fact, and sending what they say."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from shared.kernel.codec import Codec, Undecodable
from shared.kernel.events import Recorded
from shared.kernel.facts import Facts
from shared.kernel.positions import Position
from shared.kernel.reactions import Reaction, Send
from shared.kernel.refusals import Refused
from shared.observability.metrics import REACTIONS
from shared.projections.received import Received
from shared.projections.rows import Rows
from shared.reactions.deployments import Deployed
from shared.reactions.sending import Cause, Sender

_VISIBLE_S = 5.0


class Answering:
    """The reactions of one reader, or those that are tried again."""

    def __init__(
        self,
        service: str,
        deployed: Sequence[Deployed],
        codec: Codec,
        rows: Rows,
        sender: Sender,
    ) -> None:
        self._service = service
        self._deployed = deployed
        self._naming = {kind.topic for kind in codec.kinds.values() if kind.audience == "state"}
        self._rows = rows
        self._sender = sender
        self.worked_at = time.monotonic()
        """When a reaction was last done with, by the monotonic clock."""

    async def fact(self, fact: Recorded[Any], record: Received) -> None:
        """React to a fact, which came in the record."""
        for deployed in self._deployed:
            if deployed.concerns(fact):
                await self._react(deployed.reaction, fact, record)
                self.worked_at = time.monotonic()

    async def hold_back(self, fact: Recorded[Any], record: Received, reader: str) -> None:
        """Write down a fact whose predecessor has not come; told again in order it is taken."""
        cause = Cause(
            by="",
            command_id=_gap(reader, fact),
            position=fact.position,
            event_id=fact.id,
            record=self._kept(record),
            reader=reader,
        )
        await self._sender.refused(cause, Refused("gap"))

    async def no_longer_held_back(self, facts: Iterable[Recorded[Any]], reader: str) -> None:
        """Forget that facts were held back, now that they have been taken."""
        await self._sender.taken(_gap(reader, fact) for fact in facts)

    async def undecodable(self, record: Received, problem: Undecodable, reader: str) -> None:
        """Write down a record that says nothing, and pass on."""
        where = f"{record.partition}/{record.offset}"
        cause = Cause(
            by="",
            command_id=f"{reader}/{where}/undecodable",
            position=where,
            record=self._kept(record),
            reader=reader,
        )
        await self._sender.failed(cause, problem)

    async def _react(self, reaction: Reaction, fact: Recorded[Any], record: Received) -> None:
        sends: list[Send] = []

        async def once() -> str:
            if self._rows.follows(fact.stream):
                # What is looked up then has the fact itself in it.
                await self._rows.wait_for(Position(fact.stream, fact.version), _VISIBLE_S)
            facts = Facts(*await self._rows.look_up(reaction.asks(fact)))
            sends[:] = reaction.react(fact, facts)
            return "reacted"

        outcome = await self._sender.attempt(once, self._cause(reaction, fact, "react", record))
        if outcome != "reacted":
            REACTIONS.labels(self._service, reaction.name, outcome).inc()
        for send, place in _placed(sends):
            cause = self._cause(reaction, fact, place, record)
            outcome = await self._sender.send(send, cause)
            REACTIONS.labels(self._service, reaction.name, outcome).inc()

    def _cause(
        self, reaction: Reaction, fact: Recorded[Any], place: str, record: Received
    ) -> Cause:
        return Cause(
            by=reaction.name,
            command_id=f"{fact.id}/{reaction.name}/{place}",
            position=fact.position,
            event_id=fact.id,
            correlation_id=fact.envelope.correlation_id,
            record=self._kept(record),
        )

    def _kept(self, record: Received) -> Received | None:
        """The record, unless its topic names people, who are written down nowhere else."""
        names_people = any(record.partition.topic.endswith(each) for each in self._naming)
        return None if names_people else record


def _gap(reader: str, fact: Recorded[Any]) -> str:
    return f"{reader}/{fact.id}/gap"


def _placed(sends: Iterable[Send]) -> Iterator[tuple[Send, str]]:
    """Each command with its target and its number there, which others in the list do not move."""
    numbers: Counter[str] = Counter()
    for send in sends:
        stream = send.command.aggregate.kind.stream(send.key)
        yield send, f"{stream}/{numbers[stream]}"
        numbers[stream] += 1
