"""What each figure is held against: the bare parts, used as well as one can.

Of ours they have what has to be alike: the words of the vocabulary, the messages themselves, and
the settings of the producer (`shared/eventstore/producer.py`).
"""

import asyncio
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

import uvicorn
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from fastapi import FastAPI
from motor.motor_asyncio import AsyncIOMotorClient
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import from_json
from pymongo import ReplaceOne, UpdateOne, WriteConcern
from pymongo.read_concern import ReadConcern
from uuid_utils.compat import uuid7

from shared.contracts.vocabulary import ActorGroup, DemandOrigin, Name, NetworkType, Text, Title
from tests.benchmarks.part import Json
from tests.benchmarks.themes import messages, theme_commits, theme_ids
from tests.benchmarks.watched import Stopwatch

# --- a command: an endpoint that validates a body and stores it ---------------------------------


class Proposal(BaseModel):
    """The body of ProposeTheme."""

    model_config = ConfigDict(extra="forbid")

    on: date | None = None
    on_behalf_of: UUID | None = None
    template_version: int
    title: Title
    identified_need: Text
    burning_platform: Text
    network_potential: Text
    previous_attempts: Text | None = None
    hypotheses: Text | None = None
    demand_origins: frozenset[DemandOrigin] = frozenset()
    affected_departments: Annotated[frozenset[UUID], Field(max_length=100)] = frozenset()
    professions: Annotated[frozenset[Name], Field(max_length=100)] = frozenset()
    actor_groups: frozenset[ActorGroup] = frozenset()
    strategic_agenda_ref: Title | None = None
    wished_type: NetworkType | None = None
    inquiry_id: UUID | None = None
    case_reference: Title | None = None
    kle: Title | None = None


class Proposed(BaseModel):
    """The answer."""

    id: UUID


async def endpoint(*, mongo_uri: str, database: str, port: int) -> Json:
    """Serve it until this process is ended."""
    client: AsyncIOMotorClient[Json] = AsyncIOMotorClient(mongo_uri, w="majority", journal=True)
    proposals = client[database]["proposals"]
    app = FastAPI()

    @app.post("/themes", status_code=201)
    async def propose(proposal: Proposal) -> Proposed:
        made = uuid7()
        await proposals.insert_one(
            {"_id": str(made), "at": datetime.now(UTC), **proposal.model_dump(mode="json")}
        )
        return Proposed(id=made)

    config = uvicorn.Config(
        app, port=port, loop="uvloop", http="httptools", log_config=None, access_log=False
    )
    await uvicorn.Server(config).serve()
    return {}


# --- the relay: a producer that is only given messages ------------------------------------------


async def send_alone(*, bootstrap: str, prefix: str, count: int) -> Json:
    """Send messages that are there already, and wait until the broker has them all."""
    made = list(messages(theme_commits(theme_ids(count), 1), prefix))
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap,
        enable_idempotence=True,
        acks="all",
        linger_ms=0,
        max_batch_size=131_072,
        max_request_size=1_000_000,
        request_timeout_ms=5000,
    )
    await producer.start()
    try:
        await producer.partitions_for(made[0].topic)
        began = Stopwatch()
        receipts: list[asyncio.Future[Any]] = []
        for each in made:
            receipts.append(  # noqa: PERF401 - one after the other, in order
                await producer.send(each.topic, each.value, each.key, headers=list(each.headers))
            )
        await asyncio.gather(*receipts)
        taken = began.over(count)
    finally:
        await producer.stop()
    return {**taken, "bytes": sum(len(each.value or b"") for each in made) / count}


# --- the projector: a loop that knows its one read model ----------------------------------------


async def project_by_hand(
    *,
    mongo_uri: str,
    bootstrap: str,
    database: str,
    topic: str,
    indexes: list[str],
    batch: int,
    events: int,
    rows: int,
) -> Json:
    """Consume, decode, put together what belongs to a row, and store rows and offsets at once."""
    client: AsyncIOMotorClient[Json] = AsyncIOMotorClient(mongo_uri, w=1, journal=False)
    view = client[database]["theme_board"]
    offsets = client[database]["offsets"]
    partitions = [TopicPartition(topic, number) for number in range(6)]
    for each in indexes:
        await view.create_index([(each, 1), ("_id", 1)])
    await offsets.bulk_write(
        [ReplaceOne({"_id": each.partition}, {"offset": 0}, upsert=True) for each in partitions]
    )
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        enable_auto_commit=False,
        auto_offset_reset="none",
        max_partition_fetch_bytes=2_000_000,
    )
    await consumer.start()
    consumer.assign(partitions)
    for each in partitions:
        consumer.seek(each, 0)
    taken = first = 0
    began = Stopwatch()
    async with await client.start_session() as session:
        while taken < events:
            found = await consumer.getmany(timeout_ms=500, max_records=batch)
            if not found:
                continue
            changes: dict[str, Json] = {}
            for records in found.values():
                for record in records:
                    _change(changes, from_json(record.value))
            moves = [
                UpdateOne(
                    {"_id": each.partition, "offset": records[0].offset},
                    {"$set": {"offset": records[-1].offset + 1}},
                )
                for each, records in found.items()
            ]
            writes = [
                UpdateOne({"_id": key}, {"$set": fields}, upsert=True)
                for key, fields in changes.items()
            ]
            async with session.start_transaction(ReadConcern("local"), WriteConcern(w=1, j=False)):
                moved = await offsets.bulk_write(moves, ordered=False, session=session)
                if moved.matched_count != len(moves):
                    raise RuntimeError("another process was faster")
                await view.bulk_write(writes, ordered=False, session=session)
            taken += sum(map(len, found.values()))
            if not first:
                first, began = taken, Stopwatch()
        told = began.over(events - first)
    await consumer.stop()
    made = await view.count_documents({})
    client.close()
    if made != rows:
        raise RuntimeError(f"{made} rows and not {rows}")
    return told


_DESCRIBED = (
    "proposer_id",
    "proposal_no",
    "title",
    "identified_need",
    "burning_platform",
    "network_potential",
    "previous_attempts",
    "hypotheses",
    "demand_origins",
    "affected_departments",
    "professions",
    "actor_groups",
    "strategic_agenda_ref",
    "wished_type",
)


def _change(changes: dict[str, Json], event: Json) -> None:
    """Put one fact's fields to those that its row is to have."""
    key = event["subject"].removeprefix("theme-")
    fields = changes.setdefault(key, {})
    data = event["data"]
    if event["type"].endswith("ThemeProposed.v2"):
        fields["theme_id"] = key
        fields["proposed_on"] = data["on"]
        fields["state"] = "proposed"
        for name in _DESCRIBED:
            fields[name] = data.get(name)
    elif event["type"].endswith("ThemeCriterionAssessed.v1"):
        criterion = data["criterion"]
        fields[f"criteria.{criterion}"] = data["verdict"]
        fields[f"rationales.{criterion}"] = data["rationale"]
        fields["state"] = "under_qualification"
        if criterion == "current_and_wanted":
            fields["demand_top"] = data.get("demand_top")
            fields["demand_bottom"] = data.get("demand_bottom")
        elif criterion == "innovation":
            fields["economic_potential"] = data.get("economic_potential")
            fields["economic_amount_ore"] = data.get("economic_amount_ore")
