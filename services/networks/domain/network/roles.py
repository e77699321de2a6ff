"""The roles of a network: who holds them now, and how facts about the crew change that (M7)."""

from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from shared.contracts.networks import (
    CoDriverAssigned,
    CoDriverReleased,
    Crew,
    CrewEvent,
    NetworkLeaderAssigned,
    NetworkLeaderReplaced,
    ReferenceLeaderAssigned,
    ReferenceLeaderOptedIn,
    ReferenceLeaderOptOutRecorded,
    ReferenceLeaderReleased,
    ReferenceLeaderReplaced,
)
from shared.contracts.vocabulary import MandateParty, OrgUnitId, PersonId


@dataclass(frozen=True)
class Holder:
    """Who holds a role, and since when."""

    person_id: PersonId
    since: date
    line_manager_id: PersonId | None = None
    org_unit_id: OrgUnitId | None = None
    late: bool = False
    """A co-driver who came after the first phase (R137)."""


@dataclass(frozen=True)
class Roles:
    """The crew as it is now, and who is willing to be reference leader."""

    leader: Holder | None = None
    co_driver: Holder | None = None
    co_driver_left_on: date | None = None
    """When the last one who was released left."""
    reference_leader: Holder | None = None
    opted_in: frozenset[PersonId] = frozenset()

    @property
    def line_managers(self) -> tuple[PersonId, ...]:
        """Those of leader and co-driver, who make room for the work (R97), in a steady order."""
        crew = (self.leader, self.co_driver)
        return tuple(
            sorted({each.line_manager_id for each in crew if each and each.line_manager_id})
        )

    @property
    def crew(self) -> Crew:
        """The crew as facts tell it."""
        return Crew(
            leader_id=self.leader and self.leader.person_id,
            co_driver_id=self.co_driver and self.co_driver.person_id,
            reference_leader_id=self.reference_leader and self.reference_leader.person_id,
            line_manager_ids=self.line_managers,
        )

    def party(self, party: MandateParty) -> PersonId | None:
        """Who stands for a party of the mandate contract; the secretariat is no single person."""
        match party:
            case MandateParty.NETWORK_LEADER:
                return self.leader.person_id if self.leader else None
            case MandateParty.REFERENCE_LEADER:
                return self.reference_leader.person_id if self.reference_leader else None
            case MandateParty.LINE_MANAGER:
                return self.leader.line_manager_id if self.leader else None
            case MandateParty.SECRETARIAT:
                return None
            case other:
                assert_never(other)


def evolve_roles(roles: Roles, fact: CrewEvent) -> Roles:
    """Change the crew by a fact about it."""
    match fact:
        case ReferenceLeaderOptedIn():
            return replace(roles, opted_in=roles.opted_in | {fact.person_id})
        case ReferenceLeaderOptOutRecorded():
            return replace(
                roles,
                opted_in=roles.opted_in - {fact.person_id},
                reference_leader=None if fact.was_assigned else roles.reference_leader,
            )
        case ReferenceLeaderAssigned() | ReferenceLeaderReplaced():
            holder = Holder(fact.person_id, fact.on, org_unit_id=fact.org_unit_id)
            return replace(roles, reference_leader=holder)
        case ReferenceLeaderReleased():
            return replace(roles, reference_leader=None)
        case NetworkLeaderAssigned() | NetworkLeaderReplaced():
            return replace(roles, leader=Holder(fact.person_id, fact.on, fact.line_manager_id))
        case CoDriverAssigned():
            holder = Holder(fact.person_id, fact.on, fact.line_manager_id, late=fact.late)
            return replace(roles, co_driver=holder)
        case CoDriverReleased():
            return replace(roles, co_driver=None, co_driver_left_on=fact.on)
        case other:
            assert_never(other)
