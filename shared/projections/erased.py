"""Noting who was erased from the views, in the transaction that does it.

The note is what the rest of the erasure is done by (`shared/runtime/erasing.py`). Being part of
the transaction it is there once for each erasure, with what was removed, whoever dies when.
"""

from datetime import datetime
from typing import Any

from pymongo import UpdateOne
from pymongo.client_session import ClientSession

from shared.projections.folding import Folding
from shared.projections.tables import ERASURES, PARKED, Tables


def note_erased(folding: Folding, tables: Tables, session: ClientSession, now: datetime) -> None:
    """Note each erased person, with the rows and the parked records that go with them.

    To be called before what is parked is freed.
    """
    notes = [
        UpdateOne(
            {"_id": fact.position},
            {
                "$setOnInsert": {
                    "person_id": fact.key,
                    "revision": fact.version,
                    "views": folding.rows_removed_by(fact),
                    "parked": _parked(fact.stream, tables, session),
                    "at": now,
                }
            },
            upsert=True,
        )
        for fact in folding.erased
    ]
    if notes:
        tables.changing(ERASURES).bulk_write(notes, session=session)


def _parked(stream: str, tables: Tables, session: ClientSession) -> int:
    waiting: dict[str, Any] = {"stream": stream}
    return tables.changing(PARKED).count_documents(waiting, session=session)
