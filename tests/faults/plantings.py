"""What should never lie on a topic, planted in streams that nobody else uses.

A stream that cannot be taken is parked by whoever follows it, and all others go on.
"""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal
from uuid import uuid4

import bson
from aiokafka import AIOKafkaProducer

from shared.contracts.messages import Message
from shared.contracts.networks import NetworkClosingAnnounced
from shared.contracts.registry import CODEC
from shared.contracts.themes import ThemeCriterionAssessed, ThemeProposed
from shared.contracts.vocabulary import Criterion, NetworkType, Verdict
from shared.eventstore.commits import Commit, Frame, commit_of, encode
from shared.kernel.events import Event
from tests.faults.checker import Planted
from tests.faults.fault import Fault
from tests.faults.recovery import FOLLOWERS

_NOTICED_S = 180.0
_TODAY = date(2015, 3, 2)
What = Literal["duplicate", "gap", "fork", "poison", "undecodable"]


@dataclass
class Planting(Fault):
    """Something is planted in a stream of its own, and whoever follows the stream parks it."""

    what: What = "duplicate"
    service: str = "themes"

    def __post_init__(self) -> None:
        """All that the service tells goes through the same topic."""
        self.touched = frozenset([self.service])
        self._stream = f"{self.site.probes.kinds[self.service]}-{uuid4()}"

    @property
    def target(self) -> str:
        """The service whose topic it is."""
        return self.service

    @property
    def parked_by(self) -> frozenset[str]:
        """Who is to park the stream."""
        return frozenset(FOLLOWERS[self.service])

    @property
    def planted(self) -> Planted:
        """What the checker is told."""
        return Planted(self._stream, self.what, self.parked_by)

    async def heal(self) -> None:
        """Wait until the stream stands, and note how soon it was seen to."""
        began = time.monotonic()
        for service in self.parked_by:
            while (why := await self._parked(service)) != self.what:
                assert time.monotonic() < began + _NOTICED_S, f"{service}: {self._stream} is {why}"
                await asyncio.sleep(0.02)
        self.evidence["parked_s"] = round(time.monotonic() - began, 2)

    async def _parked(self, service: str) -> str:
        progress = self.site.system.town.database(service)["progress"]
        found = await progress.find_one({"_id": self._stream}) or {}
        return str(found.get("parked", ""))

    async def _store(self, *events: Event, untold: Iterable[int] = ()) -> list[Commit]:
        """Store facts, one in a commit; those in `untold` are marked as told although they are not."""
        commits = []
        for first, event in enumerate(events, start=1):
            frame = Frame(at=datetime.now(UTC))
            commit = commit_of(self._stream, first, [(str(uuid4()), CODEC.encode(event))], frame)
            commits.append(commit)
        kind = CODEC.kind_of(type(events[0]))
        documents = [bson.decode(encode(each, kind)) for each in commits]
        for version in untold:
            del documents[version - 1]["unpublished"]
        await self.site.system.town.database(self.service)["commits"].insert_many(documents)
        return commits

    async def _until_told(self) -> None:
        commits = self.site.system.town.database(self.service)["commits"]
        deadline = time.monotonic() + _NOTICED_S
        while await commits.find_one({"stream": self._stream, "unpublished": True}):
            assert time.monotonic() < deadline, f"{self._stream} is not told"
            await asyncio.sleep(0.02)

    def _messages(self, commits: Iterable[Commit]) -> list[Message]:
        kind = CODEC.kind_of_stream(self._stream)
        assert kind is not None
        prefix = self.site.system.prefix
        return [message for each in commits for message in each.messages(kind, prefix)]

    async def _tell(self, *messages: Message) -> None:
        async with AIOKafkaProducer(bootstrap_servers=self.site.system.kafka.bootstrap) as producer:
            for each in messages:
                await producer.send_and_wait(
                    each.topic, each.value, each.key, headers=list(each.headers)
                )


@dataclass
class Duplicates(Planting):
    """Facts lie on the topic twice, the older ones also after the newer ones."""

    kind = "duplicates on a topic"
    what: What = "duplicate"

    @property
    def parked_by(self) -> frozenset[str]:
        """Nobody minds."""
        return frozenset()

    async def prepare(self) -> None:
        """Have them told once."""
        self._commits = await self._store(_proposed(), _assessed("a"), _assessed("b"))
        await self._until_told()

    async def strike(self) -> None:
        """Tell them again."""
        messages = self._messages(self._commits)
        await self._tell(*messages, messages[-1], messages[0])


@dataclass
class Gap(Planting):
    """A version of a stream never came to the topic."""

    kind = "a gap on a topic"
    what: What = "gap"

    async def strike(self) -> None:
        """Have the relay believe that the second of three has been told."""
        await self._store(_proposed(), _assessed("a"), _assessed("b"), untold=[2])


@dataclass
class Fork(Planting):
    """Another fact lies on the topic in the place of one that was told."""

    kind = "a fork on a topic"
    what: What = "fork"

    async def prepare(self) -> None:
        """Have one told."""
        await self._store(_proposed())
        await self._until_told()

    async def strike(self) -> None:
        """Tell the other."""
        frame = Frame(at=datetime.now(UTC))
        other = commit_of(self._stream, 1, [(str(uuid4()), CODEC.encode(_proposed()))], frame)
        await self._tell(*self._messages([other]))


@dataclass
class Poison(Planting):
    """A fact that a view of the service's own cannot take: the first of its network is missing."""

    kind = "a poison event on a topic"
    what: What = "poison"
    service: str = "networks"

    @property
    def parked_by(self) -> frozenset[str]:
        """The others have no view that minds."""
        return frozenset(["networks"])

    async def strike(self) -> None:
        """Store it, and have it told."""
        await self._store(
            NetworkClosingAnnounced(
                on=_TODAY, planned_close=_TODAY, title="Gift", network_type=NetworkType.WELFARE
            )
        )


@dataclass
class Bytes(Planting):
    """A record that says nothing at all."""

    kind = "undecodable bytes on a topic"
    what: What = "undecodable"

    async def strike(self) -> None:
        """Tell them under a stream's name."""
        kind = CODEC.kind_of_stream(self._stream)
        assert kind is not None
        topic = self.site.system.prefix + kind.topic
        await self._tell(Message(topic, self._stream.encode(), b"\xff\x00{\x80", ()))


def _proposed() -> ThemeProposed:
    return ThemeProposed(
        on=_TODAY,
        proposer_id=uuid4(),
        proposal_no=1,
        template_version=1,
        title=f"Plantet {uuid4()}",
        identified_need="Intet",
        burning_platform="Intet",
        network_potential="Intet",
        demand_origins=(),
    )


def _assessed(rationale: str) -> ThemeCriterionAssessed:
    return ThemeCriterionAssessed(
        on=_TODAY, criterion=Criterion.INNOVATION, verdict=Verdict.MET, rationale=rationale
    )
