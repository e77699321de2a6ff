"""Who may lead, and whom each leader's networks are coupled by, as networks knows it."""

from collections.abc import Iterable
from typing import assert_never
from uuid import UUID

from services.networks.domain.known import Leader, LeaderCrews
from shared.contracts.networks import (
    NetworkCancelled,
    NetworkClosed,
    NetworkImported,
    NetworkLeaderAssigned,
    NetworkLeaderReplaced,
    ReferenceLeaderAssigned,
    ReferenceLeaderOptOutRecorded,
    ReferenceLeaderReleased,
    ReferenceLeaderReplaced,
)
from shared.contracts.training import (
    AvailabilityChanged,
    CoDrivingCompleted,
    DiplomaAwarded,
    LeaderAdmittedToPool,
    LeaderLeftPool,
    LeaderQualified,
    LeadingCompleted,
    PriorQualificationRecorded,
)
from shared.contracts.vocabulary import PersonId, PriorExperience
from shared.kernel.events import Recorded
from shared.kernel.views import View, stream_key

PathHeard = (
    PriorQualificationRecorded
    | CoDrivingCompleted
    | LeadingCompleted
    | DiplomaAwarded
    | LeaderQualified
    | LeaderAdmittedToPool
    | LeaderLeftPool
    | AvailabilityChanged
)
Coupling = (
    ReferenceLeaderAssigned
    | ReferenceLeaderReplaced
    | ReferenceLeaderReleased
    | ReferenceLeaderOptOutRecorded
)
CrewHeard = (
    NetworkImported
    | NetworkLeaderAssigned
    | NetworkLeaderReplaced
    | Coupling
    | NetworkClosed
    | NetworkCancelled
)


def _leader(row: Leader | None, fact: Recorded[PathHeard], key: str) -> Leader:
    leader = row or Leader(person_id=UUID(key))
    event = fact.event
    match event:
        case PriorQualificationRecorded():
            has = "has_diploma" if event.what is PriorExperience.DIPLOMA else "has_driven"
            return leader.model_copy(update={has: True})
        case CoDrivingCompleted() | LeadingCompleted():
            return leader.model_copy(update={"has_driven": True})
        case DiplomaAwarded():
            return leader.model_copy(update={"has_diploma": True})
        case LeaderQualified():
            qualified = {"has_diploma": True, "has_driven": True, "is_qualified": True}
            return leader.model_copy(update=qualified)
        case LeaderAdmittedToPool():
            return leader.model_copy(update={"in_pool": True})
        case LeaderLeftPool():
            return leader.model_copy(update={"in_pool": False})
        case AvailabilityChanged():
            told = ("available", "available_from", "available_until")
            return leader.model_copy(update={field: getattr(event, field) for field in told})
        case other:
            assert_never(other)


def _leaders_of(fact: Recorded[CrewHeard]) -> Iterable[str]:
    return [str(each) for each in _leader_ids(fact.event) if each]


def _leader_ids(event: CrewHeard) -> Iterable[PersonId | None]:
    match event:
        case NetworkLeaderAssigned():
            return (event.person_id,)
        case NetworkLeaderReplaced():
            return (event.person_id, event.replaced_id)
        case NetworkClosed():
            return (event.crew.leader.person_id,) if event.crew.leader else ()
        case NetworkCancelled():
            return (event.crew.leader_id,)
        case (
            NetworkImported()
            | ReferenceLeaderAssigned()
            | ReferenceLeaderReplaced()
            | ReferenceLeaderReleased()
            | ReferenceLeaderOptOutRecorded()
        ):
            return (event.leader_id,)
        case other:
            assert_never(other)


def _crews(row: LeaderCrews | None, fact: Recorded[CrewHeard], key: str) -> LeaderCrews | None:
    leads = dict(row.reference_leaders) if row else {}
    event = fact.event
    match event:
        case NetworkLeaderReplaced() if key == str(event.replaced_id):
            leads.pop(fact.key, None)
        case NetworkImported() | NetworkLeaderAssigned() | NetworkLeaderReplaced():
            leads[fact.key] = event.reference_leader_id
        case ReferenceLeaderAssigned() | ReferenceLeaderReplaced():
            leads[fact.key] = event.person_id
        case ReferenceLeaderReleased() | ReferenceLeaderOptOutRecorded():
            leads[fact.key] = None
        case NetworkClosed() | NetworkCancelled():
            leads.pop(fact.key, None)
        case other:
            assert_never(other)
    if not leads:
        return None
    return LeaderCrews(leader_id=UUID(key), reference_leaders=dict(sorted(leads.items())))


LEADERS = View.of(Leader, PathHeard, keys=stream_key, fold=_leader)
LEADER_CREWS = View.of(LeaderCrews, CrewHeard, keys=_leaders_of, fold=_crews)
