"""The crew: reference leader, network leader and co-driver come and go."""

from datetime import date
from uuid import UUID

from shared.contracts.vocabulary import (
    Competence,
    NetworkType,
    NoteId,
    OrgUnitId,
    PersonId,
)
from shared.kernel.events import Event


class ReferenceLeaderOptedIn(Event):
    """Somebody is willing to be the network's reference leader, by own choice (R150)."""

    person_id: PersonId
    theme_id: UUID | None = None
    stake_note: NoteId | None = None


class ReferenceLeaderOptOutRecorded(Event):
    """Somebody is no longer willing (R150)."""

    person_id: PersonId
    was_assigned: bool = False
    leader_id: PersonId | None = None
    contract_version: int | None = None
    """The mandate contract that now has one party less, if there is one (R146)."""


class ReferenceLeaderAssigned(Event):
    """The network is coupled to the base by a reference leader (R144); level as read then."""

    person_id: PersonId
    leader_id: PersonId | None = None
    is_director: bool
    in_chief_forum: bool
    org_unit_id: OrgUnitId | None = None
    contract_version: int | None = None
    """The mandate contract that now lacks this party's agreement, if there is one (R146)."""


class ReferenceLeaderReplaced(Event):
    """One reference leader gave way to the next, in one change (R149, R161)."""

    person_id: PersonId
    replaced_id: PersonId
    reason_note: NoteId | None = None
    leader_id: PersonId | None = None
    is_director: bool
    in_chief_forum: bool
    org_unit_id: OrgUnitId | None = None
    contract_version: int | None = None
    """The mandate contract that now lacks this party's agreement, if there is one (R146)."""


class ReferenceLeaderReleased(Event):
    """A learning network goes on without a reference leader (R144)."""

    person_id: PersonId
    leader_id: PersonId | None = None
    reason_note: NoteId
    contract_version: int | None = None
    """The mandate contract that now has one party less, if there is one (R146)."""


class NetworkLeaderAssigned(Event):
    """The network has its leader (R126); qualified and in the pool as known then (R111)."""

    person_id: PersonId
    line_manager_id: PersonId | None = None
    network_type: NetworkType
    title: str
    assessment_id: UUID | None = None
    qualified: bool
    in_pool: bool
    decided_by: tuple[PersonId, ...]
    reference_leader_id: PersonId | None = None
    contract_version: int | None = None
    """The mandate contract that now lacks these parties' agreement, if there is one (R146)."""


class NetworkLeaderReplaced(Event):
    """One leader gave way to the next, in one change (R126)."""

    person_id: PersonId
    replaced_id: PersonId
    replaced_since: date
    reason_note: NoteId | None = None
    line_manager_id: PersonId | None = None
    network_type: NetworkType
    title: str
    assessment_id: UUID | None = None
    qualified: bool
    in_pool: bool
    decided_by: tuple[PersonId, ...]
    reference_leader_id: PersonId | None = None
    contract_version: int | None = None
    """The mandate contract that now lacks these parties' agreement, if there is one (R146)."""
    co_driver_id: PersonId | None = None
    """Who co-drives the network, and has the new leader from now on (R131)."""


class CoDriverAssigned(Event):
    """A co-driver joins the network's leader (R131); late when the first phase was over (R137)."""

    person_id: PersonId
    leader_id: PersonId
    line_manager_id: PersonId | None = None
    network_type: NetworkType
    theme_id: UUID | None = None
    title: str
    theme_expertise: bool
    complements: tuple[Competence, ...] = ()
    rationale_note: NoteId
    assessment_id: UUID | None = None
    late: bool = False


class CoDriverReleased(Event):
    """The co-driver left before the end, which gives no experience (R137)."""

    person_id: PersonId
    line_manager_id: PersonId | None = None
    since: date
    until: date
    reason_note: NoteId | None = None


CrewEvent = (
    ReferenceLeaderOptedIn
    | ReferenceLeaderOptOutRecorded
    | ReferenceLeaderAssigned
    | ReferenceLeaderReplaced
    | ReferenceLeaderReleased
    | NetworkLeaderAssigned
    | NetworkLeaderReplaced
    | CoDriverAssigned
    | CoDriverReleased
)
