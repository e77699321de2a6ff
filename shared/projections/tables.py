"""The collections of a service's read side, and how they are written.

Views and the progress beside them are written `w:1` without waiting for the journal: they are one
transaction, so what a crash takes back it takes back together, and Kafka has it still.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any

from bson import CodecOptions
from pymongo import ASCENDING, MongoClient, WriteConcern
from pymongo.collection import Collection as SyncCollection
from pymongo.database import Database as SyncDatabase
from pymongo.errors import OperationFailure
from pymongo.read_concern import ReadConcern

from shared.eventstore.database import Collection, Database
from shared.kernel.views import View

Document = dict[str, Any]

LOCAL = ReadConcern("local")
FOR_VIEWS = WriteConcern(w=1, j=False)

OFFSETS = "offsets"
"""Where each reader goes on, one document for each partition."""
PROGRESS = "progress"
"""How far each stream has been folded; `parked` where it goes no further."""
PARKED = "parked"
"""Records that wait, with everything that came after them in their stream."""
PARKED_LOG = "parked_log"
"""What operators did about parked records, and why."""
SESSIONS = "sessions"
"""The server session in which each worker makes its transactions."""


class Tables:
    """The collections, for asking (motor) and for making transactions.

    A transaction is five or six short calls. Made one after the other in one thread, on the
    connections that motor itself uses, it costs one hand-over between threads and not six.
    """

    def __init__(self, database: Database, views: Iterable[View[Any]]) -> None:
        self.views: Mapping[str, View[Any]] = {view.name: view for view in views}
        self.database: Database = database.with_options(
            read_concern=LOCAL, write_concern=FOR_VIEWS, codec_options=_OPTIONS
        )
        delegate: SyncDatabase[Document] = self.database.delegate
        self.sync = delegate

    @property
    def client(self) -> MongoClient[Document]:
        """The client under motor's, for transactions."""
        return self.sync.client

    def asking(self, name: str) -> Collection:
        """A collection, asynchronously."""
        return self.database[name]

    def changing(self, name: str) -> SyncCollection[Document]:
        """A collection, for a transaction in a thread of its own."""
        return self.sync[name]

    async def prepare(self) -> None:
        """Make the collections and their indexes; safe to repeat, and beside others doing so."""
        there = set(await self.database.list_collection_names())
        for name in (OFFSETS, PROGRESS, PARKED, PARKED_LOG, SESSIONS, *self.views):
            if name not in there:
                await self._create(name)
        await self.database[PROGRESS].create_index(
            "parked", name="parked", partialFilterExpression={"parked": {"$exists": True}}
        )
        await self.database[PARKED].create_index(
            [("stream", ASCENDING), ("version", ASCENDING), ("offset", ASCENDING)], name="queue"
        )
        for view in self.views.values():
            for each in view.indexes:
                await self.database[view.name].create_index(
                    [(each, ASCENDING), ("_id", ASCENDING)], name=each
                )

    async def _create(self, name: str) -> None:
        """Made beforehand, since a transaction that makes it would stand in others' way."""
        try:
            await self.database.command("create", name)
        except OperationFailure as problem:
            if problem.code != _EXISTS:
                raise


_EXISTS = 48
_OPTIONS: CodecOptions[Document] = CodecOptions(tz_aware=True, tzinfo=UTC)
