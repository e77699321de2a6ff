"""What training knows when it decides: rows of its own views."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.contracts.vocabulary import DrivingRole, PersonId
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
    """Who has passed every part of the exam in a cohort, keyed by the cohort's id (R181)."""

    cohort_id: UUID
    person_ids: tuple[PersonId, ...] = ()
    """In order of their ids."""
