"""The directory: the latest state of each person and each unit, told on compacted topics (D12).

The one place with names and addresses. Every change is a revision; readers keep the last, and a
deletion is a tombstone. What is erased here leaves no more than a number behind. Who is listed anew
before the tombstone was told keeps it until it is: both are told then, in their order. Each kind
has a collection of its own, named as the kind.
"""

from collections.abc import (
    AsyncIterator,
    Callable,
    Collection,
    Iterable,
    Mapping,
    Sequence,
)
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from pymongo import UpdateOne
from pymongo.collation import Collation
from pymongo.errors import BulkWriteError
from uuid_utils import uuid7

from shared.contracts.messages import encode_message, envelope_fields, read_envelope
from shared.eventstore.database import Database, Document, reaching
from shared.eventstore.outbox import Page, Parcel
from shared.eventstore.wanted import EVERYBODY, Wanted
from shared.kernel.codec import Codec
from shared.kernel.events import Envelope, Event, Recorded, StreamKind
from shared.kernel.refusals import NotYet
from shared.policy.periods import local_day

S = TypeVar("S", bound=Event)

_PAGE = 500
_DUPLICATE = 11000
_ERASED = "erased"
"""Where a tombstone waits that was not told when its one was listed anew."""
_TOLD = {"unpublished": "", _ERASED: ""}
_OF_FACT = ("on", "at", "event_id", "envelope", "revision")
_DANISH = Collation(locale="da")


@dataclass(frozen=True, slots=True)
class Listed(Generic[S]):
    """What is listed, and how often its state has changed."""

    state: S
    revision: int


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

    async def page(self, wanted: Wanted = EVERYBODY) -> dict[UUID, Listed[S]]:
        """Those that are wanted, in that order."""
        collation = _DANISH if wanted.sort else None
        with reaching():
            found = self._states.find(wanted.condition, collation=collation).sort(wanted.order)
            return {UUID(each["_id"]): self._read(each) async for each in found.limit(wanted.limit)}

    async def put(
        self, key: UUID, state: S, *, was: int | None = None, envelope: Envelope = Envelope()
    ) -> int:
        """List or change one, and give the revision; the same state again is none.

        `was` is the revision that was read, 0 for what was not listed. Raises NotYet
        (`changed_meanwhile`) when it is another by now.
        """
        read = {} if was is None else {key: was}
        return (await self.put_all({key: state}, read, envelope=envelope))[key]

    async def put_all(
        self, wanted: Mapping[UUID, S], read: Mapping[UUID, int], *, envelope: Envelope = Envelope()
    ) -> dict[UUID, int]:
        """List or change many as `put` does, each by itself, and give their revisions.

        When one of them was changed meanwhile others may be written; the same again writes the rest.
        """
        revisions: dict[UUID, int] = {}
        keys = list(wanted)
        for begin in range(0, len(keys), _PAGE):
            some = {key: wanted[key] for key in keys[begin : begin + _PAGE]}
            revisions |= await self._put_some(some, read, envelope)
        return revisions

    async def _put_some(
        self, wanted: Mapping[UUID, S], read: Mapping[UUID, int], envelope: Envelope
    ) -> dict[UUID, int]:
        found = await self._find(wanted)
        revisions: dict[UUID, int] = {}
        changes: list[UpdateOne] = []
        for key, state in wanted.items():
            fields, now = self._codec.encode(state)[2], found.get(key)
            listed = now and now["state"]
            if now and listed and {**listed, "on": fields["on"]} == fields:
                revisions[key] = now["revision"]
                continue
            was = now["revision"] if now and listed else 0
            if read.get(key, was) != was:
                raise NotYet("changed_meanwhile")
            changes.append(self._revision(key, now, fields, fields["on"], envelope))
            revisions[key] = (now["revision"] if now else 0) + 1
        await self._write(changes)
        return revisions

    async def erase(self, key: UUID, *, envelope: Envelope = Envelope()) -> int | None:
        """Forget one, and give the revision; None for what never was listed."""
        found = (await self._find([key])).get(key)
        if found is None:
            return None
        if found["state"] is None:
            return int(found["revision"])
        return await self.erase_as(key, found["revision"] + 1, envelope=envelope)

    async def next_erasure(self, key: UUID) -> tuple[int, bool]:
        """The revision that an erasure would be now, and whether the one is listed."""
        found = (await self._find([key])).get(key)
        return (found["revision"] + 1, found["state"] is not None) if found else (1, False)

    async def erase_as(self, key: UUID, revision: int, *, envelope: Envelope = Envelope()) -> int:
        """Lay a tombstone, also where there is one or nothing, so that everybody looks again.

        Raises NotYet (`changed_meanwhile`) when this is not the next revision.
        """
        found = (await self._find([key])).get(key)
        if (found["revision"] if found else 0) != revision - 1:
            raise NotYet("changed_meanwhile")
        today = local_day(self._clock()).isoformat()
        await self._write([self._revision(key, found, None, today, envelope)])
        return revision

    async def _find(self, keys: Iterable[UUID]) -> dict[UUID, Document]:
        wanted = {"_id": {"$in": [str(each) for each in keys]}}
        with reaching():
            return {UUID(each["_id"]): each async for each in self._states.find(wanted)}

    def _read(self, document: Document) -> Listed[S]:
        return Listed(self._state.model_validate(document["state"]), document["revision"])

    def _revision(
        self,
        key: UUID,
        now: Document | None,
        state: Mapping[str, Any] | None,
        on: str,
        envelope: Envelope,
    ) -> UpdateOne:
        """The change to the next revision of what was found, and of nothing else."""
        change: Document = {
            "state": state,
            "on": on,
            "at": self._clock(),
            "event_id": str(uuid7()),
            "envelope": envelope_fields(envelope),
            "unpublished": True,
        }
        update: Document = {"$set": change, "$inc": {"revision": 1}}
        if state is None:
            update["$unset"] = {_ERASED: ""}  # the new tombstone says as much
        elif now and now["state"] is None:
            change["listed_again"] = True
            if now.get("unpublished"):
                change[_ERASED] = {name: now[name] for name in _OF_FACT}
        revision = now["revision"] if now else {"$exists": False}
        return UpdateOne({"_id": str(key), "revision": revision}, update, upsert=now is None)

    async def _write(self, changes: Sequence[UpdateOne]) -> None:
        if not changes:
            return
        with reaching():
            try:
                done = await self._states.bulk_write(changes, ordered=False)
            except BulkWriteError as problem:
                codes = {each["code"] for each in problem.details["writeErrors"]}
                if codes != {_DUPLICATE}:
                    raise
                raise NotYet("changed_meanwhile") from None
        if done.matched_count + done.upserted_count < len(changes):
            raise NotYet("changed_meanwhile")


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
            facts = [_fact(document, self._kind)]
            if erased := document.get(_ERASED):
                before = {**erased, "_id": document["_id"], "state": None}
                facts.insert(0, _fact(before, self._kind))
            told = (encode_message(each, self._codec, self._prefix) for each in facts)
            parcels.append(Parcel(parcel_id, tuple(told)))
            if len(parcels) == _PAGE:
                return Page(parcels, up_to=parcel_id)
        return Page(parcels, up_to=None)

    async def mark(self, ids: Sequence[str]) -> None:
        """Clear the flag of those that have not changed since."""
        told = [each.partition("@") for each in ids]
        await self._states.bulk_write(
            [
                UpdateOne({"_id": key, "revision": int(revision)}, {"$unset": _TOLD})
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
