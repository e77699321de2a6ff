"""What each leader said no to, and why."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from shared.contracts.training import AssignmentDeclined
from shared.contracts.vocabulary import DeclineReason, DrivingRole, NoteId, PersonId
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View, stream_key


class DeclinedAssignment(Row):
    """A role in a network that a person was asked for and declined (R125), keyed by all three.

    For the person, the secretariat and the municipal director alone (P44).
    """

    person_id: PersonId
    network_id: UUID
    role: DrivingRole
    reason: DeclineReason
    declined_on: date
    text_note: NoteId | None = None
    """What the person said of it."""


class Declines(Row):
    """How often a person said no, and when last; keyed by the person, for those who choose."""

    person_id: PersonId
    declines: int = 0
    """How many networks the person was asked for and declined, a role at a time."""
    declined_on: date


def _key(fact: Recorded[AssignmentDeclined]) -> Iterable[str]:
    declined = fact.event
    return (f"{declined.person_id}/{declined.network_id}/{declined.role}",)


def _fold(
    row: DeclinedAssignment | None, fact: Recorded[AssignmentDeclined], key: str
) -> DeclinedAssignment:
    told = fact.event.model_dump(exclude={"on"})
    return DeclinedAssignment(declined_on=fact.event.on, **told)


def _counted(row: Declines | None, fact: Recorded[AssignmentDeclined], key: str) -> Declines:
    before = row.declines if row else 0
    return Declines(person_id=UUID(key), declines=before + 1, declined_on=fact.event.on)


DECLINED_ASSIGNMENTS = View.of(
    DeclinedAssignment,
    AssignmentDeclined,
    keys=_key,
    fold=_fold,
    indexes=("person_id", "network_id", "declined_on"),
)
DECLINES = View.of(
    Declines, AssignmentDeclined, keys=stream_key, fold=_counted, indexes=("person_id",)
)
