"""One leader and one co-driver at a time, chosen by those who may and on what is asked of them."""

from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import uuid4

import pytest

from services.networks.domain.known import Leader, LeaderCrews
from services.networks.domain.network.crew import AssignCoDriver, AssignNetworkLeader
from shared.contracts.networks import (
    CoDriverAssigned,
    NetworkCancelled,
    NetworkImported,
    NetworkLeaderAssigned,
    NetworkLeaderReplaced,
    NetworkPlanned,
    PlannedPhase,
    ReferenceLeaderAssigned,
    ReferenceLeaderOptedIn,
)
from shared.contracts.networks import Crew as CrewThen
from shared.contracts.vocabulary import Competence, Forum, NetworkType
from shared.kernel.commands import Command, Override
from shared.people import Person
from shared.testing import CHIEF, SECRETARIAT, TODAY, employee, given, new_id, person
from shared.testing.kit import NS3

C = TypeVar("C", bound=Command[Any, Any])

NETWORK, THEME, ASSESSMENT = uuid4(), uuid4(), uuid4()
ADA, BO, DEA, MANAGER = person("ada"), person("bo"), person("dea"), person("manager")
REFERENCE, CHIEF_ID = person("reference"), person("chief")
BEFORE = date(2013, 8, 5)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
PHASES = (PlannedPhase(phase="intensive_1"), PlannedPhase(phase="test"))


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
    line_manager_id=MANAGER,
    network_type=NetworkType.WELFARE,
    title="Mad til borgerne",
    assessment_id=ASSESSMENT,
    qualified=True,
    in_pool=True,
    decided_by=(CHIEF_ID,),
)
NEW_LEADER = LEADS.model_copy(update={"on": TODAY})
CO_DRIVES = CoDriverAssigned(
    on=TODAY,
    person_id=BO,
    leader_id=ADA,
    network_type=NetworkType.WELFARE,
    theme_id=THEME,
    title="Mad til borgerne",
    theme_expertise=True,
    complements=(Competence.BRINGS_OTHERS_IN, Competence.COMMUNICATES),
    rationale_note=new_id(1),
    assessment_id=ASSESSMENT,
)
WILLING = ReferenceLeaderOptedIn(on=BEFORE, person_id=REFERENCE, theme_id=THEME)
COUPLED = ReferenceLeaderAssigned(
    on=BEFORE, person_id=REFERENCE, is_director=False, in_chief_forum=True
)
LATE_IMPORT = NetworkImported(
    on=BEFORE,
    title="Campus",
    purpose="Et campus for alle",
    network_type=NetworkType.WELFARE,
    started_on=date(2013, 2, 1),
    leader_id=ADA,
    leader_line_manager_id=MANAGER,
    phases=PHASES,
    phases_completed=("intensive_1",),
)
CANCELLED = NetworkCancelled(
    on=BEFORE,
    title="Mad til borgerne",
    network_type=NetworkType.WELFARE,
    was_started=False,
    half_year="2013-H2",
    crew=CrewThen(),
    reason_note=uuid4(),
)

ADA_LEADS = AssignNetworkLeader(
    person_id=ADA, decided_by=frozenset({CHIEF_ID}), assessment_id=ASSESSMENT
)
BO_FOR_ADA = ADA_LEADS.model_copy(update={"person_id": BO, "replaces": ADA, "reason": "Orlov"})
BO_CO_DRIVES = AssignCoDriver(
    person_id=BO,
    theme_expertise=True,
    complements=frozenset({Competence.COMMUNICATES, Competence.BRINGS_OTHERS_IN}),
    rationale="Kender madordningen indefra",
    assessment_id=ASSESSMENT,
)
QUALIFIED = Leader(
    person_id=ADA, has_diploma=True, has_driven=True, is_qualified=True, in_pool=True
)
IN_CHIEF_FORUM = Person(person_id=CHIEF_ID, forums=frozenset({Forum.CHIEFS}))
LISTED = Person(person_id=ADA, line_manager_id=MANAGER)

