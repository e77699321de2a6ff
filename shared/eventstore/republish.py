"""Refilling a lost topic from the store, in the order of each stream.

The wish stands in the relay's lease, with the place reached; the relay itself fulfils it before
it tells anything new, so that no new fact overtakes an old one, and a successor goes on where the
relay before it died.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from pymongo.read_concern import ReadConcern

from shared.contracts.registry import STATES
from shared.eventstore.database import Database
from shared.eventstore.outbox import Mailer, Page, page_of

RELAY = "relay"


@dataclass(frozen=True, slots=True)
class Refill:
    """A wish to tell everything again: `after` is the last commit told, `anew` empties first."""

    id: str
    after: str
    anew: bool

    @classmethod
    def wanted(cls, lease: dict[str, Any]) -> "Refill | None":
        """Read the wish out of the relay's lease."""
        wish = lease.get("refill")
        return cls(wish["id"], wish["after"], wish["anew"]) if wish else None


async def republish(database: Database, *, anew: bool = False) -> str:
    """Have the relay tell everything from the beginning; the wish's id is given back.

    Readers drop what they know. With `anew` the topics are deleted and made again first, so that
    readers who begin there find no later fact before an earlier one.
    """
    wish = Refill(str(uuid4()), "", anew)
    if not anew:
        await _tell_states_again(database)
    await database["leases"].update_one(
        {"_id": RELAY},
        {"$set": {"refill": {"id": wish.id, "after": wish.after, "anew": wish.anew}}},
        upsert=True,
    )
    return wish.id


async def _tell_states_again(database: Database) -> None:
    for kind in STATES:
        await database[kind.name].update_many({}, {"$set": {"unpublished": True}})


async def republishing(database: Database) -> Refill | None:
    """The wish that is not yet fulfilled, and how far it is; None when there is none."""
    lease = await database["leases"].find_one({"_id": RELAY})
    return Refill.wanted(lease or {})


class RefillOutbox:
    """All commits after the place reached, as if none had been published."""

    def __init__(self, database: Database, mailer: Mailer, wish: Refill) -> None:
        self._mailer = mailer
        self._wish = wish
        self._after = wish.after
        self._database = database
        self._leases = database["leases"]
        commits = database["commits"]
        self._snapshot = commits.with_options(read_concern=ReadConcern("snapshot"))
        self._commits = commits

    async def untold(self, after: str, skip: Collection[str]) -> Page:
        """Find the next commits, published or not."""
        found = self._snapshot.find({"_id": {"$gt": max(after, self._after)}})
        return await page_of(found, skip, self._mailer)

    async def mark(self, ids: Sequence[str]) -> None:
        """Remember the place, and clear the flags of those that had not been published yet."""
        self._after = max(self._after, ids[-1])  # what was stored meanwhile may lie before
        await self._commits.update_many(
            {"_id": {"$in": list(ids)}, "unpublished": True}, {"$unset": {"unpublished": ""}}
        )
        await self._leases.update_one(
            self._mine(), {"$set": {"refill.after": self._after, "refill.anew": False}}
        )

    async def begin_anew(self, epoch: int) -> bool:
        """Say that the holder of this epoch deletes the topics; tells whether it is the holder."""
        mine = {**self._mine(), "epoch": epoch, "refill.anew": True}
        said = await self._leases.update_one(mine, {"$set": {"refill.deleter": epoch}})
        return said.matched_count == 1

    async def begun_anew(self, epoch: int) -> bool:
        """Remember that the topics are empty and new; tells whether nobody did so meanwhile."""
        # Not when it was wished for: until the topics were deleted, states were told on the old ones.
        await _tell_states_again(self._database)
        mine = {**self._mine(), "refill.anew": True, "refill.deleter": epoch}
        said = await self._leases.update_one(mine, {"$set": {"refill.anew": False}})
        return said.matched_count == 1

    async def done(self) -> None:
        """Take the wish away, unless it has been made once more."""
        await self._leases.update_one(self._mine(), {"$unset": {"refill": ""}})

    def _mine(self) -> dict[str, Any]:
        return {"_id": RELAY, "refill.id": self._wish.id}
