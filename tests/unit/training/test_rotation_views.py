"""The overview says who is in rotation and what came of it; the evaluation is read by few."""

from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

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
from shared.contracts.training import (
    KINDS,
    Deliverable,
    RotationCompetencePointedOut,
    RotationDeclined,
    RotationEnded,
    RotationEvaluated,
    RotationNominated,
    RotationProposed,
    RotationStarted,
)
from shared.contracts.vocabulary import RotationState, RotationTask
from shared.kernel.events import Event, Recorded
from shared.kernel.permissions import Actor, May
from shared.testing import CHIEF, SECRETARIAT, employee, folded, new_id, person, recorded, rule

ANNAS, BOS, WANTED = UUID(int=1), UUID(int=2), UUID(int=3)
SCHOOL = UUID(int=10)
ANNA, BO = person("anna"), person("bo")
SPRING, SUMMER, AUTUMN = date(2013, 5, 1), date(2013, 6, 30), date(2013, 9, 2)

PROPOSED = RotationProposed(
    on=SPRING,
    person_id=ANNA,
    org_unit_id=SCHOOL,
    task=RotationTask.METHOD,
    competence="Grafisk facilitering",
    text="En metode til at tegne møder",
    wished_from=SPRING,
)
NOMINATED = RotationNominated(on=SPRING, person_id=ANNA, competence_id=WANTED, pointed_out=True)
DECLINED = RotationDeclined(on=SPRING, person_id=ANNA)
STARTED = RotationStarted(
    on=SPRING, person_id=ANNA, task=RotationTask.METHOD, starts_on=SPRING, ends_on=AUTUMN
)
ENDED = RotationEnded(
    on=SUMMER,
    person_id=ANNA,
    task=RotationTask.METHOD,
    started_on=SPRING,
    ended_on=SUMMER,
    deliverables=(
        Deliverable(title="Vejledning", url="https://kommune.example/tegn"),
        Deliverable(title="Kursus for netværksledere"),
    ),
)
EVALUATED = RotationEvaluated(
    on=AUTUMN, person_id=ANNA, learned_note=new_id(1), wellbeing=5, motivation=4
)
POINTED_OUT = RotationCompetencePointedOut(
    on=SPRING, competence="Grafisk facilitering", text="Tegne", decided_by=(person("chief"),)
)
STAY = (PROPOSED, NOMINATED, STARTED, ENDED)


def stream(name: str, *events: Event) -> list[Recorded[Any]]:
    return [recorded(event, name, version) for version, event in enumerate(events, start=1)]


def turn(*events: Event) -> list[Recorded[Any]]:
    return stream(f"rotation-{ANNAS}", *events)


def said(*events: Event) -> list[Recorded[Any]]:
    return stream(f"rotation_evaluation-{ANNAS}", *events)


def overview(*facts: Recorded[Any]) -> RotationOverview:
    return folded(ROTATION_OVERVIEW, facts)[str(ANNAS)]


@rule("R194", "R195")
def test_the_overview_shows_what_was_worked_on_and_what_it_left_behind() -> None:
    assert overview(*turn(*STAY)) == RotationOverview(
        rotation_id=ANNAS,
        person_id=ANNA,
        org_unit_id=SCHOOL,
        state=RotationState.ENDED,
        task=RotationTask.METHOD,
        competence="Grafisk facilitering",
        competence_id=WANTED,
        pointed_out=True,
        wished_from=SPRING,
        starts_on=SPRING,
        ends_on=SUMMER,
        deliverables=("Vejledning", "Kursus for netværksledere"),
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
    row = overview(*turn(PROPOSED, NOMINATED, STARTED, DECLINED))
    assert (row.state, row.starts_on, row.ends_on) == (RotationState.DECLINED, None, None)


@rule("R196")
def test_the_evaluation_shows_what_the_person_said() -> None:
    (row,) = folded(ROTATION_EVALUATIONS, said(EVALUATED)).values()
    assert row == RotationEvaluations(
        rotation_id=ANNAS,
        person_id=ANNA,
        evaluated_on=AUTUMN,
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
        text="Tegne",
        pointed_out_on=SPRING,
        decided_by=(person("chief"),),
    )


BOS_STAY = [each.model_copy(update={"person_id": BO}) for each in (PROPOSED, DECLINED)]
STREAMS = (turn(*STAY), said(EVALUATED), stream(f"rotation-{BOS}", *BOS_STAY))


@drawn(st.permutations([number for number, facts in enumerate(STREAMS) for _ in facts]))
def test_it_does_not_matter_which_stream_is_heard_first(order: Sequence[int]) -> None:
    left = [iter(facts) for facts in STREAMS]
    mixed = [next(left[number]) for number in order]
    in_turn = [fact for facts in STREAMS for fact in facts]

    assert folded(ROTATION_OVERVIEW, mixed) == folded(ROTATION_OVERVIEW, in_turn)
    assert folded(ROTATION_EVALUATIONS, mixed) == folded(ROTATION_EVALUATIONS, in_turn)


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
