"""What is to be told, and how it is marked once it has been: the commits of a service."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from pymongo.read_concern import ReadConcern

from shared.contracts.messages import Message
from shared.eventstore.commits import Commit, decode
from shared.eventstore.database import Cursor, Database
from shared.kernel.codec import Codec

_PAGE = 500
_PAGE_BYTES = 4_000_000
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is told or not as a whole, under the id that marks it."""

    id: str
    messages: Sequence[Message]


@dataclass(frozen=True, slots=True)
class Page:
    """The parcels that were found; `up_to` is the last one's id when there may be more."""

    parcels: Sequence[Parcel]
    up_to: str | None


class Outbox(Protocol):
    """Something that has parcels to tell, in an order that holds within each stream."""

    async def untold(self, after: str, skip: Collection[str]) -> Page:
        """Find the next parcels after an id; those in `skip` are on their way."""

    async def mark(self, ids: Sequence[str]) -> None:
        """Note that the broker has all of these; `untold` sees it from then on."""


class Mailer:
    """Writes the messages of a commit to the topic of its stream's kind."""

    def __init__(self, codec: Codec, prefix: str = "") -> None:
        self._codec = codec
        self._prefix = prefix

    def parcel(self, commit: Commit) -> Parcel:
        """Raises KeyError for a stream of no kind, which no writer of this program can store."""
        kind = self._codec.kind_of_stream(commit.stream)
        if kind is None:
            raise KeyError(commit.stream)
        return Parcel(commit.id, commit.messages(kind, self._prefix))


class CommitOutbox:
    """The commits that carry the flag `unpublished`; the flag is the truth, not a position.

    They are read in one snapshot and in the order of `_id`, so that a version is never seen
    without the one before it, however late that was committed.
    """

    def __init__(self, database: Database, mailer: Mailer) -> None:
        self._mailer = mailer
        commits = database["commits"]
        self._snapshot = commits.with_options(read_concern=ReadConcern("snapshot"))
        self._commits = commits

    async def untold(self, after: str, skip: Collection[str]) -> Page:
        """Find unpublished commits, at most a page of new ones."""
        found = self._snapshot.find({"unpublished": True, "_id": {"$gt": after}})
        return await page_of(found.hint("unpublished"), skip, self._mailer)

    async def mark(self, ids: Sequence[str]) -> None:
        """Clear the flag: the only change a commit ever sees.

        It waits for a majority, so that the next snapshot shows it; with `w=1` it would be seen a
        little late, and the message sent twice.
        """
        await self._commits.update_many(
            {"_id": {"$in": list(ids)}}, {"$unset": {"unpublished": ""}}
        )


async def page_of(found: Cursor, skip: Collection[str], mailer: Mailer) -> Page:
    """Read commits in the order of `_id` until a page is full."""
    parcels: list[Parcel] = []
    size = 0
    most = _PAGE + len(skip)
    found.sort("_id", 1).limit(most).batch_size(most)
    while documents := await found.to_list(_AT_ONCE):
        for document in documents:
            if document["_id"] in skip:
                continue
            parcels.append(mailer.parcel(decode(document)))
            size += sum(len(each.value or b"") for each in parcels[-1].messages)
            if len(parcels) == _PAGE or size > _PAGE_BYTES:
                return Page(parcels, up_to=parcels[-1].id)
    return Page(parcels, up_to=None)
