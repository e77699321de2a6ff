"""A reference leader opts in by own choice, is one at a time, and at the level of the type."""

from datetime import date
from typing import Any, TypeVar
from uuid import uuid4

import pytest

from services.networks.domain.known import LeaderCrews
from services.networks.domain.network.crew_reference import (
    AnswerReferenceLeadership,
    AssignReferenceLeader,
)
from shared.contracts.networks import (
    MandateContractAgreed,
    MandateContractDrafted,
    MandateContractPartyAgreed,
    NetworkClosed,
    NetworkImported,
    NetworkLeaderAssigned,
    NetworkPlanned,
    PlannedPhase,
    ReferenceLeaderAssigned,
    ReferenceLeaderOptedIn,
    ReferenceLeaderOptOutRecorded,
    ReferenceLeaderReplaced,
)
from shared.contracts.networks.parts import CrewAtClosing
from shared.contracts.vocabulary import (
    Forum,
    MandateParty,
    NetworkResult,
    NetworkType,
    OptInChoice,
)
from shared.kernel.commands import Command, Override
from shared.people import Person
from shared.testing import CHIEF, SECRETARIAT, TODAY, employee, given, new_id, person
from shared.testing.kit import NS3

C = TypeVar("C", bound=Command[Any, Any])

NETWORK, THEME, UNIT = uuid4(), uuid4(), uuid4()
ADA, FREJA, GRO = person("ada"), person("freja"), person("gro")
BEFORE = date(2013, 8, 5)
PHASES = (PlannedPhase(phase="intensive_1"),)


def planned(network_type: NetworkType = NetworkType.WELFARE) -> NetworkPlanned:
    return NetworkPlanned(
        on=BEFORE,
        theme_id=THEME,
        title="Mad til borgerne",
        network_type=network_type,
        half_year="2013-H2",
        type_aligned=True,
        phases=PHASES,
    )


LEADS = NetworkLeaderAssigned(
    on=BEFORE,
    person_id=ADA,
    network_type=NetworkType.WELFARE,
    title="Mad til borgerne",
    qualified=True,
    in_pool=True,
    decided_by=(person("chief"),),
)
WILLING = ReferenceLeaderOptedIn(on=TODAY, person_id=FREJA, theme_id=THEME)
GRO_WILLING = ReferenceLeaderOptedIn(on=TODAY, person_id=GRO, theme_id=THEME)
UNWILLING = ReferenceLeaderOptOutRecorded(on=TODAY, person_id=FREJA)
COUPLED = ReferenceLeaderAssigned(
    on=TODAY, person_id=FREJA, is_director=False, in_chief_forum=True, org_unit_id=UNIT
)
REPLACED = ReferenceLeaderReplaced(
    on=TODAY,
    person_id=GRO,
    replaced_id=FREJA,
    reason_note=new_id(1),
    is_director=False,
    in_chief_forum=True,
)
RUNS = NetworkImported(
    on=BEFORE,
    title="Campus",
    purpose="Et campus for alle",
    network_type=NetworkType.WELFARE,
    started_on=date(2013, 2, 1),
    leader_id=ADA,
    reference_leader_id=FREJA,
    phases=PHASES,
)
CLOSED = NetworkClosed(
    on=TODAY,
    title="Campus",
    network_type=NetworkType.WELFARE,
    started_on=date(2013, 2, 1),
    result=NetworkResult.ADOPTED,
    crew=CrewAtClosing(),
    phases=(),
    break_days=0,
)
CONTRACT = MandateContractDrafted(
    on=TODAY, contract_version=1, parties=(MandateParty.SECRETARIAT,), sections={}
)

OPT_IN = AnswerReferenceLeadership(choice=OptInChoice.OPT_IN)
OPT_OUT = AnswerReferenceLeadership(choice=OptInChoice.OPT_OUT)
FREJA_REFERS = AssignReferenceLeader(person_id=FREJA)
GRO_FOR_FREJA = AssignReferenceLeader(person_id=GRO, replaces=FREJA, reason="Nyt ansvar")

