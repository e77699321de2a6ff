"""Erasing a person in one service: what is left to do when the views have forgotten them (D12).

The projector notes each erasure in the transaction that takes the person out of the views. Notes
about the person and refused reactions that hold them are removed in one more, which writes down
how many there were; then it is told, and the note goes. Whoever dies in between has a successor
that goes on from there, and tells it once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from pymongo.client_session import ClientSession

from shared.contracts.people import PERSON
from shared.eventstore.database import UNREACHABLE, Document, patiently, reached
from shared.eventstore.notes import NOTES, about
from shared.eventstore.tombstones import TOLD_AGAIN_AFTER, tell_again
from shared.kernel.permissions import system
from shared.kernel.refusals import NotYet
from shared.people.erasure import RecordErasure
from shared.projections.sessions import in_transaction
from shared.projections.tables import ERASURES, Tables
from shared.reactions.sending import REFUSED
from shared.runtime.parts import Parts

Beside = Callable[[Parts, UUID, str], Awaitable[Mapping[str, int]]]
"""What a service has to erase besides, for a person and the erasure's position; repeatable.

Gives how much of what there was, the same whenever it is asked.
"""

PAUSE_S = 0.5
_AT_ONCE = 100
_LOOK_S = 60.0
_AWAY: tuple[type[Exception], ...] = (NotYet, *UNREACHABLE)

log = structlog.get_logger()


async def nothing_besides(_: Parts, __: UUID, ___: str) -> Mapping[str, int]:
    """A service that keeps people nowhere else."""
    return {}


def erasing(
    record: type[RecordErasure], besides: Beside = nothing_besides
) -> Callable[[Parts], Awaitable[None]]:
    """Make a service's loop that finishes erasures; `record` is its own command."""

    async def erase(parts: Parts) -> None:
        eraser = Eraser(parts, record, besides)
        while True:
            if not await eraser.erase_all():
                await asyncio.sleep(PAUSE_S)

    return erase


async def telling_again(parts: Parts) -> None:
    """The loop of the directory's owner that has Kafka let go of who was erased."""
    while True:
        before = datetime.now(UTC) - TOLD_AGAIN_AFTER
        await reached(partial(tell_again, parts.database, PERSON, before))
        await asyncio.sleep(_LOOK_S)


class Eraser:
    """Finishes the erasures of one service."""

    def __init__(self, parts: Parts, record: type[RecordErasure], besides: Beside) -> None:
        self._parts = parts
        self._record = record
        self._besides = besides
        self._tables = Tables(parts.database, ())

    async def erase_all(self) -> int:
        """Finish what there is to finish, waiting for MongoDB; gives how many that were."""
        erasures = self._tables.asking(ERASURES)
        found = await patiently(lambda: erasures.find().sort("_id").to_list(_AT_ONCE))
        for each in found:
            await patiently(partial(self._erase, each), _AWAY)
        return len(found)

    async def _erase(self, erasure: Document) -> None:
        person_id, position = UUID(erasure["person_id"]), erasure["_id"]
        besides = await self._besides(self._parts, person_id, position)
        counts = await in_transaction(
            self._tables, lambda session: self._remove(position, besides, session), durably=True
        )
        if counts is None:
            return  # another worker was at it, and is done
        await self._parts.dispatcher.send(
            self._record(revision=erasure["revision"], **counts),
            erasure["person_id"],
            actor=system("erasure"),
            command_id=f"erasure/{position}",
        )
        await patiently(lambda: self._tables.durable[ERASURES].delete_one({"_id": position}))
        log.info("person_forgotten", position=position, **counts)

    def _remove(
        self, position: str, besides: Mapping[str, int], session: ClientSession
    ) -> dict[str, int] | None:
        """Remove what there is, and write down how much it was, unless that has been done."""
        erasures = self._tables.changing(ERASURES)
        erasure = erasures.find_one({"_id": position}, session=session)
        if erasure is None or "removed" in erasure:
            return erasure and erasure["removed"]
        person_id = UUID(erasure["person_id"])
        removed = {
            "views": erasure["views"],
            "parked": erasure["parked"],
            **besides,
            "notes": self._delete(NOTES, about(person_id), session),
            "refused_reactions": self._delete(REFUSED, _holding(person_id), session),
        }
        erasures.update_one({"_id": position}, {"$set": {"removed": removed}}, session=session)
        return removed

    def _delete(self, collection: str, which: Document, session: ClientSession) -> int:
        return self._tables.changing(collection).delete_many(which, session=session).deleted_count


def _holding(person_id: UUID) -> dict[str, Any]:
    """Refusals of what the directory told of a person; other facts name nobody."""
    stream = PERSON.stream(str(person_id))
    told = {"position": {"$regex": f"^{stream}@"}}
    return {"$or": [told, {"record.key": stream.encode()}]}
