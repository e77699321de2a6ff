"""What is told of availability, declines, diplomas and the corps is shown where leaders are."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.training.projections.declined_assignments import (
    DECLINED_ASSIGNMENTS,
    DECLINES,
    DeclinedAssignment,
    Declines,
)
from services.training.projections.leader_pool import LEADER_POOL, LeaderPool
from services.training.projections.training_path import TRAINING_PATH, TrainingPath
from shared.contracts.training import (
    AssignmentDeclined,
    AvailabilityChanged,
    CompetenceSelfAssessed,
    DiplomaAwarded,
    InnovatorJoinedCorps,
    InnovatorLeftCorps,
    PriorQualificationRecorded,
)
from shared.contracts.vocabulary import (
    Competence,
    DeclineReason,
    DrivingRole,
    PathStage,
    PriorExperience,
)
from shared.kernel.events import Event, Recorded
from shared.testing import folded, new_id, person, rule
from tests.unit.training.streams import Stream, stream

ANNA, COHORT, GARDENS, SHARING = person("anna"), *(UUID(int=number) for number in (1, 2, 3))
DAY = [date(2013, 9, number) for number in range(1, 16)]
AWAY = AvailabilityChanged(
    on=DAY[1],
    person_id=ANNA,
    available=False,
    available_from=DAY[2],
    available_until=DAY[9],
)
BACK = AvailabilityChanged(on=DAY[4], person_id=ANNA, available=True)
NO_TIME = AssignmentDeclined(
    on=DAY[1],
    person_id=ANNA,
    network_id=GARDENS,
    role=DrivingRole.LEADER,
    reason=DeclineReason.TIMING,
)
NOT_THIS = NO_TIME.model_copy(
    update={"on": DAY[3], "network_id": SHARING, "reason": DeclineReason.THEME}
)
AWARDED = DiplomaAwarded(on=DAY[6], person_id=ANNA, cohort_id=COHORT, awarded_on=DAY[5])
JOINED = InnovatorJoinedCorps(on=DAY[0], person_id=ANNA, cohort_id=COHORT)
NAMED = InnovatorJoinedCorps(on=DAY[8], person_id=ANNA)
LEFT = InnovatorLeftCorps(on=DAY[9], person_id=ANNA)
SAID = CompetenceSelfAssessed(
    on=DAY[2], person_id=ANNA, assessment_id=COHORT, levels=dict.fromkeys(Competence, 3)
)


def of(*events: Event) -> Stream:
    return stream(f"leader-{ANNA}", *events)


def file_of(*events: Event) -> Stream:
    return stream(f"leader_file-{ANNA}", *events)


def pool(*facts: Recorded[Any]) -> LeaderPool:
    return folded(LEADER_POOL, facts)[str(ANNA)]


def path(*events: Event) -> TrainingPath:
    return folded(TRAINING_PATH, of(*events))[str(ANNA)]


@rule("R125")
def test_the_pool_shows_who_can_be_asked_and_in_which_period() -> None:
    assert pool(*of(AWARDED)).available
    row = pool(*of(AWAY))
    assert (row.available, row.available_from, row.available_until) == (False, DAY[2], DAY[9])
    back = pool(*of(AWAY, BACK))
    assert (back.available, back.available_from, back.available_until) == (True, None, None)


@rule("R125")
def test_what_somebody_declined_is_counted_and_the_pool_knows_nothing_of_it() -> None:
    told = file_of(NO_TIME, NOT_THIS)
    (row,) = folded(DECLINES, told).values()
    assert row == Declines(person_id=ANNA, declines=2, declined_on=DAY[3])
    assert folded(LEADER_POOL, told) == {}
    assert not [name for name in LeaderPool.model_fields if "decline" in name]


@rule("R125")
def test_each_role_that_was_declined_is_kept_with_its_reason() -> None:
    saying = NOT_THIS.model_copy(update={"text_note": new_id(1)})
    rows = folded(DECLINED_ASSIGNMENTS, file_of(NO_TIME, SAID, saying))
    assert list(rows.values()) == [
        DeclinedAssignment(
            person_id=ANNA,
            network_id=network,
            role=DrivingRole.LEADER,
            reason=reason,
            declined_on=on,
            text_note=note,
        )
        for network, reason, on, note in (
            (GARDENS, DeclineReason.TIMING, DAY[1], None),
            (SHARING, DeclineReason.THEME, DAY[3], new_id(1)),
        )
    ]


@rule("R125")
@pytest.mark.parametrize(
    ("told", "day", "available"),
    [
        (AWAY, DAY[1], True),
        (AWAY, DAY[2], False),
        (AWAY, DAY[9], False),
        (AWAY, DAY[10], True),
        (BACK, DAY[10], True),
    ],
)
def test_who_can_be_asked_depends_on_the_day(
    told: AvailabilityChanged,
    day: date,
    available: bool,  # noqa: FBT001
) -> None:
    assert pool(*of(told)).is_available_on(day) is available


def test_the_pool_shows_no_competences() -> None:
    assert folded(LEADER_POOL, file_of(SAID)) == {}
    assert not {"levels", "assessments"} & set(LeaderPool.model_fields)
    assert not {"levels", "assessments"} & set(TrainingPath.model_fields)


def test_a_diploma_counts_from_the_day_it_was_awarded_and_the_earliest_counts() -> None:
    before = PriorQualificationRecorded(
        on=DAY[2], person_id=ANNA, what=PriorExperience.DIPLOMA, evidence_note=new_id(1)
    )
    assert (path(AWARDED).diploma_on, path(AWARDED).stage) == (DAY[5], PathStage.DIPLOMA_ONLY)
    assert pool(*of(AWARDED)).diploma_on == DAY[5]
    assert pool(*of(AWARDED, before)).diploma_on == path(before, AWARDED).diploma_on == DAY[2]


def test_an_innovator_is_marked_on_the_path() -> None:
    assert (path(JOINED).innovator, path(JOINED).innovator_on) == (True, DAY[0])
    assert path(JOINED, NAMED).innovator_on == DAY[0]
    assert (path(JOINED, LEFT).innovator, path(JOINED, LEFT).innovator_on) == (False, None)
    assert path(JOINED, AWAY) == path(AWAY, JOINED) == path(JOINED)
    one_less = LEFT.model_copy(update={"cohort_id": COHORT, "remains": True})
    assert path(JOINED, NAMED, one_less) == path(JOINED, NAMED)


def test_whoever_is_an_innovator_only_is_not_among_the_leaders() -> None:
    assert folded(LEADER_POOL, of(JOINED, LEFT)) == {}
    assert folded(TRAINING_PATH, of(AWAY, BACK)) == {}
