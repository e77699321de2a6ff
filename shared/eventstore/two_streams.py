"""Commits to two streams, stored both or neither: the only transaction of the write side (D6)."""

import asyncio
import random
import time
from collections.abc import Sequence

from bson.raw_bson import RawBSONDocument
from pymongo.errors import BulkWriteError, PyMongoError

from shared.eventstore.database import UNREACHABLE, Database
from shared.eventstore.group_commit import DUPLICATE, Taken, why_not
from shared.kernel.refusals import NotYet


async def store_together(
    database: Database, documents: Sequence[bytes], *, timeout_s: float = 5.0
) -> None:
    """Store encoded commits in one transaction; each place in its stream must be free.

    Raises Taken, Malformed (`not_storable`), or NotYet (`store_unreachable`), after which both
    may be stored or none; storing them again is safe.
    """
    until = time.monotonic() + timeout_s
    while True:
        try:
            await _attempt(database, documents)
        except BulkWriteError as result:
            errors = result.details["writeErrors"]
            if any(error["code"] == DUPLICATE for error in errors):
                raise Taken from result
            raise why_not(errors[0]["code"] if errors else None, result) from result
        except PyMongoError as problem:
            if not _may_pass(problem):
                raise why_not(getattr(problem, "code", None), problem) from problem
            if time.monotonic() > until:
                raise NotYet("store_unreachable") from problem
            # Another transaction is at the same place; after it this one finds it taken.
            await asyncio.sleep(random.uniform(0.002, 0.02))  # noqa: S311 - no secret
        else:
            return


async def _attempt(database: Database, documents: Sequence[bytes]) -> None:
    async with await database.client.start_session() as session, session.start_transaction():
        await database["commits"].insert_many(
            [RawBSONDocument(each) for each in documents], session=session
        )


def _may_pass(problem: PyMongoError) -> bool:
    return (
        isinstance(problem, UNREACHABLE)
        or problem.has_error_label("TransientTransactionError")
        or problem.has_error_label("UnknownTransactionCommitResult")
    )
