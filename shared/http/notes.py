"""Reading a note: free text about a person, kept outside the facts that name its id (D12)."""

from typing import Protocol
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from shared.http.reading import Reading
from shared.kernel.commands import Note
from shared.kernel.permissions import May, oneself
from shared.kernel.refusals import Unknown


class Finds(Protocol):
    """The notes of a service."""

    async def one(self, note_id: UUID) -> Note | None:
        """Return a note, None for one that was erased or never written."""
        ...


class NoteItem(BaseModel):
    """A note as it was written."""

    id: UUID
    text: str
    about: UUID | None = Field(description="The person it is about; null where it names none.")


def notes_router(may: May, notes: Finds) -> APIRouter:
    """The route that reads a note, for `may` and the person whom the note is about."""
    readers = may | oneself(field="about")
    router = APIRouter(tags=["notes"])

    @router.get("/notes/{note_id}")
    async def note(note_id: UUID, reader: Reading) -> NoteItem:
        """Read a note that a fact names; it is unknown from when it is erased."""
        found = await notes.one(note_id)
        # Who may not is told the same whether there is a note or not.
        reader.allow(readers, about=found.about if found else None)
        if found is None:
            raise Unknown("unknown")
        return NoteItem(id=found.id, text=found.text, about=found.about)

    return router
