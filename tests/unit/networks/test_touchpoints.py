"""A learning network closes after the chief forum has treated its closing, or by an override."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from services.networks.domain.known import Touchpoints
from services.networks.domain.network.closing import AnnounceNetworkClosing, CloseNetwork
from services.networks.domain.results import RESULTS
from services.networks.projections.overview import NetworkOverview
from services.networks.projections.overview_fold import NETWORK_OVERVIEW
from services.networks.projections.readers import MatchBoard, NetworkPage, TestGate
from services.networks.projections.touchpoints import TOUCHPOINTS
from services.themes.domain.forum_slot.holding import Attending, HoldForumSlot
from services.themes.domain.forum_slot.scheduling import ScheduleForumSlot
from services.themes.reactions.agenda import ON_THE_AGENDA
from shared.contracts.networks import (
    Crew,
    EvaluationRecorded,
    NetworkCancelled,
    NetworkClosingAnnounced,
    NetworkImported,
    NetworkPlanned,
    NetworkStarted,
    PlannedPhase,
    Profile,
)
from shared.contracts.themes import ForumAgendaItemAdded, ForumTouchpointRecorded
from shared.contracts.vocabulary import (
    EvaluationMoment,
    ForumRight,
    NetworkResult,
    NetworkType,
    NextStep,
    OutcomeSoFar,
    Touchpoint,
)
from shared.kernel.commands import Command, Override
from shared.kernel.events import Event, Recorded
from shared.kernel.permissions import Actor, system
from shared.policy.periods import last_day, start_of
from shared.testing import (
    CHIEF,
    SECRETARIAT,
    TODAY,
    employee,
    folded,
    given,
    new_id,
    person,
    reacting,
    recorded,
    rule,
)
from shared.testing.kit import Given

NETWORK = UUID(int=1)
BEGAN = date(2013, 3, 1)
LEADER, CO_DRIVER, REFERENCE = employee("ada"), employee("bo"), employee("reference")
LEARNING = NetworkImported(
    on=BEGAN,
    title="Projektledelse på tværs",
    purpose="Ny viden",
    network_type=NetworkType.LEARNING,
    started_on=BEGAN,
    leader_id=person("ada"),
    co_driver_id=person("bo"),
    reference_leader_id=person("reference"),
    phases=(PlannedPhase(phase="learning_1"),),
)
EVALUATED = EvaluationRecorded(
    on=BEGAN,
    moment=EvaluationMoment.CLOSING,
    template_version=1,
    went_well="Samarbejdet",
    went_badly="Tiden",
    effects="Ny viden",
    outcome_so_far=OutcomeSoFar.NOT_YET,
)
ANNOUNCED = NetworkClosingAnnounced(
    on=TODAY,
    planned_close=date(2013, 10, 1),
    title=LEARNING.title,
    network_type=NetworkType.LEARNING,
    leader_id=person("ada"),
)
CLOSE = CloseNetwork(network_id=NETWORK, result=NetworkResult.ADOPTED)
CLOSING_TREATED = Touchpoints(treated=(Touchpoint.CLOSING,))
START_TREATED = Touchpoints(treated=(Touchpoint.START,))


def recorded_touchpoint(touchpoint: Touchpoint, month: str) -> ForumTouchpointRecorded:
    return ForumTouchpointRecorded(on=TODAY, month=month, network_id=NETWORK, touchpoint=touchpoint)


def network(*facts: Event, touchpoints: Touchpoints | None = None) -> Given:
    world = given(LEARNING, *facts).of(NETWORK).besides(RESULTS, str(NETWORK), EVALUATED)
    return world.knowing(NETWORK, touchpoints) if touchpoints else world


def overriding(*rules: str) -> CloseNetwork:
    override = Override(rules=frozenset(rules), reason="Chefforum er orienteret skriftligt")
    return CLOSE.model_copy(update={"override": override})


@pytest.mark.parametrize("actor", [LEADER, SECRETARIAT])
def test_announced_and_treated_it_closes(actor: Actor) -> None:
    announce = AnnounceNetworkClosing(planned_close=date(2013, 10, 1))
    network().when(announce, by=actor).then(ANNOUNCED)

    network(ANNOUNCED).when(CLOSE, by=actor).then_refused("no_closing_touchpoint", "R86")
    begun = network(ANNOUNCED, touchpoints=START_TREATED)
    begun.when(CLOSE, by=actor).then_refused("no_closing_touchpoint", "R86")
    treated = network(ANNOUNCED, touchpoints=CLOSING_TREATED)
    treated.when(CLOSE, by=actor).then_overrode().then_warned()


def test_an_override_closes_it_and_is_told() -> None:
    outcome = network(ANNOUNCED).when(overriding("R86")).then_overrode("R86")
    assert outcome.decision is not None
    (told,) = outcome.decision.envelope.overrides
    assert (told.code, told.role) == ("no_closing_touchpoint", "secretariat")
    assert told.reason == "Chefforum er orienteret skriftligt"


def test_a_closing_that_is_on_no_agenda_takes_an_override_of_its_own() -> None:
    unannounced = network(touchpoints=CLOSING_TREATED)

    unannounced.when(CLOSE).then_refused("closing_not_announced", "R205")
    unannounced.when(overriding("R205")).then_overrode("R205").then_warned()
    both = network()
    both.when(CLOSE).then_refused("closing_not_announced", "R205")
    both.when(CLOSE).then_refused("no_closing_touchpoint", "R86")
    both.when(overriding("R86", "R205")).then_overrode("R205", "R86")


def test_the_decision_says_what_it_rested_on() -> None:
    outcome = network(ANNOUNCED, touchpoints=CLOSING_TREATED).when(CLOSE)
    assert outcome.decision is not None
    assert f"Touchpoints/{NETWORK}" in outcome.decision.envelope.evidence


@pytest.mark.parametrize("rule", ["R86", "R205"])
def test_the_leader_sets_neither_aside(rule: str) -> None:
    network().when(overriding(rule), by=LEADER).then_refused("override_not_allowed", rule)


@pytest.mark.parametrize("actor", [CO_DRIVER, REFERENCE, CHIEF, employee("anyone", "participant")])
def test_nobody_else_closes_it(actor: Actor) -> None:
    treated = network(ANNOUNCED, touchpoints=CLOSING_TREATED)
    treated.when(CLOSE, by=actor).then_refused("not_allowed")


FACTS = (
    recorded(recorded_touchpoint(Touchpoint.START, "2013-09"), "slot-2013-09", 3),
    recorded(recorded_touchpoint(Touchpoint.CLOSING, "2013-12"), "slot-2013-12", 4),
    recorded(recorded_touchpoint(Touchpoint.CLOSING, "2014-01"), "slot-2014-01", 5),
)


@drawn(st.permutations(FACTS))
def test_the_months_may_tell_in_any_order(facts: list[Recorded[Any]]) -> None:
    rows = folded(TOUCHPOINTS, facts)
    assert rows == {str(NETWORK): Touchpoints(treated=(Touchpoint.START, Touchpoint.CLOSING))}


# --- what the overview shows of it ---------------------------------------------------------------

STREAM = f"network-{NETWORK}"
START_TOLD, CLOSING_TOLD, CLOSING_TOLD_AGAIN = FACTS
PLANNED = NetworkPlanned(
    on=BEGAN,
    theme_id=UUID(int=2),
    title=LEARNING.title,
    network_type=NetworkType.LEARNING,
    half_year="2013-H1",
    type_aligned=True,
    phases=(PlannedPhase(phase="learning_1"),),
)
STARTED = NetworkStarted(
    on=BEGAN,
    theme_id=UUID(int=2),
    title=LEARNING.title,
    network_type=NetworkType.LEARNING,
    half_year="2013-H1",
    purpose="Ny viden",
    crew=Crew(),
    phases=(PlannedPhase(phase="learning_1"),),
    profile=Profile(
        purpose="Ny viden",
        intended_difference="Viden i spil",
        goals="Viden på tværs",
        success_criteria="Den bruges",
        coupling="Chefforum",
        actor_groups=(),
        phases=("learning_1",),
    ),
)
CANCELLED = NetworkCancelled(
    on=TODAY,
    title=LEARNING.title,
    network_type=NetworkType.LEARNING,
    was_started=True,
    half_year="2013-H1",
    crew=Crew(),
    reason_note=new_id(1),
)
LIFE: list[Recorded[Any]] = [
    recorded(each, STREAM, number)
    for number, each in enumerate((PLANNED, STARTED, ANNOUNCED, CANCELLED), 1)
]


def overview(*facts: Recorded[Any]) -> NetworkOverview:
    return folded(NETWORK_OVERVIEW, facts)[str(NETWORK)]


@rule("R86")
def test_the_overview_says_what_the_chief_forum_has_treated_and_what_is_missing() -> None:
    start, closing = Touchpoint.START, Touchpoint.CLOSING
    for facts, treated, missing in (
        (LIFE[:1], (), ()),
        (LIFE[:2], (), (start,)),
        (LIFE[:3], (), (start, closing)),
        ((*LIFE[:3], START_TOLD), (start,), (closing,)),
        ((*LIFE[:3], CLOSING_TOLD), (closing,), (start,)),
        ((*LIFE[:3], *FACTS), (start, closing), ()),
        (LIFE, (), ()),
    ):
        row = overview(*facts)
        assert (row.touchpoints_treated, row.touchpoints_missing) == (treated, missing)


def test_nothing_is_missing_of_a_welfare_network_nor_of_a_start_before_the_structure() -> None:
    welfare = [
        recorded(each.model_copy(update={"network_type": NetworkType.WELFARE}), STREAM, number)
        for number, each in enumerate((PLANNED, STARTED, ANNOUNCED), 1)
    ]
    imported = [recorded(LEARNING, STREAM, 1), recorded(ANNOUNCED, STREAM, 2)]

    assert overview(*welfare).touchpoints_missing == ()
    assert overview(*imported).touchpoints_missing == (Touchpoint.CLOSING,)


def test_a_network_of_which_only_its_treatment_has_arrived_is_shown_without_a_title() -> None:
    row = overview(START_TOLD)
    assert (row.title, row.state, row.next_step) == (None, None, NextStep.NOTHING)
    assert row.touchpoints_treated == (Touchpoint.START,)
    for reader in (NetworkPage, MatchBoard, TestGate):
        reader.model_validate(row.model_dump())
    with pytest.raises(AssertionError):
        overview(START_TOLD, *LIFE[1:])


@drawn(st.permutations(FACTS), st.lists(st.integers(0, len(LIFE)), min_size=3, max_size=3))
def test_the_overview_is_the_same_whichever_stream_is_heard_first(
    touchpoints: list[Recorded[Any]], places: list[int]
) -> None:
    woven = list(LIFE)
    for fact, place in zip(touchpoints, places, strict=True):
        woven.insert(place, fact)
    own = [each for each in woven if each.stream == STREAM]
    assert own == LIFE
    assert overview(*woven) == overview(*LIFE, *FACTS)


def test_two_months_that_both_say_they_treated_the_same_count_once() -> None:
    once, twice = overview(*LIFE[:3], CLOSING_TOLD), (CLOSING_TOLD, CLOSING_TOLD_AGAIN)
    assert overview(*LIFE[:3], *twice) == once
    assert folded(TOUCHPOINTS, twice) == folded(TOUCHPOINTS, [CLOSING_TOLD])


# --- from end to end ---------------------------------------------------------------------------


def test_from_the_announcement_by_the_agenda_and_the_touchpoint_to_the_closing() -> None:
    announced = recorded(ANNOUNCED, f"network-{NETWORK}", 2)
    (onto_agenda,) = reacting(ON_THE_AGENDA, announced)
    month = onto_agenda.key
    scheduled = decided((), schedule_in(month))
    agenda = decided(scheduled, onto_agenda.command, by=system("put_closing_on_agenda"))
    (item,) = (each.item for each in agenda if isinstance(each, ForumAgendaItemAdded))
    there = (Attending(person_id=person("chief"), right=ForumRight.MEMBER),)
    hold = HoldForumSlot(month=month, attendees=there, treated=frozenset({item.item_id}))
    slot = decided(agenda, hold, on=last_day(month))

    told = [recorded(each, f"slot-{month}", number) for number, each in enumerate(slot, 1)]
    known = folded(TOUCHPOINTS, told)[str(NETWORK)]
    network(ANNOUNCED, touchpoints=known).when(CLOSE, by=LEADER).then_overrode().then_warned()


def schedule_in(month: str) -> ScheduleForumSlot:
    return ScheduleForumSlot(month=month, starts_at=start_of(last_day(month)))


def decided(
    before: Sequence[Event],
    command: Command[Any, Any],
    by: Actor = SECRETARIAT,
    on: date = TODAY,
) -> tuple[Event, ...]:
    decision = given(*before).of("slot").at(start_of(on)).when(command, by=by).decision
    assert decision is not None
    return (*before, *decision.events)
