"""What operators do about parked streams: look, try again, or skip with a reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from pymongo import DeleteOne, UpdateOne
from pymongo.client_session import ClientSession

from shared.eventstore.database import Database
from shared.kernel.codec import Codec, Undecodable
from shared.kernel.refusals import Malformed, Unknown
from shared.kernel.views import View
from shared.projections.folding import Hearing, Progress, Trouble, prepare
from shared.projections.generations import touch
from shared.projections.received import Received
from shared.projections.sessions import in_transaction
from shared.projections.tables import PARKED, PARKED_LOG, PROGRESS, Tables
from shared.projections.work import UNDECODABLE, Work, storable

_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class ParkedStream:
    """A stream that goes no further than `version`: why, since when, and how many records wait.

    `next_version` is that of the first record that waits; `error` the type and place of what was
    raised, where something was.
    """

    stream: str
    version: int
    reason: str
    error: str
    next_version: int
    since: datetime
    waiting: int


class Parking:
    """The parked streams of one service. Projectors may be running meanwhile."""

    def __init__(self, tables: Tables, codec: Codec) -> None:
        self._tables = tables
        self._codec = codec

    @classmethod
    def of(cls, database: Database, views: Iterable[View[Any]], codec: Codec) -> "Parking":
        """The parked streams of the service that has this database and these views."""
        return cls(Tables(database, views), codec)

    async def list_parked(self) -> list[ParkedStream]:
        """All parked streams, in order of name."""
        stopped = {"parked": {"$exists": True}}
        progress = self._tables.asking(PROGRESS).find(stopped).sort("_id")
        return [await self._described(each) async for each in progress]

    async def count(self) -> int:
        """How many streams are parked."""
        stopped = {"parked": {"$exists": True}}
        return await self._tables.asking(PROGRESS).count_documents(stopped)

    async def retry(self, stream: str) -> ParkedStream | None:
        """Apply what waits, in order of version, until something cannot be; None when all was.

        What has been applied before is dropped. Raises Unknown when the stream is not parked.
        """
        while await in_transaction(self._tables, lambda session: self._retry_some(stream, session)):
            pass
        return await self._still_parked(stream)

    async def skip(self, stream: str, *, reason: str, by: str) -> ParkedStream | None:
        """Pass over what stops the stream, and apply the rest as `retry` does.

        For a gap this is the versions that are missing; otherwise it is the first record that
        waits, which is then gone from here (it still lies in the topic and in its store). Who did
        it and why goes to the collection `parked_log`.
        """
        if not reason.strip() or not by.strip():
            raise Malformed("reason_missing", stream=stream)
        await in_transaction(
            self._tables, lambda session: self._skip_first(stream, session, reason, by)
        )
        return await self.retry(stream) if await self._still_parked(stream) else None

    async def _still_parked(self, stream: str) -> ParkedStream | None:
        progress = await self._tables.asking(PROGRESS).find_one({"_id": stream})
        parked = progress is not None and "parked" in progress
        return await self._described(progress) if parked and progress else None

    async def _described(self, progress: dict[str, Any]) -> ParkedStream:
        parked = self._tables.asking(PARKED)
        of = {"stream": progress["_id"]}
        first = await parked.find_one(of, sort=_IN_ORDER) or {}
        return ParkedStream(
            stream=progress["_id"],
            version=progress["version"],
            reason=progress["parked"],
            error=first.get("error", ""),
            next_version=first.get("version", 0),
            since=first.get("at", datetime.now(UTC)),
            waiting=await parked.count_documents(of),
        )

    def _retry_some(self, stream: str, session: ClientSession) -> bool:
        """Apply a part of the queue; tells whether there may be more to apply."""
        before = self._progress(stream, session)
        folds = touch(self._tables, session).folds
        hearing = Hearing(self._tables.views.values(), self._codec, folds)
        queue = self._queue(stream, session, _AT_ONCE)
        received = [Received.of(each["record"], self._codec) for each in queue]
        prepared = [
            None if isinstance(each.fact, Undecodable) else prepare(each.fact, hearing)
            for each in received
        ]
        work = Work(self._tables, hearing, self._codec, session)
        folding = work.folding(prepared, {stream: replace(before, parked="")}, storable)
        done = []
        changes: list[DeleteOne | UpdateOne] = []
        for entry, fact in zip(queue, prepared, strict=True):
            outcome = folding.take(fact) if fact else UNDECODABLE
            if isinstance(outcome, Trouble):
                why = {"reason": outcome.reason, "error": outcome.error}
                changes.append(UpdateOne({"_id": entry["_id"]}, {"$set": why}))
                folding.park(stream, outcome)
                break
            done.append(entry)
        stopped = len(done) < len(queue)
        if not stopped and len(queue) == _AT_ONCE:
            # More may wait, so until that is applied the stream stays parked.
            folding.park(stream, Trouble("behind"))
        folding.moved.add(stream)
        work.write(folding)
        changes += [DeleteOne({"_id": entry["_id"]}) for entry in done]
        if changes:
            self._tables.changing(PARKED).bulk_write(changes, session=session)
        return not stopped and len(queue) == _AT_ONCE

    def _skip_first(self, stream: str, session: ClientSession, reason: str, by: str) -> None:
        before = self._progress(stream, session)
        touch(self._tables, session)
        queue = self._queue(stream, session, 1)
        reached = before
        skipped: dict[str, Any] = {}
        if queue:
            first = queue[0]
            if first["reason"] == "gap":
                skipped = {"why": "gap", "to_version": first["version"] - 1}
                reached = Progress(first["version"] - 1)
            else:
                record = first["record"]
                skipped = {key: first[key] for key in ("version", "event_id", "error")}
                skipped["why"] = first["reason"]
                skipped |= {key: record[key] for key in ("topic", "partition", "offset")}
                self._tables.changing(PARKED).delete_one({"_id": first["_id"]}, session=session)
            if first["reason"] == "poison":
                reached = Progress(first["version"], first["event_id"])
        self._tables.changing(PARKED_LOG).insert_one(
            {
                "stream": stream,
                "was": before.parked,
                "from_version": before.version,
                "skipped": skipped,
                "reason": reason,
                "by": by,
                "at": datetime.now(UTC),
            },
            session=session,
        )
        # It stays parked until `retry` has applied the rest.
        fields = {"version": reached.version, "event_id": reached.event_id}
        self._tables.changing(PROGRESS).update_one(
            {"_id": stream},
            {"$set": fields, "$currentDate": {"queued_at": True}},
            session=session,
        )

    def _progress(self, stream: str, session: ClientSession) -> Progress:
        found = self._tables.changing(PROGRESS).find_one({"_id": stream}, session=session)
        if found is None or "parked" not in found:
            raise Unknown("not_parked", stream=stream)
        return Progress(found["version"], found["event_id"], found["parked"])

    def _queue(self, stream: str, session: ClientSession, most: int) -> Sequence[dict[str, Any]]:
        waiting = self._tables.changing(PARKED).find({"stream": stream}, session=session)
        return list(waiting.sort(_IN_ORDER).limit(most))


async def passed_over(database: Database) -> set[tuple[str, int]]:
    """The versions of streams that operators had skipped, which are in no view."""
    versions = set[tuple[str, int]]()
    async for note in database[PARKED_LOG].find():
        stream, skipped = note["stream"], note["skipped"]
        if skipped.get("why") == "poison":
            versions.add((stream, skipped["version"]))
        elif skipped.get("why") == "gap":
            missing = range(note["from_version"] + 1, skipped["to_version"] + 1)
            versions |= {(stream, version) for version in missing}
    return versions


_IN_ORDER = [("version", 1), ("offset", 1)]
