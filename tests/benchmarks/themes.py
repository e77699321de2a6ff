"""Themes as the store and the topics hold them, made in numbers and without their commands.

Each begins with a proposal; after it comes one assessment after the other, as many as wanted.
"""

import asyncio
import secrets
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import islice
from uuid import UUID

from aiokafka import AIOKafkaProducer
from bson.raw_bson import RawBSONDocument
from pymongo import WriteConcern
from uuid_utils import uuid7

from shared.contracts.messages import Message
from shared.contracts.registry import CODEC
from shared.contracts.themes import THEME, ThemeCriterionAssessed, ThemeProposed
from shared.contracts.vocabulary import ActorGroup, Criterion, DemandOrigin, NetworkType, Verdict
from shared.eventstore.commits import Commit, Frame, commit_of, encode
from shared.eventstore.database import Database, prepare
from shared.eventstore.producer import Producer
from shared.eventstore.topics import Topic, topics_of
from shared.kernel.events import Envelope

_WHO = UUID("0190d3c5-5f6e-7cc0-8000-000000000001")
_ON = date(2015, 3, 2)
_AT = datetime(2015, 3, 2, 8, tzinfo=UTC)
_PROPOSED = CODEC.encode(
    ThemeProposed(
        on=_ON,
        proposer_id=_WHO,
        proposal_no=1,
        template_version=1,
        title="Ensomme ældre",
        identified_need="Flere er alene, og ingen afdeling ser det hele.",
        burning_platform="Det stiger, og det koster.",
        network_potential="Det går på tværs af fem afdelinger.",
        previous_attempts="Besøgsvenner",
        hypotheses="Transport",
        demand_origins=(DemandOrigin.BOTTOM_UP,),
        affected_departments=(_WHO,),
        professions=("sygeplejerske",),
        actor_groups=(ActorGroup.CITIZEN,),
        strategic_agenda_ref="Velfærd på ny",
        wished_type=NetworkType.WELFARE,
    )
)
_ASSESSED = tuple(
    CODEC.encode(
        ThemeCriterionAssessed(
            on=_ON, criterion=each, verdict=verdict, rationale="Vurderet på mødet."
        )
    )
    for verdict in Verdict
    for each in Criterion
)
_ENVELOPE = Envelope(
    command="ProposeTheme",
    actor=str(_WHO),
    policy_version="ns3-2013",
    correlation_id=str(_WHO),
)
THEMES_TOPIC = THEME.topic
_FLAG = b"\x08unpublished\x00\x01"
_AT_A_TIME = 2_000


def theme_ids(streams: int) -> list[str]:
    """The ids of new themes, in the order they were made."""
    return [str(uuid7()) for _ in range(streams)]


def theme_commits(ids: list[str], each: int) -> Iterator[Commit]:
    """So many commits of one fact for each theme; first all proposals, then what comes next."""
    for version in range(1, each + 1):
        fact = _PROPOSED if version == 1 else _ASSESSED[(version - 2) % len(_ASSESSED)]
        for theme_id in ids:
            frame = Frame(
                at=_AT,
                envelope=_ENVELOPE,
                command_id=secrets.token_hex(32),
                fingerprint=theme_id,
            )
            yield commit_of(THEME.stream(theme_id), version, [(str(uuid7()), fact)], frame)


def in_cohorts(streams: int, each: int, together: int) -> Iterator[Commit]:
    """So many themes as they come in life: some live and end together, then others."""
    for _ in range(streams // together):
        yield from theme_commits(theme_ids(together), each)


def messages(commits: Iterable[Commit], prefix: str) -> Iterator[Message]:
    """The facts of commits as messages, in the same order."""
    for commit in commits:
        yield from commit.messages(THEME, prefix)


async def store(database: Database, commits: Iterable[Commit], *, published: bool) -> int:
    """Fill an empty store; gives how many. `published` commits are what the relay is done with."""
    await database.drop_collection("commits")
    await prepare(database)
    quickly = database["commits"].with_options(write_concern=WriteConcern(w=1, j=False))
    documents = (encode(each, THEME) for each in commits)
    if published:
        documents = (_without_flag(each) for each in documents)
    stored = 0
    while page := [RawBSONDocument(each) for each in islice(documents, _AT_A_TIME)]:
        await quickly.insert_many(page, ordered=False)
        stored += len(page)
    return stored


def theme_topics(prefix: str) -> tuple[Topic, ...]:
    """The topics of themes."""
    return topics_of(CODEC.kinds.values(), "themes", prefix=prefix)


async def tell(bootstrap: str, messages: Iterator[Message], prefix: str) -> int:
    """Make the topics and fill that of themes; gives how many."""
    await Producer(bootstrap).create(theme_topics(prefix))
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap, acks="all", max_batch_size=131_072, linger_ms=5
    )
    await producer.start()
    told = 0
    try:
        while page := list(islice(messages, _AT_A_TIME)):
            receipts = [
                await producer.send(each.topic, each.value, each.key, headers=list(each.headers))
                for each in page
            ]
            await asyncio.gather(*receipts)
            told += len(page)
    finally:
        await producer.stop()
    return told


def _without_flag(document: bytes) -> bytes:
    """The document as the relay leaves it."""
    kept = document.replace(_FLAG, b"", 1)
    return len(kept).to_bytes(4, "little") + kept[4:]
