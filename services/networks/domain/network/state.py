"""A network: a temporary structure with a purpose, and all that binds it.

Its life (M4): planned when its theme is selected, or imported as it runs; running, now and then
on a break; testing; implementing; closed, or cancelled on the way. Its roles, mandate contract and
course lie in the same stream, because each restrains the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import assert_never
from uuid import UUID

from services.networks.domain.network.contract import Contract, evolve_contract
from services.networks.domain.network.life import (
    Cancelled,
    Closed,
    Implementing,
    Life,
    OnBreak,
    Planned,
    Running,
    Testing,
)
from services.networks.domain.network.phases import Course, evolve_course
from services.networks.domain.network.roles import Holder, Roles, evolve_roles
from shared.contracts.networks import NETWORK as NETWORK_KIND
from shared.contracts.networks import (
    CourseEvent,
    CrewEvent,
    ImplementationStarted,
    MandateEvent,
    NetworkBreakEnded,
    NetworkBreakStarted,
    NetworkCancelled,
    NetworkClosed,
    NetworkClosingAnnounced,
    NetworkEvent,
    NetworkImported,
    NetworkPlanned,
    NetworkStarted,
    NetworkThemeLinked,
    PhaseCompleted,
    PhasePlanRevised,
    PhaseStarted,
    Profile,
    TestFundingSecured,
    TestPhaseStarted,
)
from shared.contracts.vocabulary import (
    HalfYear,
    MandateParty,
    NetworkType,
    PersonId,
)
from shared.kernel.commands import Aggregate, Command, Context
from shared.kernel.permissions import Relations, its, role
from shared.kernel.refusals import Refused
from shared.policy import half_year_of


@dataclass(frozen=True)
class NotBegun:
    """There is no such network yet."""


@dataclass(frozen=True)
class Network:
    """A network: where it is in its life, who carries it, what is agreed, and its course."""

    title: str
    network_type: NetworkType
    half_year: HalfYear
    """The one it started in, or is planned for."""
    life: Life
    course: Course
    roles: Roles = field(default_factory=Roles)
    contract: Contract = field(default_factory=Contract)
    theme_id: UUID | None = None
    type_aligned: bool = True
    intended_difference: str | None = None
    planned_start: date | None = None
    started_on: date | None = None
    planned_end: date | None = None
    """The end that an imported network came with."""
    purpose: str | None = None
    profile: Profile | None = None
    """The type's frame as it was at the start (R75); None before it, and when imported."""
    planned_close: date | None = None

    @property
    def has_ended(self) -> bool:
        """Whether it is closed or cancelled."""
        return isinstance(self.life, Closed | Cancelled)

    @property
    def ended_on(self) -> date | None:
        """The day it was closed or cancelled."""
        return self.life.on if isinstance(self.life, Closed | Cancelled) else None

    @property
    def is_under_way(self) -> bool:
        """Started and not ended; breaks, test and implementation included."""
        return isinstance(self.life, Running | OnBreak | Testing | Implementing)

    @property
    def happened_last(self) -> date | None:
        """The latest day in its course so far: what comes next cannot be before it."""
        resting = self.life.started_on if isinstance(self.life, OnBreak) else None
        days = (self.started_on, self.course.happened_last, resting)
        return max((day for day in days if day), default=None)

    @property
    def parties(self) -> tuple[MandateParty, ...]:
        """The parties of the mandate contract that this network has, in their order (R146)."""
        return tuple(
            party
            for party in MandateParty
            if party is MandateParty.SECRETARIAT or self.roles.party(party)
        )

    @property
    def contract_is_agreed(self) -> bool:
        """Whether every party that the network has now agreed to the present version."""
        return self.contract.version > 0 and self.contract.agreed.issuperset(self.parties)


NetworkState = NotBegun | Network


def evolve(state: NetworkState, fact: NetworkEvent) -> NetworkState:
    """Change a network by a fact."""
    if isinstance(fact, NetworkPlanned | NetworkImported):
        return _begun(fact)
    assert isinstance(state, Network), f"{type(fact).__name__} before there is a network"
    if isinstance(fact, CrewEvent):
        roles = evolve_roles(state.roles, fact)
        new = (each for each in MandateParty if roles.party(each) != state.roles.party(each))
        return replace(state, roles=roles, contract=state.contract.without(*new))
    if isinstance(fact, MandateEvent):
        return replace(state, contract=evolve_contract(state.contract, fact))
    if isinstance(fact, CourseEvent):
        return _along(replace(state, course=evolve_course(state.course, fact)), fact)
    return _lived(state, fact)


