"""What notifications knows when it tells: who is concerned."""

from collections.abc import Mapping
from datetime import date
from typing import assert_never
from uuid import UUID

from shared.contracts.vocabulary import MandateParty, NetworkType, OrgUnitId, PersonId, PhaseKey
from shared.kernel.facts import Row


class NetworkCrew(Row):
    """Who carries a network, and what is awaited of it; keyed by the network's id."""

    title: str = ""
    network_type: NetworkType | None = None
    leader_id: PersonId | None = None
    leader_line_manager_id: PersonId | None = None
    co_driver_id: PersonId | None = None
    co_driver_line_manager_id: PersonId | None = None
    reference_leader_id: PersonId | None = None
    phases: Mapping[PhaseKey, str] = {}
    """The phases of the plan, each with the name that the plan gives it ("" when it gives none)."""
    begun: tuple[PhaseKey, ...] = ()
    """The phases that have begun, which nobody awaits any more."""
    awaited: Mapping[MandateParty, date] = {}
    """The parties of the mandate contract that are still to agree, each since when."""

    def holder(self, party: MandateParty) -> PersonId | None:
        """Who stands for a party; None where nobody does, and the secretariat is no person."""
        match party:
            case MandateParty.NETWORK_LEADER:
                return self.leader_id
            case MandateParty.REFERENCE_LEADER:
                return self.reference_leader_id
            case MandateParty.LINE_MANAGER:
                return self.leader_line_manager_id
            case MandateParty.SECRETARIAT:
                return None
            case other:
                assert_never(other)

    def label(self, phase: PhaseKey) -> str:
        """The name of a phase, as people read it."""
        return self.phases.get(phase) or phase.replace("_", " ")


class KnownTheme(Row):
    """A theme as those who are told of it need it; keyed by the theme's id."""

    theme_id: UUID
    title: str
    proposer_id: PersonId
    affected_departments: tuple[OrgUnitId, ...] = ()
