"""What is read, folded and written inside the transaction of a batch.

Everything here is synchronous and runs in a thread of its own: see `tables.Tables`.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import bson
from pymongo import DeleteMany, DeleteOne, ReplaceOne, UpdateOne
from pymongo.client_session import ClientSession

from shared.kernel.codec import Codec, Undecodable
from shared.kernel.facts import Row
from shared.projections.documents import to_document, to_fields
from shared.projections.erased import note_erased
from shared.projections.folding import (
    UNSEEN,
    Document,
    Folding,
    Hearing,
    Prepared,
    Progress,
    RowPlace,
    Trouble,
    places,
    prepare,
)
from shared.projections.received import Received
from shared.projections.tables import PARKED, PROGRESS, Tables

Write = UpdateOne | ReplaceOne[dict[str, Any]] | DeleteOne | DeleteMany

FOLDING_S = 2.0
"""How long may be folded in a transaction, which the server ends after three seconds."""
_MOST_ROW_BYTES = 15_000_000


class TooMuch(Exception):
    """There is more to fold than a transaction has time for; `folded` is how much was."""

    def __init__(self, folded: int) -> None:
        super().__init__(folded)
        self.folded = folded


@dataclass(frozen=True, slots=True)
class Parked:
    """A record that was parked, and why."""

    stream: str
    version: int
    trouble: Trouble


@dataclass(slots=True)
class Applied:
    """What came of a batch."""

    outcomes: Counter[str] = field(default_factory=Counter)
    parked: list[Parked] = field(default_factory=list)
    progress: Mapping[str, Progress] = field(default_factory=dict)
    """The streams that moved, and where they are now."""


class Work:
    """The reading, folding and writing inside a transaction."""

    def __init__(
        self,
        tables: Tables,
        hearing: Hearing,
        codec: Codec,
        session: ClientSession,
        known: Mapping[str, Progress] | None = None,
    ) -> None:
        self._tables = tables
        self._hearing = hearing
        self._codec = codec
        self._session = session
        self._known = known or {}

    def take(
        self, received: Sequence[Received], check: Callable[[Row], object] | None = None
    ) -> Applied:
        """Fold records in order, park what has to be, and write it all; raises TooMuch."""
        applied = Applied()
        until = time.monotonic() + FOLDING_S
        streams = [each.stream(self._codec) for each in received]
        prepared = []
        for number, each in enumerate(received):
            if number and time.monotonic() > until:
                raise TooMuch(number)
            prepared.append(self._prepared(each))
        progress = self.progress(set(streams))
        folding = self.folding(prepared, progress, check)
        waiting: list[tuple[Received, Parked]] = []
        for number, (record, stream, fact) in enumerate(
            zip(received, streams, prepared, strict=True)
        ):
            if number and time.monotonic() > until:
                raise TooMuch(number)
            outcome = folding.take(fact) if fact else folding.park(stream, UNDECODABLE)
            if isinstance(outcome, Trouble):
                version = fact.fact.version if fact else progress_of(folding, stream) + 1
                waiting.append((record, Parked(stream, version, outcome)))
                applied.outcomes["parked"] += 1
            else:
                applied.outcomes[outcome] += 1
        self.write(folding)
        self._park(waiting, folding)
        applied.parked = [parked for _, parked in waiting]
        applied.progress = {stream: folding.progress[stream] for stream in folding.moved}
        return applied

    def progress(self, streams: set[str]) -> dict[str, Progress]:
        """How far streams are, asking only for those that are not known."""
        known = {stream: self._known[stream] for stream in streams if stream in self._known}
        if unknown := list(streams - known.keys()):
            found = self._tables.changing(PROGRESS).find(
                {"_id": {"$in": unknown}}, session=self._session
            )
            known |= {each["_id"]: read_progress(each) for each in found}
        return known

    def folding(
        self,
        prepared: Sequence[Prepared | None],
        progress: Mapping[str, Progress],
        check: Callable[[Row], object] | None = None,
    ) -> Folding:
        """Read the rows that facts touch, of those that have not been seen."""
        ahead = [
            each
            for each in prepared
            if each and each.fact.version > progress.get(each.fact.stream, UNSEEN).version
        ]
        stored: dict[RowPlace, Document] = {}
        for rows, keys in places(ahead).items():
            found = self._tables.changing(rows).find(
                {"_id": {"$in": list(keys)}}, session=self._session
            )
            stored |= {(rows, each["_id"]): each for each in found}
        return Folding(self._hearing, progress, stored, check)

    def write(self, folding: Folding) -> None:
        """Write the rows that changed, and how far the streams are now."""
        now = datetime.now(UTC)
        writes: dict[str, list[Write]] = {}
        for (rows, key), position in folding.changed.items():
            row = folding.rows[rows, key]
            writes.setdefault(rows, []).append(
                DeleteOne({"_id": key})
                if row is None
                else ReplaceOne({"_id": key}, to_document(row, key, position, now), upsert=True)
            )
        writes[PROGRESS] = [
            _progress_write(stream, folding.progress[stream]) for stream in folding.moved
        ]
        for collection, changes in writes.items():
            if changes:
                self._tables.changing(collection).bulk_write(
                    changes, ordered=False, session=self._session
                )
        note_erased(folding, self._tables, self._session, now)

    def _prepared(self, record: Received) -> Prepared | None:
        fact = record.fact
        return None if isinstance(fact, Undecodable) else prepare(fact, self._hearing)

    def _park(self, waiting: Sequence[tuple[Received, Parked]], folding: Folding) -> None:
        if not waiting and not folding.healed:
            return
        # Of a stream whose records replace each other, only the last one waits.
        replaced = {each.stream for _, each in waiting if self._hearing.is_state(each.stream)}
        last = {each.stream: record for record, each in waiting if each.stream in replaced}
        writes: list[Write] = []
        if freed := replaced | folding.healed:
            writes.append(DeleteMany({"stream": {"$in": list(freed)}}))
        for record, each in waiting:
            stays = folding.progress[each.stream].parked
            if stays and last.get(each.stream, record) is record:
                writes.append(_parked_write(record, each))
        if writes:
            self._tables.changing(PARKED).bulk_write(writes, session=self._session)


UNDECODABLE = Trouble("undecodable")


def storable(row: Row) -> None:
    """Raise what MongoDB would, had it been given the row."""
    size = len(bson.encode(to_fields(row)))
    if size > _MOST_ROW_BYTES:
        raise OverflowError(f"a row of {size} bytes")


def read_progress(document: Mapping[str, Any]) -> Progress:
    """How far a stream is, as it is stored."""
    return Progress(document["version"], document["event_id"], document.get("parked", ""))


def progress_of(folding: Folding, stream: str) -> int:
    """The last version folded."""
    return folding.progress.get(stream, UNSEEN).version


def _progress_write(stream: str, reached: Progress) -> Write:
    fields = {"version": reached.version, "event_id": reached.event_id}
    if not reached.parked:
        return ReplaceOne({"_id": stream}, fields, upsert=True)
    # Never the same as before, or MongoDB would write nothing, and see no conflict.
    change = {"$set": {**fields, "parked": reached.parked}, "$currentDate": {"queued_at": True}}
    return UpdateOne({"_id": stream}, change, upsert=True)


def _parked_write(record: Received, parked: Parked) -> UpdateOne:
    named = record.event_id or f"{record.partition}/{record.offset}"
    document = {
        "stream": parked.stream,
        "version": parked.version,
        "event_id": record.event_id,
        "reason": parked.trouble.reason,
        "error": parked.trouble.error,
        "offset": record.offset,
        "record": record.to_document(),
        "at": datetime.now(UTC),
    }
    # Another incarnation of the topic brings the same record again.
    which = {"_id": f"{parked.stream}@{parked.version:09}/{named}"}
    return UpdateOne(which, {"$setOnInsert": document}, upsert=True)
