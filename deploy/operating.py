"""What an operator does to running services, through their stores: look, compare, refill, mend."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiokafka.errors import KafkaError
from pymongo.errors import PyMongoError

from deploy.local.description import DEFAULT_FOLDER, running_stack
from deploy.services import SERVICES
from services.training.domain.policy_set import publications
from shared.contracts.registry import CODEC
from shared.dispatch.dispatch import Dispatcher
from shared.eventstore.database import Database, connect, database_of
from shared.eventstore.relay import Backlog, backlog
from shared.eventstore.store import EventStore
from shared.kernel.permissions import system
from shared.kernel.services import Service
from shared.policy import load_policies
from shared.policy.model import NS3, Policies
from shared.projections.parking import Parking
from shared.projections.rebuild import Rebuilt, rebuild
from shared.projections.rows import Rows
from shared.projections.standing import Standings, known
from shared.projections.tables import Tables
from shared.reactions.refused import RefusedReactions
from shared.runtime.clock import Clock

OUT_OF_REACH: tuple[type[Exception], ...] = (PyMongoError, KafkaError, TimeoutError)
"""What the drivers raise when a server is away."""


class NoStack(Exception):
    """Nobody has said which servers to look at."""


@dataclass(frozen=True)
class Servers:
    """Where the services keep their data, and the file that moves their clock, if one does."""

    mongo_uri: str
    kafka_bootstrap: str
    prefix: str
    clock_file: Path | None = None


def servers() -> Servers:
    """The servers named in the environment, else those of the local stack that runs here.

    Raises NoStack when there are neither.
    """
    uri, bootstrap = (
        os.environ.get(f"NETVAERK_{name}") for name in ("MONGO_URI", "KAFKA_BOOTSTRAP")
    )
    if uri and bootstrap:
        return Servers(uri, bootstrap, os.environ.get("NETVAERK_PREFIX", ""))
    stack = running_stack(DEFAULT_FOLDER)
    if stack is None:
        raise NoStack(
            "No local stack is running (make up), and NETVAERK_MONGO_URI and "
            "NETVAERK_KAFKA_BOOTSTRAP name no servers."
        )
    return Servers(
        stack.mongo_uri, stack.kafka_bootstrap, stack.prefix, stack.folder / "clock.json"
    )


@dataclass(frozen=True)
class Operated:
    """One service as its operator meets it."""

    service: Service
    database: Database
    servers: Servers

    @property
    def parking(self) -> Parking:
        """Its parked streams."""
        return Parking.of(self.database, self.service.views, CODEC)

    @property
    def rows(self) -> Rows:
        """Its views."""
        return Rows(self.service.name, self.database, self.service.views, CODEC)

    @property
    def standings(self) -> Standings:
        """The collections of its views."""
        return Standings(self.database, self.service.views)

    async def rebuild(self, view: str) -> Rebuilt:
        """Build a view anew beside the one that serves; raises Impossible."""
        tables = Tables(self.database, self.service.views)
        chosen = tables.views[known(view, tables)]
        bootstrap, prefix = self.servers.kafka_bootstrap, self.servers.prefix
        return await rebuild([chosen], tables, bootstrap, CODEC, prefix)

    async def backlog(self) -> Backlog:
        """What its relay has still to tell."""
        return await backlog(self.database)

    @property
    def refused(self) -> RefusedReactions:
        """What was refused to its reactions and deadlines."""
        return RefusedReactions(self.service, self.database, CODEC, self.dispatcher(), self.rows)

    def dispatcher(self, policies: Policies | None = None) -> Dispatcher:
        """The way of its commands, on the clock of its servers."""
        store = EventStore(self.database, CODEC)
        rules = policies or load_policies(NS3)
        return Dispatcher(self.service, store, self.rows, rules, Clock(self.servers.clock_file).now)


@asynccontextmanager
async def operating(*names: str) -> AsyncIterator[list[Operated]]:
    """Reach the stores of the named services, or of all."""
    where = servers()
    client = connect(where.mongo_uri)
    try:
        yield [
            Operated(service, database_of(client, service.name, where.prefix), where)
            for service in SERVICES
            if not names or service.name in names
        ]
    finally:
        client.close()


async def publish_policies(file: Path | None) -> int:
    """Tell every rule set of the policy file that is not told yet; gives how many were."""
    policies = load_policies(file or NS3)
    told = 0
    async with operating("training") as (training,):
        dispatcher = training.dispatcher(policies)
        for send in publications(policies):
            answer = await dispatcher.send(send.command, send.key, actor=system("policy_publish"))
            told += len(answer.events)
    return told