A_CHIEF = Person(person_id=FREJA, org_unit_id=UNIT, forums=frozenset({Forum.CHIEFS}))
A_DIRECTOR = Person(person_id=FREJA, forums=frozenset({Forum.DIRECTORS}))
ANOTHER_CHIEF = Person(person_id=GRO, forums=frozenset({Forum.CHIEFS}))
NO_CHIEF = Person(person_id=FREJA, forums=frozenset({Forum.LEADERS}))
OPTED_IN = given(planned(), WILLING).of(NETWORK)


def but(command: C, **changes: object) -> C:
    return command.model_copy(update=changes)


def overriding(command: C, *rules: str) -> C:
    return but(command, override=Override(rules=frozenset(rules), reason="Ingen anden kan"))


def test_somebody_opts_in_for_a_theme_and_may_say_what_their_stake_is() -> None:
    told = WILLING.model_copy(update={"stake_note": new_id(1)})
    given(planned()).when(OPT_IN, by=employee("freja")).then(WILLING)
    given(planned()).when(but(OPT_IN, stake="Min afdeling"), by=employee("freja")).then(told)


def test_opting_in_or_out_twice_is_recorded_once() -> None:
    OPTED_IN.when(OPT_IN, by=employee("freja")).then_nothing()
    given(planned()).when(OPT_OUT, by=employee("freja")).then_nothing()


def test_somebody_who_opted_in_may_opt_out_again() -> None:
    OPTED_IN.when(OPT_OUT, by=employee("freja")).then(UNWILLING)
    given(planned(), WILLING, UNWILLING).when(OPT_IN, by=employee("freja")).then(WILLING)


def test_the_one_assigned_withdraws_before_the_start_and_the_network_is_without() -> None:
    coupled = (planned(), LEADS, WILLING, COUPLED, CONTRACT, GRO_WILLING)
    withdrawn = UNWILLING.model_copy(
        update={"was_assigned": True, "leader_id": ADA, "contract_version": 1}
    )
    given(*coupled).when(OPT_OUT, by=employee("freja")).then(withdrawn)
    without = given(*coupled, withdrawn)
    without.when(GRO_FOR_FREJA, by=CHIEF).then_refused("nobody_to_replace", "R149")


def test_the_one_assigned_is_replaced_after_the_start_and_does_not_withdraw() -> None:
    given(RUNS).when(OPT_OUT, by=employee("freja")).then_refused("network_already_started", "R150")


def test_one_who_was_willing_may_withdraw_while_another_is_assigned() -> None:
    given(RUNS, GRO_WILLING).when(OPT_OUT, by=employee("gro")).then(
        ReferenceLeaderOptOutRecorded(on=TODAY, person_id=GRO)
    )


@pytest.mark.parametrize("who", [SECRETARIAT, CHIEF, employee("ada")])
def test_nobody_opts_in_on_behalf_of_another(who: Any) -> None:
    for answer in (OPT_IN, OPT_OUT):
        for_freja = but(answer, on_behalf_of=FREJA)
        given(planned(), LEADS).when(for_freja, by=who).then_refused("not_allowed")


def test_whoever_is_no_employee_does_not_opt_in() -> None:
    machine = employee("machine")
    outside = type(machine)(person_id=machine.person_id, roles=frozenset({"integrator"}))
    given(planned()).when(OPT_IN, by=outside).then_refused("not_allowed")


def test_the_chief_forum_couples_a_network_to_the_base() -> None:
    OPTED_IN.knowing(FREJA, A_CHIEF).when(FREJA_REFERS, by=CHIEF).then(COUPLED).then_warned()
    OPTED_IN.knowing(FREJA, A_CHIEF).when(FREJA_REFERS, by=SECRETARIAT).then(COUPLED)


