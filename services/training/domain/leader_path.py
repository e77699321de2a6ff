"""A leader's path: one person's way from an interest to network leader and into the pool.

It begins with any of its facts, and no order is asked for. Driven networks come from networks that
closed, or from before the system; nobody can be given one. Qualified is who has a diploma and a
driven network, whichever came first. The pool is where one looks for leaders; it is no gate.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, assert_never
from uuid import UUID

from pydantic import Field, model_validator

from shared.contracts.training import (
    LEADER,
    CoDrivingCompleted,
    LeaderAdmittedToPool,
    LeaderEvent,
    LeaderInterestRegistered,
    LeaderLeftPool,
    LeaderQualified,
    LeadingCompleted,
    PriorQualificationRecorded,
    QualifyingRun,
)
from shared.contracts.vocabulary import (
    DrivingRole,
    LeaderWish,
    NetworkType,
    PersonId,
    PoolBasis,
    PriorExperience,
)
from shared.kernel.commands import Aggregate, Command, Context, NoteText
from shared.kernel.permissions import SYSTEM, oneself, role
from shared.kernel.refusals import Forbidden, Malformed, Refused


@dataclass(frozen=True)
class Run:
    """A network driven to its end; without an id when it was before the system."""

    role: DrivingRole
    network_id: UUID | None
    ended_on: date


@dataclass(frozen=True)
class PoolPlace:
    """Why a person is in the pool."""

    basis: PoolBasis
    generation: int | None


@dataclass(frozen=True)
class LeaderPath:
    """What a person has so far; the facts add up, and none but the pool is ever lost."""

    wish: LeaderWish | None = None
    diplomas: frozenset[date] = frozenset()
    runs: tuple[Run, ...] = ()
    qualified: bool = False
    pool: PoolPlace | None = None


def evolve(state: LeaderPath, fact: LeaderEvent) -> LeaderPath:
    """Change a path by a fact."""
    match fact:
        case LeaderInterestRegistered():
            return replace(state, wish=fact.wish)
        case PriorQualificationRecorded(what=PriorExperience.DIPLOMA):
            return replace(state, diplomas=state.diplomas | {fact.on})
        case PriorQualificationRecorded():
            return _with_run(state, Run(DrivingRole(fact.what.value), None, fact.on))
        case CoDrivingCompleted():
            return _with_run(state, Run(DrivingRole.CO_DRIVER, fact.network_id, fact.until))
        case LeadingCompleted():
            return _with_run(state, Run(DrivingRole.LEADER, fact.network_id, fact.until))
        case LeaderQualified():
            return replace(state, qualified=True)
        case LeaderAdmittedToPool():
            return replace(state, pool=PoolPlace(fact.basis, fact.generation))
        case LeaderLeftPool():
            return replace(state, pool=None)
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


class RegisterLeaderInterest(LeaderCommand):
    """Tell that a person would like to lead or co-drive a network."""

    may = oneself(field="person_id") | role("secretariat")  # P1

    wish: LeaderWish
    themes: NoteText | None = None

    def decide(self, state: LeaderPath, ctx: Context) -> Sequence[LeaderEvent]:
        """Register the wish; the same one again is a fact only with something said of themes."""
        if self.on_behalf_of not in (None, self.person_id):
            raise Malformed("on_behalf_of_another", "R43", person_id=str(self.person_id))
        if self.wish is state.wish and self.themes is None:
            return []
        note = ctx.note(self.themes, about=self.person_id) if self.themes else None
        return [
            LeaderInterestRegistered(
                on=ctx.on, person_id=self.person_id, wish=self.wish, themes_note=note
            )
        ]


class RecordPriorQualification(LeaderCommand):
    """Record a diploma or a driven network from before the system."""

    may = role("secretariat")  # P32

    on: Annotated[date, Field(ge=date(1950, 1, 1))]
    what: PriorExperience
    evidence: NoteText

    def decide(self, state: LeaderPath, ctx: Context) -> Sequence[LeaderEvent]:
        """Refuse a network driven since the structure began: those come from networks alone."""
        start = ctx.policy.training.structure_start
        if self.what is PriorExperience.DIPLOMA:
            known = ctx.on in state.diplomas
        elif ctx.on >= start:
            raise Refused(
                "prior_run_after_structure_start", "R136", structure_start=start.isoformat()
            )
        else:
            known = Run(DrivingRole(self.what.value), None, ctx.on) in state.runs
        if known:
            return []
        note = ctx.note(self.evidence, about=self.person_id)
        return _qualifying(
            state,
            PriorQualificationRecorded(
                on=ctx.on, person_id=self.person_id, what=self.what, evidence_note=note
            ),
        )


class RecordNetworkRun(LeaderCommand):
    """Record that a person drove a network to its end."""

    may = SYSTEM  # R136: from a network that closed, never typed in

    network_id: UUID
    network_type: NetworkType
    role: DrivingRole
    since: date
    until: date
    late: bool = False

    def decide(self, state: LeaderPath, ctx: Context) -> Sequence[LeaderEvent]:
        """Record each network once; a late co-driver counts, and is marked (R137)."""
        if any((run.network_id, run.role) == (self.network_id, self.role) for run in state.runs):
            return []
        completed = LeadingCompleted if self.role is DrivingRole.LEADER else CoDrivingCompleted
        return _qualifying(
            state,
            completed(
                on=ctx.on,
                person_id=self.person_id,
                network_id=self.network_id,
                network_type=self.network_type,
                since=self.since,
                until=self.until,
                late=self.late,
            ),
        )


class SetPoolMembership(LeaderCommand):
    """Admit a person to the pool of leaders, on what basis, or let the person leave."""

    may = role("secretariat") | oneself(field="person_id")  # P35; oneself only to leave

    in_pool: bool
    basis: PoolBasis | None = None
    generation: Annotated[int, Field(ge=1, le=99)] | None = None
    reason: NoteText | None = None

    @model_validator(mode="after")
    def _on_some_basis(self) -> "SetPoolMembership":
        if self.in_pool and self.basis is None:
            raise ValueError("basis is needed to be in the pool")
        if self.in_pool and self.reason is not None:
            raise ValueError("reason is for leaving the pool")
        if not self.in_pool and (self.basis or self.generation):
            raise ValueError("basis and generation are for being in the pool")
        return self

    def decide(self, state: LeaderPath, ctx: Context) -> Sequence[LeaderEvent]:
        """Admit or let go; who is not qualified yet is remarked on and admitted all the same."""
        if self.basis is None:
            return self._leaving(state, ctx)
        if ctx.capacity == "self":
            raise Forbidden("not_allowed", who="secretariat")
        if state.pool == PoolPlace(self.basis, self.generation):
            return []
        ctx.warn("not_yet_qualified", "R110", when=not state.qualified)
        return [
            LeaderAdmittedToPool(
                on=ctx.on,
                person_id=self.person_id,
                basis=self.basis,
                generation=self.generation,
                qualified=state.qualified,
            )
        ]

    def _leaving(self, state: LeaderPath, ctx: Context) -> Sequence[LeaderEvent]:
        if state.pool is None:
            return []
        note = ctx.note(self.reason, about=self.person_id) if self.reason else None
        return [LeaderLeftPool(on=ctx.on, person_id=self.person_id, reason_note=note)]


def _qualifying(state: LeaderPath, fact: LeaderEvent) -> Sequence[LeaderEvent]:
    """Return the fact, and with it that the person is qualified when nothing is missing now."""
    after = evolve(state, fact)
    if after.qualified or not after.diplomas or not after.runs:
        return [fact]
    diploma_on = min(after.diplomas)
    return [
        fact,
        LeaderQualified(
            on=max(diploma_on, min(run.ended_on for run in after.runs)),
            person_id=fact.person_id,
            diploma_on=diploma_on,
            runs=tuple(
                QualifyingRun(role=run.role, network_id=run.network_id) for run in after.runs
            ),
        ),
    ]
