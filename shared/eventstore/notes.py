"""Free text about persons, outside the events, so that it can be erased (D12)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.eventstore.database import Database, reaching
from shared.kernel.commands import Note


class Notes:
    """The notes of one service; events carry their ids."""

    def __init__(self, database: Database) -> None:
        self._notes = database["notes"]

    async def put(self, notes: Sequence[Note], at: datetime) -> None:
        """Write notes, before the commit that names them."""
        if notes:
            with reaching():
                await self._notes.insert_many([_document(each, at) for each in notes])

    async def drop(self, notes: Sequence[Note]) -> None:
        """Take notes back whose commit was not stored."""
        if notes:
            with reaching():
                await self._notes.delete_many({"_id": {"$in": [str(each.id) for each in notes]}})

    async def texts(self, ids: Iterable[UUID]) -> dict[UUID, str]:
        """The texts that are still there."""
        with reaching():
            found = self._notes.find({"_id": {"$in": [str(each) for each in ids]}})
            return {UUID(note["_id"]): note["text"] async for note in found}

    async def erase_about(self, person_id: UUID) -> int:
        """Erase all that is noted about a person; the number erased is given back."""
        with reaching():
            erased = await self._notes.delete_many({"about": str(person_id)})
        return erased.deleted_count


def _document(note: Note, at: datetime) -> dict[str, Any]:
    about = str(note.about) if note.about else None
    return {"_id": str(note.id), "text": note.text, "about": about, "at": at}