def test_the_same_reference_leader_is_assigned_once() -> None:
    coupled = given(planned(), WILLING, COUPLED).knowing(FREJA, A_CHIEF)
    coupled.when(FREJA_REFERS, by=CHIEF).then_nothing()


def test_nobody_becomes_reference_leader_without_having_opted_in() -> None:
    given(planned()).knowing(FREJA, A_CHIEF).when(FREJA_REFERS, by=CHIEF).then_refused(
        "reference_leader_not_opted_in", "R150"
    )
    given(planned(), WILLING, UNWILLING).knowing(FREJA, A_CHIEF).when(
        FREJA_REFERS, by=CHIEF
    ).then_refused("reference_leader_not_opted_in", "R150")


def test_a_network_has_one_reference_leader_at_a_time() -> None:
    coupled = given(planned(), WILLING, COUPLED, GRO_WILLING).knowing(GRO, ANOTHER_CHIEF)
    second = AssignReferenceLeader(person_id=GRO)
    wrong = but(GRO_FOR_FREJA, replaces=ADA)
    coupled.when(second, by=CHIEF).then_refused("reference_leader_already_assigned", "R149")
    coupled.when(wrong, by=CHIEF).then_refused("reference_leader_already_assigned", "R149")
    coupled.when(GRO_FOR_FREJA, by=CHIEF).then(REPLACED)


def test_a_replacement_names_the_leader_and_the_contract_it_touches() -> None:
    running = given(RUNS, GRO_WILLING, CONTRACT).of(NETWORK).knowing(GRO, ANOTHER_CHIEF)
    running.when(GRO_FOR_FREJA, by=SECRETARIAT).then(
        REPLACED.model_copy(update={"leader_id": ADA, "contract_version": 1})
    )


def test_nobody_is_replaced_where_nobody_is() -> None:
    unled = given(planned(), GRO_WILLING).knowing(GRO, ANOTHER_CHIEF)
    unled.when(GRO_FOR_FREJA, by=CHIEF).then_refused("nobody_to_replace", "R149")


def test_nobody_is_replaced_before_they_came() -> None:
    coupled = given(planned(), WILLING, COUPLED, GRO_WILLING).knowing(GRO, ANOTHER_CHIEF)
    early = but(GRO_FOR_FREJA, on=BEFORE)
    coupled.when(early, by=CHIEF).then_refused("ends_before_it_began", "R149")


def test_replacing_somebody_asks_for_a_reason() -> None:
    unexplained = but(GRO_FOR_FREJA, reason=None)
    coupled = given(planned(), WILLING, COUPLED, GRO_WILLING)
    coupled.when(unexplained, by=CHIEF).then_refused("replaced_without_reason", "R149")


def test_somebody_the_directory_does_not_know_yet_has_to_be_waited_for() -> None:
    OPTED_IN.when(FREJA_REFERS, by=CHIEF).then_refused("evidence_missing")


def test_an_innovation_network_is_coupled_at_director_level_unless_it_is_set_aside() -> None:
    innovation = given(planned(NetworkType.INNOVATION), WILLING)
    chief = innovation.knowing(FREJA, A_CHIEF)

    chief.when(FREJA_REFERS, by=CHIEF).then_refused("not_at_director_level", "R78")
    chief.when(overriding(FREJA_REFERS, "R78"), by=SECRETARIAT).then(COUPLED).then_overrode("R78")
    chief.when(overriding(FREJA_REFERS, "R78"), by=CHIEF).then_refused(
        "override_not_allowed", "R78"
    )
    innovation.knowing(FREJA, A_DIRECTOR).when(FREJA_REFERS, by=CHIEF).then_overrode()