PLANNED = (
    given(planned())
    .of(NETWORK)
    .knowing(ADA, QUALIFIED)
    .knowing(ADA, LISTED)
    .knowing(BO, QUALIFIED.model_copy(update={"person_id": BO}))
    .knowing(CHIEF_ID, IN_CHIEF_FORUM)
)
LED = given(planned(), LEADS).of(NETWORK).knowing(CHIEF_ID, IN_CHIEF_FORUM)


def but(command: C, **changes: object) -> C:
    return command.model_copy(update=changes)


def overriding(command: C, *rules: str) -> C:
    return but(command, override=Override(rules=frozenset(rules), reason="Ingen anden kan"))


def test_the_chief_forum_chooses_the_leader() -> None:
    PLANNED.when(ADA_LEADS, by=CHIEF).then(NEW_LEADER).then_warned()


def test_the_secretariat_records_whom_the_chief_forum_chose() -> None:
    PLANNED.when(ADA_LEADS, by=SECRETARIAT).then(NEW_LEADER)


def test_the_same_leader_is_assigned_once() -> None:
    LED.when(ADA_LEADS, by=CHIEF).then_nothing()


def test_the_secretary_who_records_the_choice_does_not_make_it() -> None:
    own = but(ADA_LEADS, decided_by=frozenset({person("secretary")}))
    PLANNED.when(own, by=SECRETARIAT).then_refused("observer_cannot_decide", "R201")


def test_a_decision_outside_the_chief_forum_is_remarked_on() -> None:
    stranger = but(ADA_LEADS, decided_by=frozenset({DEA}))
    PLANNED.when(stranger, by=CHIEF).then_warned("not_in_chief_forum")


def test_a_line_manager_whom_the_directory_does_not_know_is_named() -> None:
    told = NEW_LEADER.model_copy(update={"line_manager_id": DEA})
    PLANNED.when(but(ADA_LEADS, line_manager_id=DEA), by=CHIEF).then(told)


def test_a_network_has_one_leader_and_another_has_to_name_whom_they_replace() -> None:
    knowing = LED.knowing(BO, QUALIFIED)
    other = but(ADA_LEADS, person_id=BO)
    knowing.when(other, by=CHIEF).then_refused("network_leader_already_assigned", "R126")
    wrong = but(BO_FOR_ADA, replaces=DEA)
    knowing.when(wrong, by=CHIEF).then_refused("network_leader_already_assigned", "R126")


def test_nobody_is_replaced_where_nobody_leads() -> None:
    replacing = but(ADA_LEADS, replaces=BO, reason="Orlov")
    PLANNED.when(replacing, by=CHIEF).then_refused("nobody_to_replace", "R126")


def test_one_leader_gives_way_to_the_next_in_one_change() -> None:
    LED.knowing(BO, QUALIFIED).when(BO_FOR_ADA, by=CHIEF).then(
        NetworkLeaderReplaced(
            on=TODAY,
            person_id=BO,
            replaced_id=ADA,
            replaced_since=BEFORE,
            reason_note=new_id(1),
            network_type=NetworkType.WELFARE,
            title="Mad til borgerne",
            assessment_id=ASSESSMENT,
            qualified=True,
            in_pool=True,
            decided_by=(CHIEF_ID,),
        )
    )


def test_a_new_leader_takes_over_the_co_driver_too() -> None:
    driven = given(planned(), LEADS, CO_DRIVES).of(NETWORK).knowing(DEA, QUALIFIED)
    outcome = driven.knowing(CHIEF_ID, IN_CHIEF_FORUM).when(
        but(BO_FOR_ADA, person_id=DEA), by=CHIEF
    )
    assert outcome.decision is not None
    (told,) = outcome.decision.events
    assert isinstance(told, NetworkLeaderReplaced)
    assert (told.person_id, told.co_driver_id) == (DEA, BO)


