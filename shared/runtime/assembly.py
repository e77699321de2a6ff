"""The parts of a service put together, once, for every way of running it."""

import asyncio
from dataclasses import dataclass, field

from shared.contracts.people import PersonListed
from shared.contracts.registry import CODEC, STATES
from shared.contracts.units import OrgUnitListed
from shared.dispatch.dispatch import Dispatcher
from shared.eventstore.database import Client, Database, connect, database_of, prepare, reached
from shared.eventstore.directory import Directory, DirectoryOutbox
from shared.eventstore.outbox import Mailer
from shared.eventstore.producer import Producer
from shared.eventstore.relay import Relay
from shared.eventstore.store import EventStore
from shared.eventstore.topics import topics_of
from shared.http.auth import Issuer, TokenVerifier
from shared.kernel.services import Service
from shared.observability.metrics import COMMITS_PER_BATCH, PUBLISHED
from shared.policy import load_policies
from shared.policy.model import NS3
from shared.projections.projector import Projector, Reading
from shared.projections.rows import Rows
from shared.reactions.reactor import Reactor
from shared.reactions.ticker import Ticker
from shared.runtime.clock import Clock
from shared.runtime.settings import Settings


@dataclass(frozen=True)
class Assembly:
    """Everything one process of a service may need; nothing in it runs yet."""

    service: Service
    settings: Settings
    client: Client
    database: Database
    clock: Clock
    keys: TokenVerifier
    rows: Rows
    dispatcher: Dispatcher
    directory: Directory[PersonListed] | None
    units: Directory[OrgUnitListed] | None
    relay: Relay
    projector: Projector
    reactor: Reactor
    ticker: Ticker
    prepared: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once the indexes are there, without which no command is known to happen once."""

    async def prepare(self) -> None:
        """Make collections and indexes, waiting for MongoDB as long as it is away."""
        await reached(lambda: prepare(self.database))
        for each in (self.directory, self.units):
            if each is not None:
                await reached(each.prepare)
        self.prepared.set()


def assemble(service: Service, settings: Settings) -> Assembly:
    """Put a service together; raises ValueError for a policy file that is wrong."""
    policies = load_policies(settings.policy or NS3)
    clock = Clock(settings.clock_file)
    client = connect(settings.mongo_uri)
    database = database_of(client, service.name, settings.prefix)
    states = [kind for kind in STATES if kind.owner == service.name]
    relay = Relay(
        database,
        Producer(settings.kafka_bootstrap),
        topics_of(CODEC.kinds.values(), service.name, prefix=settings.prefix),
        Mailer(CODEC, settings.prefix),
        beside=[DirectoryOutbox(database, CODEC, settings.prefix, kind=kind) for kind in states],
        told=PUBLISHED.labels(service.name).inc,
    )
    batched = COMMITS_PER_BATCH.labels(service.name).observe
    store = EventStore(database, CODEC, on_stored=relay.wake, batched=batched)
    rows = Rows(service.name, database, service.views, CODEC)
    dispatcher = Dispatcher(service, store, rows, policies, clock.now)
    reading = Reading(
        service.name, settings.kafka_bootstrap, CODEC, settings.prefix, settings.instance
    )
    return Assembly(
        service=service,
        settings=settings,
        client=client,
        database=database,
        clock=clock,
        keys=TokenVerifier(
            Issuer(
                settings.issuer,
                settings.audience,
                settings.jwks,
                settings.roles_claim,
                settings.role_map,
            )
        ),
        rows=rows,
        dispatcher=dispatcher,
        directory=Directory(database, CODEC, clock.now, PersonListed) if states else None,
        units=Directory(database, CODEC, clock.now, OrgUnitListed) if states else None,
        relay=relay,
        projector=Projector(reading, database, service.views, on_progress=rows.moved),
        reactor=Reactor(reading, database, service, dispatcher, rows),
        ticker=Ticker(service, database, dispatcher, rows, clock.now),
    )
