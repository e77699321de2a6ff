"""Which reactions are deployed, since when, and through which reader each gets its facts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from shared.eventstore.database import Database
from shared.kernel.events import Recorded
from shared.kernel.reactions import Reaction
from shared.projections.marks import REACTOR

DEPLOYED = "reactions"


@dataclass(frozen=True, slots=True)
class Deployed:
    """A reaction, and when it was first deployed, by the machine's clock."""

    reaction: Reaction
    since: datetime

    def concerns(self, fact: Recorded[Any]) -> bool:
        """Whether it reacts to the fact: to one of its class, that is not history to it."""
        if not isinstance(fact.event, self.reaction.event):
            return False
        return self.reaction.history == "begin" or recorded_at(fact) >= self.since


async def deploy(database: Database, reactions: Iterable[Reaction]) -> dict[str, list[Deployed]]:
    """Note the reactions that are new, and give all of them by the reader they belong to.

    A new one that wants all of history needs a reader that begins at the beginning. Where others
    have read on already, that is one more of them.
    """
    collection = database[DEPLOYED]
    named = {each.name: each for each in reactions}
    known = {each["_id"]: each async for each in collection.find({"_id": {"$in": list(named)}})}
    used = {each["reader"] async for each in collection.find()}
    begins = f"{REACTOR}-{len(used) + 1}" if used else REACTOR
    for name, reaction in named.items():
        if name not in known:
            reader = begins if reaction.history == "begin" else REACTOR
            note = {"since": datetime.now(UTC), "reader": reader}
            await collection.update_one({"_id": name}, {"$setOnInsert": note}, upsert=True)
    readers: dict[str, list[Deployed]] = {}
    async for each in collection.find({"_id": {"$in": list(named)}}).sort("_id"):
        deployed = Deployed(named[each["_id"]], each["since"])
        readers.setdefault(each["reader"], []).append(deployed)
    return readers


def recorded_at(fact: Recorded[Any]) -> datetime:
    """When the fact was recorded by the machine's clock, which its id (a UUIDv7) begins with.

    `fact.at` is the business clock's, which may be moved.
    """
    try:
        event_id = UUID(fact.id)
    except ValueError:
        return fact.at
    if event_id.version != 7:
        return fact.at
    return datetime.fromtimestamp((event_id.int >> 80) / 1000, UTC)