def test_nobody_is_replaced_before_they_came() -> None:
    early = but(BO_FOR_ADA, on=date(2013, 8, 1))
    LED.knowing(BO, QUALIFIED).when(early, by=CHIEF).then_refused("ends_before_it_began", "R126")


def test_replacing_somebody_asks_for_a_reason() -> None:
    unexplained = but(BO_FOR_ADA, reason=None)
    LED.when(unexplained, by=CHIEF).then_refused("replaced_without_reason", "R126")


def test_the_co_driver_does_not_become_leader_beside_it() -> None:
    driven = given(planned(), LEADS, CO_DRIVES).of(NETWORK)
    driven.when(BO_FOR_ADA, by=CHIEF).then_refused("leader_is_co_driver", "R131")


def test_nobody_is_leader_without_a_diploma_and_a_driven_network_unless_it_is_set_aside() -> None:
    untried = given(planned()).of(NETWORK).knowing(ADA, LISTED).knowing(CHIEF_ID, IN_CHIEF_FORUM)
    told = NEW_LEADER.model_copy(update={"qualified": False, "in_pool": False})

    untried.when(ADA_LEADS, by=CHIEF).then_refused("leader_not_qualified", "R111")
    untried.when(overriding(ADA_LEADS, "R111"), by=CHIEF).then(told).then_overrode("R111")
    untried.when(overriding(ADA_LEADS, "R111"), by=SECRETARIAT).then_overrode("R111")


@pytest.mark.parametrize("half", [{"has_diploma": True}, {"has_driven": True}])
def test_half_the_way_is_not_enough_unless_it_is_set_aside(half: dict[str, bool]) -> None:
    halfway = PLANNED.knowing(ADA, Leader(person_id=ADA, **half))
    halfway.when(ADA_LEADS, by=CHIEF).then_refused("leader_not_qualified", "R168")
    halfway.when(overriding(ADA_LEADS, "R168"), by=CHIEF).then_overrode("R168")


def test_an_untried_leader_may_lead_a_learning_network() -> None:
    learning = given(planned(NetworkType.LEARNING)).of(NETWORK).knowing(CHIEF_ID, IN_CHIEF_FORUM)
    learning.when(ADA_LEADS, by=CHIEF).then_warned().then_overrode()


def test_which_types_an_untried_leader_may_lead_is_policy() -> None:
    leaders = NS3.leaders.model_copy(update={"exempt_types": frozenset({"welfare"})})
    policy = NS3.model_copy(update={"leaders": leaders})
    untried = given(planned()).of(NETWORK).under(policy)
    untried.when(ADA_LEADS, by=CHIEF).then_overrode()
    learning = given(planned(NetworkType.LEARNING)).of(NETWORK).under(policy)
    learning.when(ADA_LEADS, by=CHIEF).then_refused("leader_not_qualified", "R111")


def test_a_leader_is_chosen_on_an_assessment_of_the_ten_competences() -> None:
    unseen = but(ADA_LEADS, assessment_id=None)
    told = NEW_LEADER.model_copy(update={"assessment_id": None})

    PLANNED.when(unseen, by=CHIEF).then_refused("no_assessment_cited", "R113")
    PLANNED.when(overriding(unseen, "R113"), by=CHIEF).then(told).then_overrode("R113")


def test_whoever_leads_a_learning_network_has_said_that_the_ten_competences_fit() -> None:
    learning = given(planned(NetworkType.LEARNING)).of(NETWORK)
    unseen = but(ADA_LEADS, assessment_id=None)
    learning.when(unseen, by=CHIEF).then_refused("no_assessment_cited", "R124")
    learning.when(overriding(unseen, "R124"), by=CHIEF).then_overrode("R124")


