"""The pool says whom one can ask to lead; the path says how far each person is."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from hypothesis import given as for_all

from services.training.projections.leader_pool import LEADER_POOL, LeaderPool
from services.training.projections.training_path import TRAINING_PATH, TrainingPath
from shared.contracts.training import (
    LeaderAdmittedToPool,
    LeaderInterestRegistered,
    LeaderLeftPool,
    LeaderQualified,
    LeadingCompleted,
    PriorQualificationRecorded,
)
from shared.contracts.vocabulary import (
    LeaderWish,
    PathStage,
    PoolBasis,
    PriorExperience,
)
from shared.kernel.events import Event, Recorded
from shared.testing import folded, new_id, person, rule
from tests.unit.training.crews import cancelled, closed, co_drives, imported, network, released
from tests.unit.training.paths import ANNA, GARDENS, co_drove
from tests.unit.training.streams import Stream, in_a_row, interleavings, stream

BO = person("bo")
SHARING, ELDERLY = UUID(int=2), UUID(int=3)
DAY = [date(2013, 9, number) for number in range(1, 16)]
MAY = date(2013, 5, 1)

INTERESTED = LeaderInterestRegistered(on=DAY[0], person_id=ANNA, wish=LeaderWish.LEAD)
CO_DROVE = co_drove(DAY[1], DAY[5])
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


def of(person_id: UUID, *events: Event) -> Stream:
    return stream(f"leader-{person_id}", *events)


ANNA_JOINS = co_drives(ANNA, DAY[1])
ANNA_CLOSES = closed(DAY[1], DAY[5], co_driver=ANNA)


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
    joining = network(GARDENS, ANNA_JOINS)
    closing = network(GARDENS, ANNA_JOINS, ANNA_CLOSES)
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
    facts = (*network(GARDENS, ANNA_JOINS, ANNA_CLOSES), *of(ANNA, *HER_WAY))
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
    assert path(*network(GARDENS, ANNA_JOINS)).co_driving == {str(GARDENS): DAY[1]}
    assert (
        path(*network(GARDENS, ANNA_JOINS, released(ANNA, DAY[1], DAY[2]))).stage
        is PathStage.CANDIDATE
    )
    assert path(*network(GARDENS, ANNA_JOINS, cancelled(DAY[9], co_driver=ANNA))).co_driving == {}
    assert path(*network(GARDENS, ANNA_JOINS, ANNA_CLOSES)).co_driving == {}


def test_an_imported_network_has_its_co_driver_from_its_start() -> None:
    assert path(*network(ELDERLY, imported(DAY[3], MAY, co_driver=ANNA))).co_driver_first_on == MAY
    assert folded(TRAINING_PATH, network(ELDERLY, imported(DAY[3], MAY), closed(MAY, DAY[5]))) == {}


def test_runs_from_before_count_with_the_others() -> None:
    row = path(*of(ANNA, CO_DROVE, PRIOR_RUN, LED))
    assert (row.runs, row.first_run_on) == (3, date(2012, 1, 1))


STREAMS = (
    of(ANNA, *HER_WAY, LEFT),
    of(BO, *(event.model_copy(update={"person_id": BO}) for event in HER_WAY[:3])),
    network(GARDENS, ANNA_JOINS, ANNA_CLOSES),
    network(
        SHARING,
        co_drives(ANNA, DAY[2]),
        released(ANNA, DAY[2], DAY[3]),
        co_drives(BO, DAY[4]),
        cancelled(DAY[9], co_driver=BO),
    ),
    network(
        ELDERLY,
        imported(DAY[3], MAY, co_driver=BO),
        released(BO, MAY, DAY[9]),
        co_drives(ANNA, DAY[10]),
    ),
)


@for_all(woven=interleavings(STREAMS))
def test_it_does_not_matter_which_stream_is_heard_first(woven: Stream) -> None:
    assert folded(LEADER_POOL, woven) == folded(LEADER_POOL, in_a_row(STREAMS))
    assert folded(TRAINING_PATH, woven) == folded(TRAINING_PATH, in_a_row(STREAMS))
