"""The right to be the one relay of a service: a document that runs out by the server's clock."""

import asyncio
import time
from typing import Any
from uuid import uuid4

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from shared.eventstore.database import LATE, Database, Document


class Lease:
    """A lease with an epoch, which grows with every new holder.

    The holder stops believing in it before the server does, by a clock that nobody moves; so a
    process that was paused does not act on a right that has gone to another.
    """

    def __init__(self, database: Database, name: str = "relay", *, ttl_s: float = 3.0) -> None:
        self._leases = database["leases"]
        self._name = name
        self._holder = str(uuid4())
        self._ttl_s = ttl_s
        self._believed_until = 0.0
        self.document: Document = {}
        """The lease as it was when it was last taken or renewed."""

    @property
    def held(self) -> bool:
        """Whether this process may still act."""
        return time.monotonic() < self._believed_until

    @property
    def epoch(self) -> int:
        """How often the lease has changed hands."""
        return int(self.document.get("epoch", 0))

    async def take(self) -> bool:
        """Take or renew the lease, and tell whether it is held; no answer counts as no."""
        asked_at = time.monotonic()
        try:
            async with asyncio.timeout(self._ttl_s):
                self.document = await self._leases.find_one_and_update(
                    {"_id": self._name},
                    [{"$set": self._terms()}],
                    upsert=True,
                    return_document=ReturnDocument.AFTER,
                )
        except DuplicateKeyError:
            return False  # Somebody else made the document just now.
        except LATE:
            return self.held
        is_mine = self.document["holder"] == self._holder
        self._believed_until = asked_at + 0.8 * self._ttl_s if is_mine else 0.0
        return self.held

    async def keep(self) -> None:
        """Renew for ever; a lease that was lost is taken again when it is free."""
        while True:
            await self.take()
            await asyncio.sleep(self._ttl_s / 3)

    async def release(self) -> None:
        """Let the next holder in at once."""
        self._believed_until = 0.0
        try:
            async with asyncio.timeout(self._ttl_s):
                await self._leases.update_one(
                    {"_id": self._name, "holder": self._holder},
                    [{"$set": {"until": "$$NOW", "holder": ""}}],
                )
        except LATE:
            return  # It runs out by itself.

    def _terms(self) -> dict[str, Any]:
        mine = {"$eq": ["$holder", self._holder]}
        # A lease that nobody ever had runs out before all time.
        free = {"$or": [mine, {"$lt": ["$until", "$$NOW"]}]}
        until = {"$add": ["$$NOW", int(self._ttl_s * 1000)]}
        epoch = {"$add": [{"$ifNull": ["$epoch", 0]}, {"$cond": [mine, 0, 1]}]}
        return {
            "holder": {"$cond": [free, self._holder, "$holder"]},
            "until": {"$cond": [free, until, "$until"]},
            "epoch": {"$cond": [free, epoch, "$epoch"]},
        }
