"""Transactions, and the server session a worker makes them in, and the end of its predecessor's.

A client that is killed inside a transaction leaves its documents blocked until the server gives
the transaction up. The next of the same name therefore ends the session that the last one wrote
down, which also fences one that was only paused.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import bson
import pymongo
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError, OperationFailure, PyMongoError
from pymongo.write_concern import WriteConcern

from shared.kernel.refusals import NotYet
from shared.projections.tables import FOR_VIEWS, LOCAL, SESSIONS, Tables

T = TypeVar("T")

TRANSACTION_S = 4.0
_ATTEMPTS = 20


def take_over(tables: Tables, worker: str) -> ClientSession:
    """End the predecessor's session, and write down the one that is given back."""
    sessions = tables.changing(SESSIONS)
    session = tables.client.start_session()
    mine = session.session_id["id"]
    before = sessions.find_one_and_update(
        {"_id": worker}, {"$set": {"lsid": mine}, "$currentDate": {"at": True}}, upsert=True
    )
    if before is not None:
        end(tables, before["lsid"])
    return session


def end(tables: Tables, lsid: bson.Binary) -> None:
    """Have the server undo whatever is open in a session."""
    try:
        tables.client.admin.command("killSessions", [{"id": lsid}])
    except OperationFailure:
        # Not allowed to: the server's own limit on transactions ends it a little later.
        return


@contextmanager
def transaction(session: ClientSession, concern: WriteConcern = FOR_VIEWS) -> Iterator[None]:
    """One transaction on the session, that ends within its time whatever happens."""
    with (
        pymongo.timeout(TRANSACTION_S),
        session.start_transaction(read_concern=LOCAL, write_concern=concern),
    ):
        yield


async def in_transaction(
    tables: Tables, work: Callable[[ClientSession], T], *, durably: bool = False
) -> T:
    """Do it in a session of its own, and again when another was faster.

    Raises NotYet (`conflict`) when others always were. What is done `durably` outlives any server.
    """

    def once() -> T:
        concern = WriteConcern("majority", j=True) if durably else FOR_VIEWS
        with tables.client.start_session() as session, transaction(session, concern):
            return work(session)

    for attempt in range(_ATTEMPTS):
        try:
            return await asyncio.to_thread(once)
        except DuplicateKeyError:
            pass
        except PyMongoError as problem:
            if not problem.has_error_label("TransientTransactionError"):
                raise
        await asyncio.sleep(0.01 * 2 ** min(attempt, 6))
    raise NotYet("conflict")
