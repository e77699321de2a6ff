"""The collections of a service's read side, and how they are written.

The rows of `view_x` lie in `rows_x`, and after it is rebuilt in `rows_x_2`: see `generations`.
What reporting tools read by the name `view_x` is a view in MongoDB's sense, of the one that serves.

Rows and the progress beside them are written `w:1` without waiting for the journal: they are one
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
ERASURES = "erasures"
"""People who were erased from the views, until it is done and told how much there was of them."""
SESSIONS = "sessions"
"""The server session in which each worker makes its transactions."""
SERVED = "served"
"""Which collections of rows are folded and which serve, in one document."""


def rows_of(view: str, build: int = 1) -> str:
    """Name the collection of a view's rows; a view that is built again gets another."""
    name = "rows_" + view.removeprefix("view_")
    return name if build == 1 else f"{name}_{build}"


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
        self.durable: Database = self.database.with_options(
            read_concern=ReadConcern("majority"), write_concern=WriteConcern("majority", j=True)
        )
        """The same, where what is written or read must outlive any server."""
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
        """Make the collections beside the rows, and their indexes; safe to repeat."""
        there = set(await self.database.list_collection_names())
        for name in (OFFSETS, PROGRESS, PARKED, PARKED_LOG, ERASURES, SESSIONS, SERVED):
            if name not in there:
                await self._create(name)
        await self.database[PROGRESS].create_index(
            "parked", name="parked", partialFilterExpression={"parked": {"$exists": True}}
        )
        await self.database[PARKED].create_index(
            [("stream", ASCENDING), ("version", ASCENDING), ("offset", ASCENDING)], name="queue"
        )

    async def prepare_rows(self, view: View[Any], rows: str, like: str | None = None) -> None:
        """Make a collection for a view's rows, and its indexes; safe to repeat.

        It also gets the indexes that another one has, such as those of deadlines.
        """
        await self._create(rows)
        others = await self.database[like].index_information() if like else {}
        for name, index in others.items():
            if name == "_id_":
                continue
            await self.database[rows].create_index(index["key"], name=name)
        for each in view.indexes:
            await self.database[rows].create_index(
                [(each, ASCENDING), ("_id", ASCENDING)], name=each
            )

    async def show(self, view: str, rows: str) -> None:
        """Have reporting tools find these rows under the view's name."""
        shown: Document = {"viewOn": rows, "pipeline": []}
        if not await self._create(view, **shown):
            await self.database.command({"collMod": view, **shown})

    async def _create(self, name: str, **options: Any) -> bool:
        """Made beforehand, since a transaction that makes it would stand in others' way."""
        try:
            await self.database.command("create", name, **options)
        except OperationFailure as problem:
            if problem.code != _EXISTS:
                raise
            return False
        return True


_EXISTS = 48
_OPTIONS: CodecOptions[Document] = CodecOptions(tz_aware=True, tzinfo=UTC)
