"""What became of an erasure in each service: the lines of its receipt (D12, P58)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import assert_never

from shared.contracts.erasure import (
    ErasureAsked,
    PersonForgottenByNetworks,
    PersonForgottenByNotifications,
    PersonForgottenByThemes,
    PersonForgottenByTraining,
    PersonForgottenSomewhere,
)
from shared.contracts.vocabulary import PersonId
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View
from shared.people.erasure import RecordErasure

SERVICES = ("training", "themes", "networks", "notifications")

Told = ErasureAsked | PersonForgottenSomewhere


class ErasureReceipt(Row):
    """What one service has erased of a person; keyed `<person's id>/<service>`.

    The service has answered when `answered` is not less than `asked`.
    """

    person_id: PersonId
    service: str
    asked: int = 0
    """The directory's revision that erased the person last."""
    asked_on: date | None = None
    asked_at: datetime | None = None
    """By the machine's clock."""
    was_listed: bool = False
    """Whether the directory knew the person then."""
    answered: int = 0
    """The revision of the erasure that the counts are of."""
    answered_at: datetime | None = None
    views: int = 0
    """Rows removed from the service's views."""
    parked: int = 0
    """Parked records of the directory removed."""
    notes: int = 0
    """Notes about the person removed."""
    refused_reactions: int = 0
    """Refused reactions removed that held what the directory told."""
    mails: int = 0
    """Mails given up that waited for the person."""


def receipt_key(person_id: object, service: str) -> str:
    """The key of a line."""
    return f"{person_id}/{service}"


def _keys(fact: Recorded[Told]) -> Iterable[str]:
    if isinstance(fact.event, ErasureAsked):
        return [receipt_key(fact.key, each) for each in SERVICES]
    return [receipt_key(fact.key, _service(fact.event))]


def _service(event: PersonForgottenSomewhere) -> str:
    match event:
        case PersonForgottenByThemes():
            return "themes"
        case PersonForgottenByNetworks():
            return "networks"
        case PersonForgottenByTraining():
            return "training"
        case PersonForgottenByNotifications():
            return "notifications"
        case other:
            assert_never(other)


def _fold(row: ErasureReceipt | None, fact: Recorded[Told], key: str) -> ErasureReceipt:
    person_id, _, service = key.partition("/")
    row = row or ErasureReceipt.model_validate({"person_id": person_id, "service": service})
    event = fact.event
    if isinstance(event, ErasureAsked):
        if event.revision <= row.asked:
            return row
        asked = {"asked": event.revision, "asked_on": event.on, "asked_at": event.asked_at}
        return row.model_copy(update={**asked, "was_listed": event.was_listed})
    if event.revision <= row.answered:
        return row
    counts = event.model_dump(include=set(RecordErasure.COUNTS))
    answered = {"answered": event.revision, "answered_at": fact.at}
    return row.model_copy(update={**answered, **counts})


ERASURE_RECEIPTS = View.of(ErasureReceipt, Told, keys=_keys, fold=_fold)
