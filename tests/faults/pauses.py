"""Processes that stand still for longer than anybody waits for them, and wake as zombies."""

import asyncio
import signal
import time
from dataclasses import dataclass

from deploy.local import kafka, mongo
from tests.faults.fault import Fault, OfApi, OfWorker
from tests.faults.kills import taken_over
from tests.faults.sharing import until_shared

SESSION_S = 10.0
"""The session time-out of consumers; the relay's lease and every deadline are shorter."""


@dataclass
class Pause(Fault):
    """A process is stopped for a while, and goes on."""

    for_s: float = SESSION_S + 1.0

    async def strike(self) -> None:
        """Stop it."""
        self.site.system.child(self.target).signal(signal.SIGSTOP)
        self._until = time.monotonic() + self.for_s

    async def heal(self) -> None:
        """Let it go on when the time is over."""
        await asyncio.sleep(max(0.0, self._until - time.monotonic()))
        child = self.site.system.child(self.target)
        assert child.exit_code is None, f"{self.target} is gone"
        child.signal(signal.SIGCONT)
        while not await self._answers():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.02)

    async def _answers(self) -> bool:
        return True


@dataclass
class PauseApi(OfApi, Pause):
    """An API process stands still; what it was asked meanwhile, others have been asked since."""

    kind = "SIGSTOP of an API process"


@dataclass
class PauseMongo(Pause):
    """mongod stands still."""

    kind = "SIGSTOP of mongod"

    @property
    def target(self) -> str:
        """The server."""
        return "mongod"

    async def _answers(self) -> bool:
        port = int(self.site.system.mongo.uri.rpartition(":")[2].partition("/")[0])
        return await mongo.takes_writes(port)


@dataclass
class PauseKafka(Pause):
    """Kafka stands still."""

    kind = "SIGSTOP of Kafka"

    @property
    def target(self) -> str:
        """The server."""
        return "kafka"

    async def _answers(self) -> bool:
        return await kafka.answers(self.site.system.kafka.bootstrap)


@dataclass
class PauseWorker(OfWorker, Pause):
    """A worker stands still beside a second one, which takes over, and then wakes."""

    kind = "SIGSTOP of a worker"
    service: str = "networks"

    async def prepare(self) -> None:
        """Have a second one there."""
        self._second = await self.site.system.second_worker(self.service)
        await until_shared(self.site.system, self.service, workers=2)
        await self.site.probes.recovery(time.monotonic(), self.touched)

    async def heal(self) -> None:
        """Let it go on when the time is over, and the other has been given all of its work."""
        await until_shared(self.site.system, self.service, workers=1)
        await super().heal()

    async def clear(self) -> None:
        """Have the second one go."""
        await self._second.stop()

    async def aftermath(self) -> None:
        """The first one takes over what was the second's."""
        await taken_over(self)
