"""The directory of people: the latest state of each, told on a compacted topic (D12).

The one place with names and addresses. Every change is a revision; readers keep the last, and a
deletion is a tombstone. What is erased here leaves no more than a number behind.
"""

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pymongo import ReturnDocument, UpdateOne
from uuid_utils import uuid7

from shared.contracts.messages import encode_message, envelope_fields, read_envelope
from shared.contracts.people import PERSON, PersonErased, PersonListed
from shared.eventstore.database import Database, Document, reaching
from shared.eventstore.outbox import Page, Parcel
from shared.kernel.codec import Codec
from shared.kernel.events import Envelope, Recorded
from shared.policy.periods import local_day

_PAGE = 500


@dataclass(frozen=True, slots=True)
class Listed:
    """A person as listed, and how often their state has changed."""

    person: PersonListed
    revision: int


class Directory:
    """Writes the directory; only the service that owns it does. `clock` is the business clock."""

    def __init__(self, database: Database, codec: Codec, clock: Callable[[], datetime]) -> None:
        self._people = database["people"]
        self._codec = codec
        self._clock = clock

    async def prepare(self) -> None:
        """Make the index of what is not yet told; safe to repeat."""
        with reaching():
            await self._people.create_index(
                [("unpublished", 1), ("_id", 1)],
                name="unpublished",
                partialFilterExpression={"unpublished": True},
            )

    async def find(self, person_ids: Iterable[UUID]) -> dict[UUID, Listed]:
        """Those of the people who are listed."""
        return await self._listed({"_id": {"$in": [str(each) for each in person_ids]}})

    async def page(self, after: UUID | None = None, limit: int = 100) -> dict[UUID, Listed]:
        """The next people after one, in the order of their ids."""
        return await self._listed({"_id": {"$gt": str(after or "")}}, limit)

    async def put(
        self, person_id: UUID, person: PersonListed, *, envelope: Envelope = Envelope()
    ) -> int:
        """List a person or change them, and give the revision; the same state again is none."""
        fields = self._codec.encode(person)[2]
        found = await self._find(person_id)
        if found and found["state"] and {**found["state"], "on": fields["on"]} == fields:
            return int(found["revision"])
        return await self._revise(person_id, fields, fields["on"], envelope)

    async def erase(self, person_id: UUID, *, envelope: Envelope = Envelope()) -> int | None:
        """Forget a person, and give the revision; None for one who never was listed."""
        found = await self._find(person_id)
        if found is None:
            return None
        if found["state"] is None:
            return int(found["revision"])
        today = local_day(self._clock()).isoformat()
        return await self._revise(person_id, None, today, envelope)

    async def _find(self, person_id: UUID) -> Document | None:
        with reaching():
            return await self._people.find_one({"_id": str(person_id)})

    async def _listed(self, condition: Document, limit: int = 0) -> dict[UUID, Listed]:
        with reaching():
            found = self._people.find({**condition, "state": {"$ne": None}}).sort("_id", 1)
            return {
                UUID(each["_id"]): Listed(
                    PersonListed.model_validate(each["state"]), each["revision"]
                )
                async for each in found.limit(limit)
            }

    async def _revise(
        self,
        person_id: UUID,
        state: Mapping[str, Any] | None,
        on: str,
        envelope: Envelope,
    ) -> int:
        change = {
            "state": state,
            "on": on,
            "at": self._clock(),
            "event_id": str(uuid7()),
            "envelope": envelope_fields(envelope),
            "unpublished": True,
        }
        with reaching():
            revised = await self._people.find_one_and_update(
                {"_id": str(person_id)},
                {"$set": change, "$inc": {"revision": 1}},
                upsert=True,
                return_document=ReturnDocument.AFTER,
            )
        return int(revised["revision"])


class PeopleOutbox:
    """The people whose latest state has not been told."""

    def __init__(self, database: Database, codec: Codec, prefix: str = "") -> None:
        self._people = database["people"]
        self._codec = codec
        self._prefix = prefix

    async def untold(self, after: str, skip: Collection[str]) -> Page:
        """Find states; a person who changed while a state is on its way is found again."""
        found = self._people.find({"unpublished": True, "_id": {"$gt": after.partition("@")[0]}})
        parcels: list[Parcel] = []
        async for document in found.sort("_id", 1).limit(_PAGE + len(skip)):
            parcel_id = f"{document['_id']}@{document['revision']}"
            if parcel_id in skip:
                continue
            message = encode_message(_fact(document), self._codec, self._prefix)
            parcels.append(Parcel(parcel_id, (message,)))
            if len(parcels) == _PAGE:
                return Page(parcels, up_to=parcel_id)
        return Page(parcels, up_to=None)

    async def mark(self, ids: Sequence[str]) -> None:
        """Clear the flag of those that have not changed since."""
        told = [each.partition("@") for each in ids]
        await self._people.bulk_write(
            [
                UpdateOne(
                    {"_id": person_id, "revision": int(revision)}, {"$unset": {"unpublished": ""}}
                )
                for person_id, _, revision in told
            ],
            ordered=False,
        )


async def latest_states(database: Database) -> AsyncIterator[Recorded[Any]]:
    """Everybody's latest state, that of the erased too."""
    async for document in database["people"].find().sort("_id", 1):
        yield _fact(document)


def _fact(document: Mapping[str, Any]) -> Recorded[Any]:
    event = (
        PersonErased.model_validate({"on": document["on"]})
        if document["state"] is None
        else PersonListed.model_validate(document["state"])
    )
    return Recorded(
        event=event,
        stream=PERSON.stream(document["_id"]),
        version=document["revision"],
        id=document["event_id"],
        at=document["at"],
        envelope=read_envelope(document["envelope"]),
    )