def _begun(fact: NetworkPlanned | NetworkImported) -> Network:
    match fact:
        case NetworkPlanned():
            return Network(
                title=fact.title,
                network_type=fact.network_type,
                half_year=fact.half_year,
                life=Planned(),
                course=Course.planned(fact.phases),
                theme_id=fact.theme_id,
                type_aligned=fact.type_aligned,
                intended_difference=fact.intended_difference,
                planned_start=fact.planned_start,
            )
        case NetworkImported():
            return Network(
                title=fact.title,
                network_type=fact.network_type,
                half_year=half_year_of(fact.started_on),
                life=Running(),
                course=Course.planned(fact.phases, over=fact.phases_completed),
                roles=Roles(
                    leader=Holder(fact.leader_id, fact.started_on, fact.leader_line_manager_id),
                    co_driver=_holder(fact.co_driver_id, fact.started_on),
                    reference_leader=_holder(fact.reference_leader_id, fact.started_on),
                ),
                started_on=fact.started_on,
                planned_end=fact.planned_end,
                purpose=fact.purpose,
            )
        case other:
            assert_never(other)


def _holder(person_id: PersonId | None, since: date) -> Holder | None:
    return Holder(person_id, since) if person_id else None


def _lived(
    network: Network,
    fact: NetworkThemeLinked
    | NetworkStarted
    | NetworkClosingAnnounced
    | NetworkClosed
    | NetworkCancelled,
) -> Network:
    match fact:
        case NetworkThemeLinked():
            return replace(network, theme_id=fact.theme_id)
        case NetworkStarted():
            return replace(
                network,
                life=Running(),
                half_year=fact.half_year,
                started_on=fact.on,
                purpose=fact.purpose,
                profile=fact.profile,
            )
        case NetworkClosingAnnounced():
            return replace(network, planned_close=fact.planned_close)
        case NetworkClosed():
            return replace(network, life=Closed(fact.on, fact.result))
        case NetworkCancelled():
            return replace(network, life=Cancelled(fact.on))
        case other:
            assert_never(other)


def _along(network: Network, fact: CourseEvent) -> Network:
    """Move through the life as the course does."""
    match fact:
        case PhasePlanRevised():
            return replace(network, planned_start=fact.planned_start or network.planned_start)
        case NetworkBreakStarted():
            return replace(network, life=OnBreak(fact.number, fact.on, fact.expected_end))
        case NetworkBreakEnded():
            return replace(network, life=Running())
        case TestPhaseStarted():
            return replace(network, life=Testing())
        case ImplementationStarted():
            return replace(network, life=Implementing())
        case PhaseStarted() | PhaseCompleted() | TestFundingSecured():
            return network
        case other:
            assert_never(other)


def _relations(state: NetworkState) -> Relations:
    """Who carries the network; they keep their relation to it when it has ended.

    The line manager is the leader's own, who is a party to the contract.
    """
    if isinstance(state, NotBegun):
        return {}
    holders = {
        "leader": state.roles.leader,
        "co_driver": state.roles.co_driver,
        "reference_leader": state.roles.reference_leader,
    }
    manager = state.roles.party(MandateParty.LINE_MANAGER)
    return {
        **{relation: {holder.person_id} for relation, holder in holders.items() if holder},
        **({"line_manager": {manager}} if manager else {}),
    }


NETWORK: Aggregate[NetworkState, NetworkEvent] = Aggregate(
    NETWORK_KIND, NotBegun(), evolve, _relations
)

CREW = its("leader") | its("co_driver") | role("secretariat")
"""Who edits a network (P18, R141)."""
LEADER = its("leader") | role("secretariat")
"""Who starts, closes and contracts for it, and chooses the co-driver (P12, P16, P19, P21)."""


class NetworkCommand(Command[NetworkState, NetworkEvent]):
    """A command to a network that there is; subclasses implement `decide_open`.

    One that has ended takes no more commands (R89), refused here for all of them, except that the
    command which ended it may be repeated (`already`).
    """

    aggregate = NETWORK

    def decide(self, state: NetworkState, ctx: Context) -> Sequence[NetworkEvent]:
        """Refuse when the network has ended, else decide."""
        assert isinstance(state, Network)
        if not state.has_ended:
            return self.decide_open(state, ctx)
        if self.already(state):
            return []
        raise Refused("network_ended", "R89")

    def decide_open(self, network: Network, ctx: Context) -> Sequence[NetworkEvent]:
        """Decide on a network that has not ended."""
        raise NotImplementedError

    def already(self, network: Network) -> bool:
        """Tell whether the network ended just as this command wants."""
        return False