@pytest.mark.parametrize(
    ("told", "warned"),
    [
        ({}, False),
        ({"available": False}, True),
        ({"available": False, "available_from": TODAY}, True),
        ({"available": False, "available_from": TOMORROW}, False),
        ({"available": False, "available_until": TODAY}, True),
        ({"available": False, "available_until": YESTERDAY}, False),
        ({"available": False, "available_from": YESTERDAY, "available_until": TOMORROW}, True),
        ({"available_from": TOMORROW}, True),
        ({"available_from": TODAY, "available_until": TODAY}, False),
        ({"available_until": YESTERDAY}, True),
    ],
)
def test_whoever_is_not_available_that_day_is_assigned_with_a_remark(
    told: dict[str, Any],
    warned: bool,  # noqa: FBT001
) -> None:
    world = PLANNED.knowing(ADA, QUALIFIED.model_copy(update=told))
    outcome = world.when(ADA_LEADS, by=CHIEF).then(NEW_LEADER)
    outcome.then_warned(*(["leader_not_available"] if warned else []))


def test_availability_is_that_of_the_business_date() -> None:
    away = {"available": False, "available_from": TODAY}
    world = PLANNED.knowing(ADA, QUALIFIED.model_copy(update=away))
    world.when(ADA_LEADS, by=CHIEF).then_warned("leader_not_available")
    world.when(but(ADA_LEADS, on=YESTERDAY), by=CHIEF).then_warned()


@pytest.mark.parametrize(
    ("until", "warned"), [(None, True), (TODAY, True), (YESTERDAY, False)], ids=str
)
def test_a_co_driver_who_is_not_available_is_assigned_with_a_remark(
    until: date | None,
    warned: bool,  # noqa: FBT001
) -> None:
    away = Leader(person_id=BO, available=False, available_until=until)
    outcome = LED.knowing(BO, away).when(BO_CO_DRIVES, by=employee("ada")).then(CO_DRIVES)
    outcome.then_warned(*(["co_driver_not_available"] if warned else []))


def test_what_is_broken_is_told_all_at_once() -> None:
    untried = given(planned()).of(NETWORK)
    unseen = but(ADA_LEADS, assessment_id=None)
    untried.when(unseen, by=CHIEF).then_refused("leader_not_qualified").then_refused(
        "no_assessment_cited"
    )


def test_one_leader_with_two_reference_leaders_is_remarked_on() -> None:
    coupled = (
        given(planned(), WILLING, COUPLED)
        .of(NETWORK)
        .knowing(ADA, QUALIFIED)
        .knowing(CHIEF_ID, IN_CHIEF_FORUM)
    )
    elsewhere = LeaderCrews(leader_id=ADA, reference_leaders={str(uuid4()): DEA})
    same = LeaderCrews(leader_id=ADA, reference_leaders={str(uuid4()): REFERENCE})

    coupled.knowing(ADA, elsewhere).when(ADA_LEADS, by=CHIEF).then_warned("two_reference_leaders")
    coupled.knowing(ADA, same).when(ADA_LEADS, by=CHIEF).then_warned()


@pytest.mark.parametrize("who", ["ada", "manager", "reference", "bo"])
def test_leader_candidate_reference_leader_and_line_manager_choose_no_leader(who: str) -> None:
    crew = given(planned(), WILLING, COUPLED, LEADS).of(NETWORK)
    crew.when(BO_FOR_ADA, by=employee(who)).then_refused("not_allowed")
    crew.when(overriding(BO_FOR_ADA, "R111"), by=employee(who)).then_refused("not_allowed")


@pytest.mark.parametrize("other", ["integrator", "reporter", "municipal_director"])
def test_nobody_else_chooses_a_leader_or_a_co_driver(other: str) -> None:
    LED.when(BO_FOR_ADA, by=employee("other", other)).then_refused("not_allowed")
    LED.when(BO_CO_DRIVES, by=employee("other", other)).then_refused("not_allowed")


def test_a_network_that_has_ended_gets_no_crew() -> None:
    ended = given(planned(), LEADS, CANCELLED).of(NETWORK)
    ended.when(BO_FOR_ADA, by=CHIEF).then_refused("network_ended", "R89")
    ended.when(BO_CO_DRIVES, by=employee("ada")).then_refused("network_ended", "R89")