@pytest.mark.parametrize(
    ("network_type", "rule"), [(NetworkType.WELFARE, "R81"), (NetworkType.LEARNING, "R148")]
)
def test_other_networks_are_coupled_in_the_chief_forum_unless_it_is_set_aside(
    network_type: NetworkType, rule: str
) -> None:
    willing = given(planned(network_type), WILLING)
    outside = willing.knowing(FREJA, NO_CHIEF)

    outside.when(FREJA_REFERS, by=CHIEF).then_refused("reference_leader_not_in_chief_forum", rule)
    outside.when(overriding(FREJA_REFERS, rule), by=SECRETARIAT).then_overrode(rule)
    outside.when(overriding(FREJA_REFERS, rule), by=CHIEF).then_refused(
        "override_not_allowed", rule
    )
    willing.knowing(FREJA, A_DIRECTOR).when(FREJA_REFERS, by=CHIEF).then_overrode()


def test_later_in_the_course_a_reason_is_enough_to_leave_the_chief_forum() -> None:
    outside = Person(person_id=GRO, forums=frozenset({Forum.LEADERS}))
    running = given(RUNS, GRO_WILLING).of(NETWORK).knowing(GRO, outside)
    running.when(GRO_FOR_FREJA, by=CHIEF).then_overrode().then_warned(
        "reference_leader_not_in_chief_forum"
    )


def test_the_level_that_a_type_asks_for_is_policy() -> None:
    welfare = NS3.types["welfare"].model_copy(update={"reference_leader": "director"})
    policy = NS3.model_copy(update={"types": {**NS3.types, "welfare": welfare}})
    chief = OPTED_IN.knowing(FREJA, A_CHIEF)
    chief.under(policy).when(FREJA_REFERS, by=CHIEF).then_refused("not_at_director_level", "R78")


def test_one_leader_with_two_reference_leaders_is_remarked_on() -> None:
    led = given(planned(), LEADS, WILLING).of(NETWORK).knowing(FREJA, A_CHIEF)
    elsewhere = LeaderCrews(leader_id=ADA, reference_leaders={str(uuid4()): GRO})
    here = LeaderCrews(leader_id=ADA, reference_leaders={str(NETWORK): GRO})

    led.knowing(ADA, elsewhere).when(FREJA_REFERS, by=CHIEF).then_warned("two_reference_leaders")
    led.knowing(ADA, here).when(FREJA_REFERS, by=CHIEF).then_warned()


@pytest.mark.parametrize("who", ["ada", "bo", "freja"])
def test_leader_co_driver_and_the_reference_leader_assign_none(who: str) -> None:
    coupled = given(planned(), LEADS, WILLING, COUPLED, GRO_WILLING)
    coupled.when(GRO_FOR_FREJA, by=employee(who)).then_refused("not_allowed")
    coupled.when(overriding(GRO_FOR_FREJA, "R148"), by=employee(who)).then_refused("not_allowed")


@pytest.mark.parametrize("other", ["integrator", "reporter", "municipal_director"])
def test_nobody_else_assigns_a_reference_leader(other: str) -> None:
    OPTED_IN.when(FREJA_REFERS, by=employee("other", other)).then_refused("not_allowed")


def test_a_network_that_has_ended_is_coupled_to_nobody() -> None:
    ended = given(RUNS, GRO_WILLING, CLOSED).of(NETWORK).knowing(GRO, ANOTHER_CHIEF)
    ended.when(GRO_FOR_FREJA, by=CHIEF).then_refused("network_ended", "R89")
    ended.when(OPT_IN, by=employee("hans")).then_refused("network_ended", "R89")


def test_a_withdrawal_may_leave_the_contract_agreed_by_all_others() -> None:
    parties = (MandateParty.NETWORK_LEADER, MandateParty.SECRETARIAT)
    agreements = tuple(
        MandateContractPartyAgreed(on=TODAY, contract_version=1, party=party, missing=())
        for party in parties
    )
    withdrawn = UNWILLING.model_copy(
        update={"was_assigned": True, "leader_id": ADA, "contract_version": 1}
    )
    given(planned(), LEADS, WILLING, COUPLED, CONTRACT, *agreements).when(
        OPT_OUT, by=employee("freja")
    ).then(withdrawn, MandateContractAgreed(on=TODAY, contract_version=1, parties=parties))
