"""The directory: the latest state of each person and each unit, told on compacted topics (D12).

The one place with names and addresses. Every change is a revision; readers keep the last, and a
deletion is a tombstone. What is erased here leaves no more than a number behind. Each kind has a
collection of its own, named as the kind.
"""

import re
from collections.abc import (
    AsyncIterator,
    Callable,
    Collection,
    Iterable,
    Mapping,
    Sequence,
)
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from pymongo import ReturnDocument, UpdateOne
from pymongo.collation import Collation
from uuid_utils import uuid7

from shared.contracts.messages import encode_message, envelope_fields, read_envelope
from shared.eventstore.database import Database, Document, reaching
from shared.eventstore.outbox import Page, Parcel
from shared.kernel.codec import Codec
from shared.kernel.events import Envelope, Event, Recorded, StreamKind
from shared.policy.periods import local_day

S = TypeVar("S", bound=Event)

_PAGE = 500
_DANISH = Collation(locale="da")


@dataclass(frozen=True, slots=True)
class Listed(Generic[S]):
    """What is listed, and how often its state has changed."""

    state: S
    revision: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of those who are listed, in which order; by id where none is said."""

    filters: Mapping[str, Any] = field(default_factory=dict)
    """Field -> its value as JSON has it, or a set of values that will do."""
    text: str = ""
    """What one of the fields in `text_in` holds, in capitals or not."""
    text_in: Sequence[str] = ()
    sort: str = ""
    """A field with words, put in order as Danish does."""
    descending: bool = False
    after: tuple[str | None, str] | None = None
    """The value in `sort`, and the id, after which to go on."""
    limit: int = 0
    """0 for all."""

    @property
    def condition(self) -> Document:
        """The question as MongoDB takes it."""
        every: list[Document] = [{"state": {"$ne": None}}]
        for name, value in self.filters.items():
            some = isinstance(value, set | frozenset)
            every.append({f"state.{name}": {"$in": list(value)} if some else {"$eq": value}})
        if self.text:
            holds = {"$regex": re.escape(self.text), "$options": "i"}
            every.append({"$or": [{f"state.{name}": holds} for name in self.text_in]})
        if self.after:
            every.append(self._beyond(*self.after))
        return {"$and": every}

    @property
    def order(self) -> list[tuple[str, int]]:
        """The order as MongoDB takes it."""
        direction = -1 if self.descending else 1
        fields = (f"state.{self.sort}", "_id") if self.sort else ("_id",)
        return [(name, direction) for name in fields]

    def _beyond(self, value: str | None, key: str) -> Document:
        beyond = "$lt" if self.descending else "$gt"
        if not self.sort:
            return {"_id": {beyond: key}}
        sorted_by = f"state.{self.sort}"
        alike = {sorted_by: value, "_id": {beyond: key}}
        return {"$or": [alike, {sorted_by: {beyond: value}}]}


class Directory(Generic[S]):
    """Writes one kind's states; only the service that owns it does. `clock` is the business clock.

    `listed` is the state of what is there; the kind's other fact says that it no longer is.
    """

    def __init__(
        self, database: Database, codec: Codec, clock: Callable[[], datetime], listed: type[S]
    ) -> None:
        self._states = database[codec.kind_of(listed).name]
        self._codec = codec
        self._clock = clock
        self._state = listed

    async def prepare(self) -> None:
        """Make the index of what is not yet told; safe to repeat."""
        with reaching():
            await self._states.create_index(
                [("unpublished", 1), ("_id", 1)],
                name="unpublished",
                partialFilterExpression={"unpublished": True},
            )

    async def find(self, ids: Iterable[UUID]) -> dict[UUID, Listed[S]]:
        """Those of them that are listed."""
        found = {"_id": {"$in": [str(each) for each in ids]}, "state": {"$ne": None}}
        with reaching():
            return {UUID(each["_id"]): self._read(each) async for each in self._states.find(found)}

    async def page(self, wanted: Wanted = Wanted()) -> dict[UUID, Listed[S]]:
        """Those that are wanted, in that order."""
        collation = _DANISH if wanted.sort else None
        with reaching():
            found = self._states.find(wanted.condition, collation=collation).sort(wanted.order)
            return {UUID(each["_id"]): self._read(each) async for each in found.limit(wanted.limit)}

    async def put(self, key: UUID, state: S, *, envelope: Envelope = Envelope()) -> int:
        """List or change one, and give the revision; the same state again is none."""
        fields = self._codec.encode(state)[2]
        found = await self._find(key)
        if found and found["state"] and {**found["state"], "on": fields["on"]} == fields:
            return int(found["revision"])
        return await self._revise(key, fields, fields["on"], envelope)

    async def erase(self, key: UUID, *, envelope: Envelope = Envelope()) -> int | None:
        """Forget one, and give the revision; None for what never was listed."""
        found = await self._find(key)
        if found is None:
            return None
        if found["state"] is None:
            return int(found["revision"])
        today = local_day(self._clock()).isoformat()
        return await self._revise(key, None, today, envelope)

    async def _find(self, key: UUID) -> Document | None:
        with reaching():
            return await self._states.find_one({"_id": str(key)})

    def _read(self, document: Document) -> Listed[S]:
        return Listed(self._state.model_validate(document["state"]), document["revision"])

    async def _revise(
        self,
        key: UUID,
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
            revised = await self._states.find_one_and_update(
                {"_id": str(key)},
                {"$set": change, "$inc": {"revision": 1}},
                upsert=True,
                return_document=ReturnDocument.AFTER,
            )
        return int(revised["revision"])


class DirectoryOutbox:
    """Those of a kind whose latest state has not been told."""

    def __init__(
        self, database: Database, codec: Codec, prefix: str = "", *, kind: StreamKind
    ) -> None:
        self._states = database[kind.name]
        self._codec = codec
        self._prefix = prefix
        self._kind = kind

    async def untold(self, after: str, skip: Collection[str]) -> Page:
        """Find states; what changed while its state is on its way is found again."""
        found = self._states.find({"unpublished": True, "_id": {"$gt": after.partition("@")[0]}})
        parcels: list[Parcel] = []
        async for document in found.sort("_id", 1).limit(_PAGE + len(skip)):
            parcel_id = f"{document['_id']}@{document['revision']}"
            if parcel_id in skip:
                continue
            message = encode_message(_fact(document, self._kind), self._codec, self._prefix)
            parcels.append(Parcel(parcel_id, (message,)))
            if len(parcels) == _PAGE:
                return Page(parcels, up_to=parcel_id)
        return Page(parcels, up_to=None)

    async def mark(self, ids: Sequence[str]) -> None:
        """Clear the flag of those that have not changed since."""
        told = [each.partition("@") for each in ids]
        await self._states.bulk_write(
            [
                UpdateOne({"_id": key, "revision": int(revision)}, {"$unset": {"unpublished": ""}})
                for key, _, revision in told
            ],
            ordered=False,
        )


async def latest_states(database: Database, kind: StreamKind) -> AsyncIterator[Recorded[Any]]:
    """The latest state of each of a kind, of those that were erased too."""
    async for document in database[kind.name].find().sort("_id", 1):
        yield _fact(document, kind)


def _fact(document: Mapping[str, Any], kind: StreamKind) -> Recorded[Any]:
    listed, gone = kind.events
    state = document["state"]
    return Recorded(
        event=gone.model_validate({"on": document["on"]})
        if state is None
        else listed.model_validate(state),
        stream=kind.stream(document["_id"]),
        version=document["revision"],
        id=document["event_id"],
        at=document["at"],
        envelope=read_envelope(document["envelope"]),
    )
