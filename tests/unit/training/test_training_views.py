"""The pool says whom one can ask to lead; the path says how far each person is."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from hypothesis import given as for_all
from hypothesis import strategies as st

from services.training.projections.leader_pool import LEADER_POOL, LeaderPool
from services.training.projections.training_path import TRAINING_PATH, TrainingPath
from shared.contracts.networks import (
    CoDriverAssigned,
    CoDriverReleased,
    Crew,
    CrewAtClosing,
    NetworkCancelled,
    NetworkClosed,
    NetworkImported,
    Service,
)
from shared.contracts.training import (
    CoDrivingCompleted,
    LeaderAdmittedToPool,
    LeaderInterestRegistered,
    LeaderLeftPool,
    LeaderQualified,
    LeadingCompleted,
    PriorQualificationRecorded,
)
from shared.contracts.vocabulary import (
    LeaderWish,
    NetworkResult,
    NetworkType,
    PathStage,
    PoolBasis,
    PriorExperience,
)
from shared.kernel.events import Event, Recorded
from shared.testing import folded, new_id, person, recorded, rule

ANNA, BO = person("anna"), person("bo")
GARDENS, SHARING, ELDERLY = (UUID(int=number) for number in (1, 2, 3))
DAY = [date(2013, 9, number) for number in range(1, 16)]
WELFARE = NetworkType.WELFARE

INTERESTED = LeaderInterestRegistered(on=DAY[0], person_id=ANNA, wish=LeaderWish.LEAD)
CO_DROVE = CoDrivingCompleted(
    on=DAY[5],
    person_id=ANNA,
    network_id=GARDENS,
    network_type=WELFARE,
    since=DAY[1],
    until=DAY[5],
)
LED = LeadingCompleted.model_validate({**CO_DROVE.model_dump(), "network_id": SHARING})
DIPLOMA = PriorQualificationRecorded(
    on=DAY[6], person_id=ANNA, what=PriorExperience.DIPLOMA, evidence_note=new_id(1)
)
PRIOR_RUN = PriorQualificationRecorded(
    on=date(2012, 1, 1), person_id=ANNA, what=PriorExperience.LEADER, evidence_note=new_id(1)
)
QUALIFIED = LeaderQualified(on=DAY[6], person_id=ANNA, diploma_on=DAY[6], runs=())
ADMITTED = LeaderAdmittedToPool(
    on=DAY[7], person_id=ANNA, basis=PoolBasis.TRAINED_CO_DRIVER, generation=3, qualified=True
)
LEFT = LeaderLeftPool(on=DAY[8], person_id=ANNA)
HER_WAY: Sequence[Event] = (INTERESTED, CO_DROVE, DIPLOMA, QUALIFIED, ADMITTED)


def stream(name: str, *events: Event) -> list[Recorded[Any]]:
    return [recorded(event, name, version) for version, event in enumerate(events, start=1)]


def of(person_id: UUID, *events: Event) -> list[Recorded[Any]]:
    return stream(f"leader-{person_id}", *events)


def network(network_id: UUID, *events: Event) -> list[Recorded[Any]]:
    return stream(f"network-{network_id}", *events)


def assigned(who: UUID, on: date) -> CoDriverAssigned:
    return CoDriverAssigned(
        on=on,
        person_id=who,
        leader_id=person("leader"),
        network_type=WELFARE,
        title="Urban farming",
        theme_expertise=True,
        rationale_note=new_id(1),
    )


def released(who: UUID, on: date) -> CoDriverReleased:
    return CoDriverReleased(on=on, person_id=who, since=on, until=on)


def closed(co_driver: UUID | None) -> NetworkClosed:
    service = Service(person_id=co_driver, since=DAY[1], until=DAY[5]) if co_driver else None
    return NetworkClosed(
        on=DAY[5],
        title="Urban farming",
        network_type=WELFARE,
        started_on=DAY[0],
        result=NetworkResult.PARTLY,
        crew=CrewAtClosing(co_driver=service),
        phases=(),
        break_days=0,
    )


def cancelled(co_driver: UUID) -> NetworkCancelled:
    return NetworkCancelled(
        on=DAY[9],
        title="Urban farming",
        network_type=WELFARE,
        was_started=True,
        half_year="2013-H2",
        crew=Crew(co_driver_id=co_driver),
        reason_note=new_id(1),
    )


def imported(co_driver: UUID | None) -> NetworkImported:
    return NetworkImported(
        on=DAY[3],
        title="Ældre og teknologi",
        purpose="Videreført",
        network_type=WELFARE,
        started_on=date(2013, 5, 1),
        leader_id=person("leader"),
        co_driver_id=co_driver,
        phases=(),
    )


def pool(*events: Event) -> LeaderPool:
    return folded(LEADER_POOL, of(ANNA, *events))[str(ANNA)]


def path(*facts: Recorded[Any]) -> TrainingPath:
    return folded(TRAINING_PATH, facts)[str(ANNA)]


@rule("R110")
def test_the_pool_shows_on_what_ground_somebody_is_in_it() -> None:
    assert pool(*HER_WAY, LED, PRIOR_RUN) == LeaderPool(
        person_id=ANNA,
        in_pool=True,
        basis=PoolBasis.TRAINED_CO_DRIVER,
        generation=3,
        admitted_on=DAY[7],
        qualified=True,
        qualified_on=DAY[6],
        diploma_on=DAY[6],
        networks_led=(SHARING,),
        networks_co_driven=(GARDENS,),
        prior_experience=(PriorExperience.DIPLOMA, PriorExperience.LEADER),
        wish=LeaderWish.LEAD,
    )


def test_who_left_the_pool_is_still_qualified() -> None:
    row = pool(*HER_WAY, LEFT)
    assert (row.in_pool, row.basis, row.left_on, row.qualified) == (False, None, DAY[8], True)
    assert pool(*HER_WAY, LEFT, ADMITTED).left_on is None


def test_who_only_wishes_to_lead_can_be_found() -> None:
    assert pool(INTERESTED) == LeaderPool(person_id=ANNA, wish=LeaderWish.LEAD)


def test_the_earliest_diploma_counts() -> None:
    later = DIPLOMA.model_copy(update={"on": DAY[10]})
    assert pool(later, DIPLOMA).diploma_on == pool(DIPLOMA, later).diploma_on == DAY[6]
    assert path(*of(ANNA, later, DIPLOMA)).diploma_on == DAY[6]


def test_each_step_of_the_path_is_a_stage() -> None:
    joining = network(GARDENS, assigned(ANNA, DAY[1]))
    closing = network(GARDENS, assigned(ANNA, DAY[1]), closed(ANNA))
    stages = [
        path(*of(ANNA, *HER_WAY[:1])).stage,
        path(*of(ANNA, *HER_WAY[:1]), *joining).stage,
        path(*of(ANNA, *HER_WAY[:2]), *closing).stage,
        path(*of(ANNA, *HER_WAY[:1], DIPLOMA), *joining).stage,
        path(*of(ANNA, *HER_WAY[:4]), *closing).stage,
        path(*of(ANNA, *HER_WAY), *closing).stage,
        path(*of(ANNA, *HER_WAY, LEFT), *closing).stage,
    ]
    assert stages == [
        PathStage.CANDIDATE,
        PathStage.CO_DRIVING,
        PathStage.DRIVEN_ONLY,
        PathStage.DIPLOMA_ONLY,
        PathStage.QUALIFIED,
        PathStage.IN_POOL,
        PathStage.QUALIFIED,
    ]


def test_the_path_has_the_dates_of_its_steps() -> None:
    facts = (*network(GARDENS, assigned(ANNA, DAY[1]), closed(ANNA)), *of(ANNA, *HER_WAY))
    assert path(*facts) == TrainingPath(
        person_id=ANNA,
        stage=PathStage.IN_POOL,
        wish=LeaderWish.LEAD,
        interest_on=DAY[0],
        co_driver_first_on=DAY[1],
        runs=1,
        first_run_on=DAY[5],
        diploma_on=DAY[6],
        qualified_on=DAY[6],
        in_pool=True,
        pool_on=DAY[7],
    )


def test_a_co_driver_is_one_until_released_or_the_network_ends() -> None:
    joined = assigned(ANNA, DAY[1])
    assert path(*network(GARDENS, joined)).co_driving == {str(GARDENS): DAY[1]}
    assert path(*network(GARDENS, joined, released(ANNA, DAY[2]))).stage is PathStage.CANDIDATE
    assert path(*network(GARDENS, joined, cancelled(ANNA))).co_driving == {}
    assert path(*network(GARDENS, joined, closed(ANNA))).co_driving == {}


def test_an_imported_network_has_its_co_driver_from_its_start() -> None:
    assert path(*network(ELDERLY, imported(ANNA))).co_driver_first_on == date(2013, 5, 1)
    assert folded(TRAINING_PATH, network(ELDERLY, imported(None), closed(None))) == {}


def test_runs_from_before_count_with_the_others() -> None:
    row = path(*of(ANNA, CO_DROVE, PRIOR_RUN, LED))
    assert (row.runs, row.first_run_on) == (3, date(2012, 1, 1))


STREAMS = (
    of(ANNA, *HER_WAY, LEFT),
    of(BO, *(event.model_copy(update={"person_id": BO}) for event in HER_WAY[:3])),
    network(GARDENS, assigned(ANNA, DAY[1]), closed(ANNA)),
    network(
        SHARING,
        assigned(ANNA, DAY[2]),
        released(ANNA, DAY[3]),
        assigned(BO, DAY[4]),
        cancelled(BO),
    ),
    network(ELDERLY, imported(BO), released(BO, DAY[9]), assigned(ANNA, DAY[10])),
)
TURNS = [number for number, facts in enumerate(STREAMS) for _ in facts]


@for_all(turns=st.permutations(TURNS))
def test_it_does_not_matter_which_stream_is_heard_first(turns: list[int]) -> None:
    waiting = [iter(facts) for facts in STREAMS]
    woven = [next(waiting[number]) for number in turns]
    in_a_row = [fact for facts in STREAMS for fact in facts]

    assert folded(LEADER_POOL, woven) == folded(LEADER_POOL, in_a_row)
    assert folded(TRAINING_PATH, woven) == folded(TRAINING_PATH, in_a_row)
