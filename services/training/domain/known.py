"""What training knows when it decides: rows of its own views."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.vocabulary import DrivingRole, OrgUnitId, OrgUnitKind, PersonId
from shared.kernel.facts import Row


class HeldRole(BaseModel):
    """A role in a network, held since a day and, when it is over, until another."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    network_id: UUID
    role: DrivingRole
    since: date
    until: date | None = None
    leader_id: PersonId
    """Who leads the network, or led it when the role ended; a leader's own id for the leader."""


class NetworkRoles(Row):
    """The networks that a person leads or co-drives, or did, keyed by the person's id."""

    person_id: PersonId
    held: tuple[HeldRole, ...] = ()
    """By network, and within a network as they came."""

    @property
    def now(self) -> tuple[HeldRole, ...]:
        """The roles that the person has now."""
        return tuple(each for each in self.held if each.until is None)

    @property
    def is_or_was_co_driver(self) -> bool:
        """Whether the person co-drives a network, or did at some time (R250)."""
        return any(each.role is DrivingRole.CO_DRIVER for each in self.held)

    def was_in(self, network_id: UUID) -> bool:
        """Tell whether the person leads or co-drives this network, or did."""
        return any(each.network_id == network_id for each in self.held)

    def had_role_on(self, day: date) -> bool:
        """Tell whether the person led or co-drove a network on that day (R182)."""
        return any(
            each.since <= day and (each.until is None or day <= each.until) for each in self.held
        )

    def co_drives_for(self, leader_id: PersonId | None) -> tuple[UUID, ...]:
        """The networks that the person co-drives now and this one leads now (P34)."""
        return tuple(
            each.network_id
            for each in self.now
            if each.role is DrivingRole.CO_DRIVER and each.leader_id == leader_id
        )


class PassedExams(Row):
    """Who has the diploma from a cohort, keyed by the cohort's id (R181).

    Known from the diplomas and not from the exams: how often somebody tried is for the four
    services alone, and what a decision rests on is told with it.
    """

    cohort_id: UUID
    person_ids: tuple[PersonId, ...] = ()
    """In order of their ids."""


class ChartedUnit(BaseModel):
    """A unit's place in the organisation."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: OrgUnitKind
    parent_id: OrgUnitId | None = None


class OrgChart(Row):
    """The organisation's units and which belongs to which; there is one row, keyed `all` (R2)."""

    KEY: ClassVar[str] = "all"

    units: dict[str, ChartedUnit] = Field(default_factory=dict)
    """By the unit's id."""

    def lacks(self, unit_id: OrgUnitId) -> bool:
        """Tell whether the organisation is known, and this unit is not in it."""
        return bool(self.units) and str(unit_id) not in self.units

    def department_of(self, unit_id: OrgUnitId) -> OrgUnitId:
        """The nearest department upwards, the unit included; the unit itself where none is."""
        seen: set[OrgUnitId] = set()
        above: OrgUnitId | None = unit_id
        while above is not None and above not in seen and str(above) in self.units:
            seen.add(above)
            unit = self.units[str(above)]
            if unit.kind is OrgUnitKind.DEPARTMENT:
                return above
            above = unit.parent_id
        return unit_id
