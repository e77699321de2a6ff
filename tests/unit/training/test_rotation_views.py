"""The overview says who is in rotation and what came of it; the evaluation is read by few."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as drawn

from services.training.projections.rotations import (
    ROTATION_COMPETENCES,
    ROTATION_EVALUATIONS,
    ROTATION_OVERVIEW,
    RotationCompetences,
    RotationEvaluations,
    RotationOverview,
)
from services.training.queries.rotations import (
    COMPETENCE_READERS,
    EVALUATION_READERS,
    OR_THE_PERSON,
)
from shared.contracts.training import KINDS, Deliverable, RotationEvaluated
from shared.contracts.vocabulary import RotationState, RotationTask
from shared.kernel.events import Event, Recorded
from shared.kernel.permissions import Actor, May
from shared.testing import CHIEF, SECRETARIAT, TODAY, employee, folded, new_id, person, rule
from tests.unit.training.rotations import (
    ANNA,
    BEGAN,
    DECLINED,
    ENDED,
    EVALUATED,
    GUIDE,
    LAST_DAY,
    NOMINATED,
    POINTED_OUT,
    PROPOSED,
    RUNS,
    SCHOOL,
    TURN,
    WANTED,
)
from tests.unit.training.streams import Stream, in_a_row, interleavings, stream

BO, BOS = person("bo"), UUID(int=4)
COURSE = Deliverable(title="Kursus for netværksledere")
STAY = (PROPOSED, NOMINATED, RUNS, ENDED.model_copy(update={"deliverables": (GUIDE, COURSE)}))


def turn(*events: Event) -> Stream:
    return stream(f"rotation-{TURN}", *events)


def said(*events: Event) -> Stream:
    return stream(f"rotation_evaluation-{TURN}", *events)


def overview(*facts: Recorded[Any]) -> RotationOverview:
    return folded(ROTATION_OVERVIEW, facts)[str(TURN)]


@rule("R194", "R195")
def test_the_overview_shows_what_was_worked_on_and_what_it_left_behind() -> None:
    assert overview(*turn(*STAY)) == RotationOverview(
        rotation_id=TURN,
        person_id=ANNA,
        org_unit_id=SCHOOL,
        state=RotationState.ENDED,
        task=RotationTask.METHOD,
        competence="Grafisk facilitering",
        competence_id=WANTED,
        pointed_out=True,
        wished_from=TODAY,
        wished_until=LAST_DAY,
        starts_on=BEGAN,
        ends_on=TODAY,
        deliverables=("Vejledning i at tegne møder", "Kursus for netværksledere"),
        links=("https://kommune.example/tegn",),
    )


@rule("R192")
def test_each_step_of_a_rotation_is_shown() -> None:
    states = [overview(*turn(*STAY[:steps])).state for steps in range(1, 5)]
    assert states == [
        RotationState.PROPOSED,
        RotationState.NOMINATED,
        RotationState.RUNNING,
        RotationState.ENDED,
    ]


def test_a_stay_that_is_called_off_has_no_period() -> None:
    row = overview(*turn(PROPOSED, NOMINATED, RUNS, DECLINED))
    assert (row.state, row.starts_on, row.ends_on) == (RotationState.DECLINED, None, None)


@rule("R196")
def test_the_evaluation_shows_what_the_person_said() -> None:
    (row,) = folded(ROTATION_EVALUATIONS, said(EVALUATED)).values()
    assert row == RotationEvaluations(
        rotation_id=TURN,
        person_id=ANNA,
        evaluated_on=TODAY,
        wellbeing=5,
        motivation=4,
        learned_note=new_id(1),
    )


def test_wellbeing_is_neither_told_in_public_nor_shown_in_the_overview() -> None:
    public = {each for kind in KINDS if kind.audience == "public" for each in kind.events}
    assert RotationEvaluated not in public
    assert not {"wellbeing", "motivation", "learned_note"} & set(RotationOverview.model_fields)
    assert folded(ROTATION_OVERVIEW, said(EVALUATED)) == {}


@rule("R197")
def test_what_the_chief_forum_points_out_is_a_competence_and_no_person() -> None:
    facts = stream(f"rotation_competence-{WANTED}", POINTED_OUT)
    assert folded(ROTATION_COMPETENCES, facts)[str(WANTED)] == RotationCompetences(
        competence_id=WANTED,
        competence="Grafisk facilitering",
        text="At tegne, mens der tales",
        pointed_out_on=TODAY,
        decided_by=(person("chief"),),
    )


BOS_STAY = [each.model_copy(update={"person_id": BO}) for each in (PROPOSED, DECLINED)]
STREAMS = (turn(*STAY), said(EVALUATED), stream(f"rotation-{BOS}", *BOS_STAY))


@drawn(woven=interleavings(STREAMS))
def test_it_does_not_matter_which_stream_is_heard_first(woven: Stream) -> None:
    assert folded(ROTATION_OVERVIEW, woven) == folded(ROTATION_OVERVIEW, in_a_row(STREAMS))
    assert folded(ROTATION_EVALUATIONS, woven) == folded(ROTATION_EVALUATIONS, in_a_row(STREAMS))


# --- who reads --------------------------------------------------------------------------------

DIRECTOR = employee("director", "municipal_director")
REPORTER = employee("reporter", "reporter")
INTEGRATOR = Actor(person_id=person("integrator"), roles=frozenset({"integrator"}))


def may_read(may: May, who: Actor) -> bool:
    relations = {"person": (ANNA,)}
    return may.capacity(who, SimpleNamespace(on_behalf_of=None), relations) is not None


@pytest.mark.parametrize("who", [SECRETARIAT, DIRECTOR, REPORTER, INTEGRATOR, employee("anna")])
def test_reports_systems_and_the_person_read_a_rotation(who: Actor) -> None:
    assert may_read(OR_THE_PERSON, who)


@pytest.mark.parametrize("who", [employee("bo"), CHIEF, employee("maj")])
def test_other_employees_read_no_rotation(who: Actor) -> None:
    assert not may_read(OR_THE_PERSON, who)
    assert not may_read(EVALUATION_READERS, who)


@pytest.mark.parametrize("who", [SECRETARIAT, DIRECTOR, employee("anna")])
def test_few_read_an_evaluation(who: Actor) -> None:
    assert may_read(EVALUATION_READERS, who)
    assert not may_read(EVALUATION_READERS, REPORTER)
    assert not may_read(EVALUATION_READERS, INTEGRATOR)


def test_the_chief_forum_reads_which_competences_it_has_pointed_out() -> None:
    assert may_read(COMPETENCE_READERS, CHIEF)
    assert not may_read(COMPETENCE_READERS, employee("bo"))
