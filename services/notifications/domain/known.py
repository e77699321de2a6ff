"""What notifications knows when it tells: who is concerned."""

from uuid import UUID

from shared.contracts.vocabulary import MandateParty, NetworkType, OrgUnitId, PersonId
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
    phases: tuple[str, ...] = ()
    """The phases of the plan, in order."""
    parties: tuple[MandateParty, ...] = ()
    """The parties of the mandate contract, once there is one."""
    agreed: tuple[MandateParty, ...] = ()

    def holder(self, party: MandateParty) -> PersonId | None:
        """Who speaks for a party; None is the secretariat, or nobody yet."""
        holders: dict[MandateParty, PersonId | None] = {
            MandateParty.NETWORK_LEADER: self.leader_id,
            MandateParty.REFERENCE_LEADER: self.reference_leader_id,
            MandateParty.LINE_MANAGER: self.leader_line_manager_id,
            MandateParty.SECRETARIAT: None,
        }
        return holders[party]


class KnownTheme(Row):
    """A theme as those who are told of it need it; keyed by the theme's id."""

    theme_id: UUID
    title: str
    proposer_id: PersonId
    affected_departments: tuple[OrgUnitId, ...] = ()
