"""The server session a worker makes its transactions in, and the end of its predecessor's.

A client that is killed inside a transaction leaves its documents blocked until the server gives
the transaction up. The next of the same name therefore ends the session that the last one wrote
down, which also fences one that was only paused.
"""

import bson
from pymongo.client_session import ClientSession
from pymongo.errors import OperationFailure

from shared.projections.tables import SESSIONS, Tables


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
