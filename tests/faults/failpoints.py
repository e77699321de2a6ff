"""Catching a process in the act: MongoDB's own fail points hold one of its commands back.

The commands wait inside the server, so whoever sent one can be killed at exactly that place.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pymongo import AsyncMongoClient

Json = dict[str, Any]
_HELD_MS = 60_000


@asynccontextmanager
async def holding(
    mongo: AsyncMongoClient[Json], command: str, namespace: str, *, within_s: float = 30.0
) -> AsyncIterator[str]:
    """Hold back the next command of this name to a collection; the block begins once it waits.

    It is told whether the command is part of a transaction. After the block the command is undone,
    so that it never happens. Raises PyMongoError when none comes.
    """
    of, _, collection = namespace.partition(".")
    which = {"failCommands": [command], "namespace": namespace, "blockConnection": True}
    begun = await mongo.admin.command(
        {
            "configureFailPoint": "failCommand",
            "mode": {"times": 1},
            "data": {**which, "blockTimeMS": _HELD_MS},
        }
    )
    try:
        await mongo.admin.command(
            {
                "waitForFailPoint": "failCommand",
                "timesEntered": begun["count"] + 1,
                "maxTimeMS": int(within_s * 1000),
            }
        )
        waiting = await mongo.admin.aggregate(
            [
                {"$currentOp": {"allUsers": True}},
                {"$match": {"active": True, f"command.{command}": collection, "command.$db": of}},
            ]
        )
        (held,) = await waiting.to_list()
        try:
            yield "in a transaction" if held["command"].get("autocommit") is False else "by itself"
        finally:
            await mongo.admin.command({"killOp": 1, "op": held["opid"]})
    finally:
        await mongo.admin.command({"configureFailPoint": "failCommand", "mode": "off"})
