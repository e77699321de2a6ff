"""Erasing a person, and the receipt that says where they were looked for (D12, P58)."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Literal
from uuid import UUID

import structlog
from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from services.training.projections.erasure_receipts import (
    SERVICES,
    ErasureReceipt,
    receipt_key,
)
from shared.contracts.people import PERSON, PersonListed
from shared.contracts.vocabulary import PersonId
from shared.eventstore.directory import Directory
from shared.eventstore.tombstones import GONE_WITHIN
from shared.http.reading import Reading
from shared.kernel.events import Envelope
from shared.kernel.permissions import role
from shared.kernel.positions import Position
from shared.kernel.refusals import Unknown

router = APIRouter(tags=["people"])
log = structlog.get_logger()

KEEPERS = role("secretariat")  # P58

Place = Literal["directory", "topic", "views", "parked", "notes", "refused_reactions", "mails"]
_EVERYWHERE: tuple[Place, ...] = ("views", "parked", "notes", "refused_reactions")


class ErasureAnswer(BaseModel):
    """What is said of an erasure at once."""

    person_id: PersonId
    what: Literal["erased"] = "erased"
    position: str = Field(description="For `after`, when asking for the receipt.")
    receipt: str = Field(description="Where the receipt is.")


class Looked(BaseModel):
    """One place where a service looked for the person."""

    service: str
    place: Place
    removed: int | None = Field(description="What was found and removed; null until it answers.")
    at: datetime | None = Field(description="When; null until the service answers.")


class Receipt(BaseModel):
    """Where a person was looked for, and what was removed."""

    person_id: PersonId
    erased_on: date
    erased_at: datetime
    complete: bool = Field(description="Whether every service has answered.")
    waits_for: tuple[str, ...] = Field(description="The services that have not answered yet.")
    gone_from_topic_by: datetime = Field(
        description="When the broker has cleared earlier states from the topic, at the latest."
    )
    lines: tuple[Looked, ...]


@router.delete("/people/{person_id}")
async def erase_person(person_id: UUID, request: Request, reader: Reading) -> ErasureAnswer:
    """Erase a person here and, by what is told then, in every service (D12).

    Asked again it is the same erasure, with the same receipt.
    """
    reader.allow(KEEPERS)
    envelope = Envelope(
        command="ErasePerson",
        actor=str(reader.actor),
        correlation_id=request.scope.get("correlation_id", ""),
    )
    directory: Directory[PersonListed] = request.app.state.directory
    revision = await directory.erase(person_id, envelope=envelope)
    if revision is None:
        raise Unknown("unknown")
    log.info("person_erased", actor=str(reader.actor), person_id=str(person_id))
    return ErasureAnswer(
        person_id=person_id,
        position=str(Position(PERSON.stream(str(person_id)), revision)),
        receipt=f"/people/{person_id}/erasure",
    )


@router.get("/people/{person_id}/erasure")
async def erasure(person_id: UUID, reader: Reading) -> Receipt:
    """See where a person was looked for, what was removed, and which service is awaited."""
    reader.allow(KEEPERS)
    found = [
        each[0]
        for service in SERVICES
        if (each := await reader.rows.one(ErasureReceipt, receipt_key(person_id, service)))
    ]
    if not found or not found[0].asked_on or not found[0].asked_at:
        raise Unknown("unknown")
    waits_for = tuple(each.service for each in found if each.answered < each.asked)
    return Receipt(
        person_id=person_id,
        erased_on=found[0].asked_on,
        erased_at=found[0].asked_at,
        complete=not waits_for,
        waits_for=waits_for,
        gone_from_topic_by=found[0].asked_at + GONE_WITHIN,
        lines=tuple(line for row in found for line in _lines(row)),
    )


def _lines(row: ErasureReceipt) -> Iterator[Looked]:
    if row.service == "training":
        # Both are done with the erasure itself: the state goes, and is told as a tombstone.
        for place in ("directory", "topic"):
            yield Looked(service=row.service, place=place, removed=1, at=row.asked_at)
    answered = row.answered >= row.asked
    for place in (*_EVERYWHERE, *(("mails",) if row.service == "notifications" else ())):
        yield Looked(
            service=row.service,
            place=place,
            removed=getattr(row, place) if answered else None,
            at=row.answered_at if answered else None,
        )
