"""Erasing a person, and the receipt that says where they were looked for (D12, P58)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Literal
from uuid import UUID

import structlog
from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from services.training.domain.erasure import AskErasure
from services.training.projections.erasure_receipts import (
    SERVICES,
    ErasureReceipt,
    receipt_key,
)
from services.training.queries.keeping import KEEPERS, InDirectory, Keeper, position_of
from shared.contracts.people import PersonListed
from shared.contracts.vocabulary import PersonId
from shared.dispatch.dispatch import Dispatcher
from shared.eventstore.tombstones import GONE_WITHIN
from shared.http.openapi import problems
from shared.http.reading import Reading
from shared.kernel.permissions import system
from shared.kernel.refusals import Unknown

router = APIRouter(tags=["people"])
log = structlog.get_logger()

Place = Literal["directory", "topic", "views", "parked", "notes", "refused_reactions", "mails"]
_EVERYWHERE: tuple[Place, ...] = ("views", "parked", "notes", "refused_reactions")


class ErasureAnswer(BaseModel):
    """What is said of an erasure at once."""

    person_id: PersonId
    what: Literal["erased"] = "erased"
    position: str = Field(description="For `after`, when asking for the receipt.")
    erased_at: str = Field(
        description="The position of the erasure itself, for `after` in any other service."
    )
    receipt: str = Field(description="Where the receipt is.")


class Looked(BaseModel):
    """One place where a service looked for the person."""

    service: str
    place: Place
    removed: int | None = Field(
        description="What was found and removed; null until it answers, "
        "and of the topic until `gone_from_topic_by`."
    )
    at: datetime | None = Field(description="When; null as long as `removed` is.")


class Receipt(BaseModel):
    """Where a person was looked for, and what was removed."""

    person_id: PersonId
    erased_on: date
    erased_at: datetime = Field(description="By the machine's clock, as all instants here.")
    listed_again: bool = Field(description="Whether the directory has the person now.")
    complete: bool = Field(
        description="Whether every service has answered; the topic is cleared after that."
    )
    waits_for: tuple[str, ...] = Field(description="The services that have not answered yet.")
    gone_from_topic_by: datetime = Field(
        description="When the broker has cleared earlier states from the topic, at the latest."
    )
    lines: tuple[Looked, ...]


@router.delete("/people/{person_id}", responses=problems(400))
async def erase_person(
    person_id: UUID, request: Request, reader: Reading, directory: InDirectory
) -> ErasureAnswer:
    """Erase a person here and, by what is told then, in every service (D12).

    Asked again it is a new erasure: every service looks once more, and the receipt tells of the
    newest. Nobody is unknown here: somebody who never was listed may have left notes, so an id
    that nobody has is answered in the same way, and its receipt shows that there was nothing.
    `If-Match` is refused.
    """
    reader.allow(KEEPERS)
    dispatcher: Dispatcher = request.app.state.dispatcher
    keeper = Keeper("ErasePerson", request, reader)
    revision, was_listed = await directory.next_erasure(person_id)
    # Told first: whatever is erased is then known to be asked for, whoever dies in between.
    asked = await dispatcher.send(
        AskErasure(revision=revision, asked_at=datetime.now(UTC), was_listed=was_listed),
        str(person_id),
        actor=system("directory"),
        correlation_id=keeper.envelope.correlation_id,
    )
    await directory.erase_as(person_id, revision, envelope=keeper.envelope)
    log.info("person_erased", actor=str(reader.actor), person_id=str(person_id))
    return ErasureAnswer(
        person_id=person_id,
        position=asked.position,
        erased_at=position_of(PersonListed, person_id, revision),
        receipt=f"/people/{person_id}/erasure",
    )


@router.get("/people/{person_id}/erasure")
async def erasure(person_id: UUID, reader: Reading, directory: InDirectory) -> Receipt:
    """See where a person was looked for, what was removed, and which service is awaited."""
    reader.allow(KEEPERS)
    found = [
        each[0]
        for service in SERVICES
        if (each := await reader.rows.one(ErasureReceipt, receipt_key(person_id, service)))
    ]
    if not found or not found[0].asked_on or not found[0].asked_at:
        raise Unknown("unknown")
    gone_by = found[0].asked_at + GONE_WITHIN
    waits_for = tuple(each.service for each in found if each.answered < each.asked)
    return Receipt(
        person_id=person_id,
        erased_on=found[0].asked_on,
        erased_at=found[0].asked_at,
        listed_again=person_id in await directory.find([person_id]),
        complete=not waits_for,
        waits_for=waits_for,
        gone_from_topic_by=gone_by,
        lines=tuple(line for row in found for line in _lines(row, gone_by)),
    )


def _lines(row: ErasureReceipt, gone_by: datetime) -> Iterator[Looked]:
    if row.service == "training":
        listed = int(row.was_listed)
        yield Looked(service=row.service, place="directory", removed=listed, at=row.asked_at)
        # The broker says nothing when it clears; it has by then, whatever became of the segment.
        gone = datetime.now(UTC) >= gone_by
        yield Looked(
            service=row.service,
            place="topic",
            removed=listed if gone else None,
            at=gone_by if gone else None,
        )
    answered = row.answered >= row.asked
    for place in (*_EVERYWHERE, *(("mails",) if row.service == "notifications" else ())):
        yield Looked(
            service=row.service,
            place=place,
            removed=getattr(row, place) if answered else None,
            at=row.answered_at if answered else None,
        )
