"""What a person has on the way to network leader, and how each fact adds to it."""

from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never
from uuid import UUID

from shared.contracts.training import (
    LEADER,
    AvailabilityChanged,
    CoDrivingCompleted,
    DiplomaAwarded,
    InnovatorJoinedCorps,
    InnovatorLeftCorps,
    LeaderAdmittedToPool,
    LeaderEvent,
    LeaderInterestRegistered,
    LeaderLeftPool,
    LeaderQualified,
    LeadingCompleted,
    PriorQualificationRecorded,
)
from shared.contracts.vocabulary import (
    DrivingRole,
    LeaderWish,
    PersonId,
    PoolBasis,
    PriorExperience,
)
from shared.kernel.commands import Aggregate, Command


@dataclass(frozen=True)
class Availability:
    """Whether a person can be asked, as told last; who never told anything can (R125)."""

    available: bool = True
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Run:
    """A network driven to its end; without an id when it was before the system."""

    role: DrivingRole
    network_id: UUID | None
    ended_on: date
    title: str | None = None
    """What it was called, of those before the system; that tells two of one day apart."""

    @property
    def is_from_before(self) -> bool:
        """Whether it was driven before the system."""
        return self.network_id is None


@dataclass(frozen=True)
class PoolPlace:
    """Why a person is in the pool."""

    basis: PoolBasis
    generation: int | None


@dataclass(frozen=True)
class LeaderPath:
    """What a person has so far; the facts add up, and none but pool and corps is ever lost."""

    wish: LeaderWish | None = None
    availability: Availability = Availability()
    diplomas: frozenset[date] = frozenset()
    passed_cohorts: frozenset[UUID] = frozenset()
    """The cohorts that gave a diploma."""
    runs: tuple[Run, ...] = ()
    qualified: bool = False
    pool: PoolPlace | None = None
    corps: frozenset[UUID | None] = frozenset()
    """What makes the person an innovator: cohorts, and None for the secretariat's word."""


def evolve(state: LeaderPath, fact: LeaderEvent) -> LeaderPath:
    """Change a path by a fact."""
    match fact:
        case LeaderInterestRegistered():
            return replace(state, wish=fact.wish)
        case AvailabilityChanged():
            told = Availability(fact.available, fact.available_from, fact.available_until)
            return replace(state, availability=told)
        case PriorQualificationRecorded(what=PriorExperience.DIPLOMA):
            return replace(state, diplomas=state.diplomas | {fact.on})
        case PriorQualificationRecorded():
            run = Run(DrivingRole(fact.what.value), None, fact.on, fact.title)
            return _with_run(state, run)
        case CoDrivingCompleted():
            return _with_run(state, Run(DrivingRole.CO_DRIVER, fact.network_id, fact.until))
        case LeadingCompleted():
            return _with_run(state, Run(DrivingRole.LEADER, fact.network_id, fact.until))
        case DiplomaAwarded():
            return replace(
                state,
                diplomas=state.diplomas | {fact.awarded_on},
                passed_cohorts=state.passed_cohorts | {fact.cohort_id},
            )
        case LeaderQualified():
            return replace(state, qualified=True)
        case LeaderAdmittedToPool():
            return replace(state, pool=PoolPlace(fact.basis, fact.generation))
        case LeaderLeftPool():
            return replace(state, pool=None)
        case InnovatorJoinedCorps():
            return replace(state, corps=state.corps | {fact.cohort_id})
        case InnovatorLeftCorps(cohort_id=None):
            return replace(state, corps=frozenset())
        case InnovatorLeftCorps():
            return replace(state, corps=state.corps - {fact.cohort_id})
        case other:
            assert_never(other)


def _with_run(state: LeaderPath, run: Run) -> LeaderPath:
    return replace(state, runs=(*state.runs, run))


LEADER_PATH: Aggregate[LeaderPath, LeaderEvent] = Aggregate(LEADER, LeaderPath(), evolve)


class LeaderCommand(Command[LeaderPath, LeaderEvent]):
    """A command to a person's path, which begins with whatever comes first."""

    aggregate = LEADER_PATH
    begins = True

    person_id: PersonId
