"""Free text about persons, outside the events, so that it can be erased (D12)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.eventstore.database import Database, Document, reaching
from shared.kernel.commands import Note

NOTES = "notes"


class Notes:
    """The notes of one service; events carry their ids."""

    def __init__(self, database: Database) -> None:
        self._notes = database[NOTES]

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

    async def one(self, note_id: UUID) -> Note | None:
        """A note as it was written; None for one that was erased, or never was."""
        with reaching():
            found = await self._notes.find_one({"_id": str(note_id)})
        if found is None:
            return None
        return Note(note_id, found["text"], UUID(found["about"]) if found["about"] else None)

    async def texts(self, ids: Iterable[UUID]) -> dict[UUID, str]:
        """The texts that are still there."""
        with reaching():
            found = self._notes.find({"_id": {"$in": [str(each) for each in ids]}})
            return {UUID(note["_id"]): note["text"] async for note in found}


def about(person_id: UUID) -> Document:
    """What the notes about a person are found by."""
    return {"about": str(person_id)}


def _document(note: Note, at: datetime) -> dict[str, Any]:
    about = str(note.about) if note.about else None
    return {"_id": str(note.id), "text": note.text, "about": about, "at": at}