def test_the_leader_chooses_a_co_driver() -> None:
    LED.when(BO_CO_DRIVES, by=employee("ada")).then(CO_DRIVES).then_warned()
    LED.when(BO_CO_DRIVES, by=SECRETARIAT).then(CO_DRIVES)


def test_the_co_drivers_line_manager_is_read_from_the_directory() -> None:
    told = CO_DRIVES.model_copy(update={"line_manager_id": MANAGER})
    knowing = LED.knowing(BO, Person(person_id=BO, line_manager_id=MANAGER))
    knowing.when(BO_CO_DRIVES, by=employee("ada")).then(told)


def test_the_same_co_driver_is_assigned_once() -> None:
    driven = given(planned(), LEADS, CO_DRIVES).of(NETWORK)
    driven.when(BO_CO_DRIVES, by=employee("ada")).then_nothing()


def test_a_network_has_one_co_driver_at_a_time() -> None:
    driven = given(planned(), LEADS, CO_DRIVES).of(NETWORK)
    another = but(BO_CO_DRIVES, person_id=DEA)
    driven.when(another, by=employee("ada")).then_refused("co_driver_already_assigned", "R131")


def test_nobody_co_drives_for_themselves_or_for_nobody() -> None:
    own = but(BO_CO_DRIVES, person_id=ADA)
    LED.when(own, by=employee("ada")).then_refused("co_driver_is_leader", "R131")
    PLANNED.when(BO_CO_DRIVES).then_refused("network_has_no_leader", "R131")


def test_a_co_driver_follows_from_the_start_unless_leader_or_secretariat_sets_it_aside() -> None:
    late = given(LATE_IMPORT).of(NETWORK)
    told = CO_DRIVES.model_copy(update={"theme_id": None, "title": "Campus", "late": True})

    late.when(BO_CO_DRIVES, by=employee("ada")).then_refused("assigned_after_phase_1", "R137")
    for who in (employee("ada"), SECRETARIAT):
        late.when(overriding(BO_CO_DRIVES, "R137"), by=who).then(told).then_overrode("R137")


def test_a_co_driver_is_chosen_on_an_assessment_unless_that_is_set_aside() -> None:
    unseen = but(BO_CO_DRIVES, assessment_id=None)
    LED.when(unseen, by=employee("ada")).then_refused("no_assessment_cited", "R135")
    for who in (employee("ada"), SECRETARIAT):
        LED.when(overriding(unseen, "R135"), by=who).then_overrode("R135")


def test_a_co_driver_who_complements_in_nothing_is_remarked_on() -> None:
    alike = but(BO_CO_DRIVES, complements=frozenset(), theme_expertise=False)
    LED.when(alike, by=employee("ada")).then_warned("complements_nothing")


def test_a_reference_leader_who_co_drives_is_remarked_on() -> None:
    coupled = given(planned(), WILLING, COUPLED, LEADS).of(NETWORK)
    both = but(BO_CO_DRIVES, person_id=REFERENCE)
    coupled.when(both, by=employee("ada")).then_warned("co_driver_is_reference_leader")


@pytest.mark.parametrize("who", ["bo", "reference", "leader of another", "manager", "dea"])
def test_co_driver_reference_leader_and_strangers_choose_no_co_driver(who: str) -> None:
    driven = given(planned(), WILLING, COUPLED, LEADS, CO_DRIVES).of(NETWORK)
    another = but(BO_CO_DRIVES, person_id=DEA)
    driven.when(another, by=employee(who)).then_refused("not_allowed")
    driven.when(overriding(another, "R137"), by=employee(who)).then_refused("not_allowed")


def test_the_chief_forum_chooses_no_co_driver() -> None:
    LED.when(BO_CO_DRIVES, by=CHIEF).then_refused("not_allowed")


def test_there_is_no_crew_without_a_network() -> None:
    given().when(ADA_LEADS, by=CHIEF).then_refused("unknown")
