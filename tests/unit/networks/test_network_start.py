"""A network starts with a leader and a purpose, and innovation networks share few slots."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from services.networks.domain.known import KnownTheme, Starts
from services.networks.domain.network.start import StartNetwork
from services.networks.domain.slots import SLOTS
from shared.contracts.networks import (
    CoDriverAssigned,
    Crew,
    InnovationSlotFreed,
    InnovationSlotTaken,
    NetworkCancelled,
    NetworkImported,
    NetworkLeaderAssigned,
    NetworkPlanned,
    NetworkStarted,
    PlannedPhase,
    Profile,
    ReferenceLeaderAssigned,
)
from shared.contracts.vocabulary import ActorGroup, Forum, NetworkType
from shared.kernel.commands import Override
from shared.kernel.events import Event
from shared.kernel.permissions import Actor
from shared.people import Person
from shared.policy import Period
from shared.testing import CHIEF, SECRETARIAT, TODAY, employee, given, new_id, person, rule
from shared.testing.kit import NS3, Given

NETWORK, THEME, FIRST, SECOND = uuid4(), uuid4(), uuid4(), uuid4()
ADA, BO, REFERENCE, MANAGER = person("ada"), person("bo"), person("reference"), person("manager")
UNIT, OTHER_UNIT = uuid4(), uuid4()
BEFORE = date(2013, 8, 20)
PHASES = (PlannedPhase(phase="intensive_1", estimated_weeks=2.25),)
LEADER = employee("ada")


def planned(network_type: NetworkType = NetworkType.WELFARE, **changes: Any) -> NetworkPlanned:
    fields = {"type_aligned": True, "intended_difference": "Sammenhæng for borgeren", **changes}
    return NetworkPlanned(
        on=BEFORE,
        theme_id=THEME,
        title="Mad til borgerne",
        network_type=network_type,
        half_year="2013-H2",
        phases=PHASES,
        **fields,
    )


LEADS = NetworkLeaderAssigned(
    on=BEFORE,
    person_id=ADA,
    line_manager_id=MANAGER,
    network_type=NetworkType.WELFARE,
    title="Mad til borgerne",
    qualified=True,
    in_pool=True,
    decided_by=(person("chief"),),
)
COUPLED = ReferenceLeaderAssigned(
    on=BEFORE,
    person_id=REFERENCE,
    leader_id=ADA,
    is_director=False,
    in_chief_forum=True,
    org_unit_id=UNIT,
)
CO_DRIVEN = CoDriverAssigned(
    on=BEFORE,
    person_id=BO,
    leader_id=ADA,
    network_type=NetworkType.WELFARE,
    title="Mad til borgerne",
    theme_expertise=True,
    rationale_note=new_id(9),
)
START = StartNetwork(purpose="God mad til alle", goals="En ny måde at lave mad på")
WELFARE = given(planned(), LEADS, COUPLED, CO_DRIVEN).of(NETWORK)
INNOVATION = given(planned(NetworkType.INNOVATION), LEADS, COUPLED).of(NETWORK)
INNOVATE = START.model_copy(update={"political_vision_ref": "Grøn vision 2025"})
LEARNING = given(planned(NetworkType.LEARNING), LEADS).of(NETWORK)
LEARN = START.model_copy(
    update={"base_anchor": UNIT, "actor_groups": frozenset({ActorGroup.ASSOCIATION})}
)


def taken(*networks: object) -> tuple[Event, ...]:
    return tuple(InnovationSlotTaken(on=BEFORE, network_id=each) for each in networks)


def overriding(command: StartNetwork, *rows: str, **changes: Any) -> StartNetwork:
    override = Override(rules=frozenset(rows), reason="Det haster")
    return command.model_copy(update={"override": override, **changes})


@rule("R75")
def test_a_welfare_network_starts_with_its_crew_and_the_frame_of_its_type() -> None:
    welfare = NS3.types["welfare"]
    started = NetworkStarted(
        on=TODAY,
        theme_id=THEME,
        title="Mad til borgerne",
        network_type=NetworkType.WELFARE,
        half_year="2013-H2",
        purpose="God mad til alle",
        intended_difference="Sammenhæng for borgeren",
        goals="En ny måde at lave mad på",
        base_anchor=UNIT,
        crew=Crew(
            leader_id=ADA,
            co_driver_id=BO,
            reference_leader_id=REFERENCE,
            line_manager_ids=(MANAGER,),
        ),
        phases=PHASES,
        estimated_end=date(2014, 3, 2),
        profile=Profile(
            purpose=welfare.purpose,
            intended_difference=welfare.intended_difference,
            goals=welfare.goals,
            success_criteria=welfare.success_criteria,
            coupling=welfare.coupling,
            actor_groups=tuple(ActorGroup(each) for each in welfare.actor_groups),
            phases=(
                "intensive_1",
                "intensive_2",
                "intensive_3",
                "intensive_4",
                "test",
                "implementation",
            ),
            intensive_weeks_total=9,
            estimate_min=Period(months=6),
            estimate_max=Period(months=6),
        ),
    )

    for actor in (LEADER, SECRETARIAT):
        WELFARE.when(START, by=actor).then(started).then_warned().then_also("innovation-slots")
    given(planned(), LEADS, COUPLED, CO_DRIVEN, started).when(START, by=LEADER).then_nothing()
    another = START.model_copy(update={"purpose": "Et andet formål"})
    given(planned(), LEADS, COUPLED, started).when(another).then_refused(
        "network_not_planned", "R89"
    )


@pytest.mark.parametrize(
    "actor", [employee("bo"), employee("reference"), employee("leader of another"), CHIEF]
)
def test_nobody_but_its_leader_and_the_secretariat_starts_a_network(actor: Actor) -> None:
    WELFARE.when(START, by=actor).then_refused("not_allowed")


def test_a_network_has_a_leader_before_it_starts() -> None:
    given(planned(), COUPLED).when(START).then_refused("network_has_no_leader", "R126")


def test_a_network_has_a_purpose() -> None:
    WELFARE.when(StartNetwork()).then_refused("purpose_missing", "R89")


@rule("R68")
def test_a_network_whose_theme_was_withdrawn_does_not_start_before_it_is_cancelled() -> None:
    given_up = KnownTheme(
        theme_id=THEME, title="Mad", is_selected=False, given_up={f"theme-{THEME}@10": NETWORK}
    )
    WELFARE.knowing(THEME, given_up).when(START).then_refused("network_theme_withdrawn", "R68")
    other = given_up.model_copy(update={"given_up": {f"theme-{THEME}@10": uuid4()}})
    assert WELFARE.knowing(THEME, other).when(START).decision


def test_a_network_that_is_not_planned_or_has_ended_does_not_start() -> None:
    running = NetworkImported(
        on=BEFORE,
        title="Campus",
        purpose="En samlet campus",
        network_type=NetworkType.INNOVATION,
        started_on=BEFORE,
        leader_id=ADA,
        phases=PHASES,
    )
    cancelled = NetworkCancelled(
        on=BEFORE,
        title="Mad til borgerne",
        network_type=NetworkType.WELFARE,
        was_started=False,
        half_year="2013-H2",
        crew=Crew(),
        reason_note=new_id(1),
    )

    given().when(START).then_refused("unknown")
    given(running).when(START).then_refused("network_not_planned", "R68")
    given(planned(), LEADS, COUPLED, cancelled).when(START).then_refused("network_ended", "R89")


# --- the cap ----------------------------------------------------------------------------------


def test_an_innovation_network_takes_a_slot_in_the_same_transaction() -> None:
    outcome = INNOVATION.besides(SLOTS, "", *taken(FIRST)).when(INNOVATE, by=LEADER)

    outcome.then_warned().then_also(
        "innovation-slots", InnovationSlotTaken(on=TODAY, network_id=NETWORK)
    )


def test_no_more_than_two_innovation_networks_run_at_a_time() -> None:
    full = INNOVATION.besides(SLOTS, "", *taken(FIRST, SECOND))
    freed = InnovationSlotFreed(on=BEFORE, network_id=SECOND)

    full.when(INNOVATE).then_refused("innovation_cap_reached", "R73")
    INNOVATION.besides(SLOTS, "", *taken(FIRST, SECOND), freed).when(INNOVATE).then_warned()


def test_after_an_import_above_the_cap_two_have_to_end_before_one_starts() -> None:
    three = taken(FIRST, SECOND, uuid4())
    one_ended = InnovationSlotFreed(on=BEFORE, network_id=FIRST)
    two_ended = InnovationSlotFreed(on=BEFORE, network_id=SECOND)

    INNOVATION.besides(SLOTS, "", *three, one_ended).when(INNOVATE).then_refused(
        "innovation_cap_reached", "R73"
    )
    INNOVATION.besides(SLOTS, "", *three, one_ended, two_ended).when(INNOVATE).then_warned()


def test_the_cap_is_policy() -> None:
    portfolio = NS3.portfolio.model_copy(update={"max_concurrent_innovation": 1})
    one = INNOVATION.besides(SLOTS, "", *taken(FIRST))

    one.under(NS3.model_copy(update={"portfolio": portfolio})).when(INNOVATE).then_refused(
        "innovation_cap_reached", "R73"
    )


# --- what may be set aside --------------------------------------------------------------------


def test_only_a_learning_network_starts_without_a_reference_leader() -> None:
    alone = given(planned(), LEADS).of(NETWORK)
    anchored = START.model_copy(update={"base_anchor": UNIT})
    anyway = overriding(anchored, "R144")

    alone.when(anchored).then_refused("no_reference_leader", "R144")
    alone.when(anyway, by=SECRETARIAT).then_overrode("R144")
    alone.when(anyway, by=LEADER).then_refused("override_not_allowed", "R144")
    LEARNING.when(LEARN).then_warned()


def unit_of(command: StartNetwork, world: Given) -> object:
    decision = world.when(command).decision
    assert decision is not None
    (started,) = decision.events
    assert isinstance(started, NetworkStarted)
    return started.base_anchor


def test_a_network_hangs_on_the_unit_given_or_on_that_of_those_who_lead_it() -> None:
    given_unit = START.model_copy(update={"base_anchor": OTHER_UNIT})
    known = Person(person_id=ADA, org_unit_id=OTHER_UNIT)
    elsewhere = COUPLED.model_copy(update={"org_unit_id": None})
    reference_known = Person(person_id=REFERENCE, org_unit_id=UNIT)
    unknown_yet = given(planned(), LEADS, elsewhere).of(NETWORK)

    assert unit_of(given_unit, WELFARE) == OTHER_UNIT
    assert unit_of(START, WELFARE.knowing(ADA, known)) == UNIT
    assert unit_of(START, unknown_yet.knowing(ADA, known)) == OTHER_UNIT
    assert (
        unit_of(START, unknown_yet.knowing(ADA, known).knowing(REFERENCE, reference_known)) == UNIT
    )


def test_a_network_hangs_on_the_base() -> None:
    elsewhere = COUPLED.model_copy(update={"org_unit_id": None})
    nowhere = given(planned(), LEADS, elsewhere).of(NETWORK)
    anyway = overriding(START, "R8")

    nowhere.when(START).then_refused("no_base_anchor", "R8")
    nowhere.when(anyway, by=SECRETARIAT).then_overrode("R8")
    nowhere.when(anyway, by=LEADER).then_refused("override_not_allowed", "R8")


def test_an_innovation_network_takes_off_from_a_political_vision() -> None:
    anyway = overriding(START, "R77")

    INNOVATION.when(START).then_refused("no_political_vision", "R77")
    INNOVATION.when(anyway, by=SECRETARIAT).then_overrode("R77")
    INNOVATION.when(anyway, by=LEADER).then_refused("override_not_allowed", "R77")


def test_a_type_that_was_not_aligned_is_set_aside_by_the_chief_forum_alone() -> None:
    unaligned = given(planned(type_aligned=False), LEADS, COUPLED).of(NETWORK)
    anyway = overriding(START, "R56")
    recorded = overriding(START, "R56", decided_by=frozenset({person("chief")}))
    own = overriding(START, "R56", decided_by=frozenset({person("secretary")}))
    leading_chief = employee("ada", "chefforum")
    chief = Person(person_id=person("chief"), forums=frozenset({Forum.CHIEFS}))

    unaligned.when(START).then_refused("network_type_not_aligned", "R56")
    unaligned.when(anyway, by=leading_chief).then_overrode("R56")
    unaligned.when(anyway, by=SECRETARIAT).then_refused("override_not_allowed", "R56")
    unaligned.when(anyway, by=LEADER).then_refused("override_not_allowed", "R56")
    unaligned.when(recorded, by=LEADER).then_refused("override_not_allowed", "R56")
    unaligned.when(own, by=SECRETARIAT).then_refused("observer_cannot_decide", "R201")
    unaligned.when(recorded, by=SECRETARIAT).then_refused("override_not_allowed", "R56")
    known = unaligned.knowing(person("chief"), chief).when(recorded, by=SECRETARIAT)
    known.then_overrode("R56").then_warned()


def test_the_mandate_contract_comes_before_the_start_only_where_policy_says_so() -> None:
    before_start = NS3.mandate.model_copy(update={"required_before": "start"})
    strict = WELFARE.under(NS3.model_copy(update={"mandate": before_start}))
    anyway = overriding(START, "R146")

    WELFARE.when(START).then_warned()
    strict.when(START).then_refused("mandate_contract_not_agreed", "R146")
    strict.when(anyway, by=SECRETARIAT).then_overrode("R146")
    strict.when(anyway, by=LEADER).then_refused("override_not_allowed", "R146")


def test_all_that_is_missing_is_told_at_once() -> None:
    bare = given(planned(NetworkType.INNOVATION), LEADS).of(NETWORK)
    outcome = bare.when(START)

    for code in ("no_reference_leader", "no_base_anchor", "no_political_vision"):
        outcome.then_refused(code)


# --- what is only remarked on -----------------------------------------------------------------


def test_a_sixth_start_in_a_half_year_is_remarked_on() -> None:
    four = Starts(started={"2013-H2/learning": 2, "2013-H2/innovation": 2, "2013-H1/welfare": 9})
    five = Starts(started={"2013-H2/learning": 3, "2013-H2/innovation": 2})

    WELFARE.knowing("all", four).when(START).then_warned()
    WELFARE.knowing("all", five).when(START).then_warned("starts_out_of_range")


def test_a_fifth_welfare_network_in_a_half_year_is_remarked_on() -> None:
    three = Starts(started={"2013-H2/welfare": 3})
    four = Starts(started={"2013-H2/welfare": 4})

    WELFARE.knowing("all", three).when(START).then_warned()
    WELFARE.knowing("all", four).when(START).then_warned("mix_unusual")


def test_a_learning_network_without_actors_from_outside_is_remarked_on() -> None:
    inside = LEARN.model_copy(update={"actor_groups": frozenset({ActorGroup.EMPLOYEE})})

    LEARNING.when(LEARN).then_warned()
    LEARNING.when(inside).then_warned("few_perspectives")
    own = frozenset({ActorGroup.EMPLOYEE, ActorGroup.POLITICIAN})
    LEARNING.when(LEARN.model_copy(update={"actor_groups": own})).then_warned("few_perspectives")


@rule("R90", "R92", "R94")
def test_the_estimated_end_is_that_of_the_type() -> None:
    ends = {}
    for world, command in ((WELFARE, START), (LEARNING, LEARN), (INNOVATION, INNOVATE)):
        decision = world.when(command).decision
        assert decision is not None
        (started,) = decision.events
        assert isinstance(started, NetworkStarted)
        ends[started.network_type] = started.estimated_end

    assert ends == {
        NetworkType.WELFARE: date(2014, 3, 2),
        NetworkType.LEARNING: date(2014, 2, 2),
        NetworkType.INNOVATION: None,
    }
