"""A rotation is proposed, answered, given a period with an end, and leaves something behind."""

from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID

import pytest
from pydantic import ValidationError

from services.training.domain.rotation.competence import (
    ROTATION_COMPETENCE,
    PointOutRotationCompetence,
)
from services.training.domain.rotation.evaluation import EvaluateRotation
from services.training.domain.rotation.nomination import NominateRotation, ProposeRotation
from services.training.domain.rotation.state import ROTATION
from services.training.domain.rotation.stay import EndRotation, StartRotation
from shared.contracts.training import (
    Deliverable,
    RotationCompetencePointedOut,
    RotationEvaluated,
)
from shared.contracts.vocabulary import Forum, RotationState
from shared.kernel.commands import Command
from shared.kernel.permissions import Actor
from shared.people import Person
from shared.testing import CHIEF, SECRETARIAT, TODAY, employee, given, new_id, person
from shared.testing.kit import Given
from tests.unit.training.rotations import (
    ANNA,
    BEGAN,
    DECLINED,
    ENDED,
    EVALUATED,
    GUIDE,
    LAST_DAY,
    MAJ,
    NOMINATED,
    OVER,
    POINTED_OUT,
    PROPOSED,
    RUNS,
    SCHOOL,
    STARTED,
    TURN,
    WANTED,
)

C = TypeVar("C", bound=Command[Any, Any])

UNHEARD_OF = UUID(int=3)
ANNA_ACTING, MAJ_ACTING = employee("anna"), employee("maj")
KNOWN = Person(person_id=ANNA, org_unit_id=SCHOOL, line_manager_id=MAJ)
CHIEF_ROW = Person(person_id=person("chief"), forums=frozenset({Forum.CHIEFS}))
AHEAD = TODAY + timedelta(days=30)

PROPOSE = ProposeRotation.model_validate(
    PROPOSED.model_dump(exclude={"on", "org_unit_id", "line_manager_id"})
)
NOMINATE = NominateRotation(answer=RotationState.NOMINATED, competence_id=WANTED)
DECLINE = NominateRotation(answer=RotationState.DECLINED)
START = StartRotation(starts_on=TODAY, ends_on=LAST_DAY)
LIES_AHEAD = STARTED.model_copy(update={"starts_on": AHEAD})
END = EndRotation(deliverables=(GUIDE,))
POINT_OUT = PointOutRotationCompetence(
    competence="Grafisk facilitering",
    text="At tegne, mens der tales",
    decided_by=frozenset({person("chief")}),
)
EVALUATE = EvaluateRotation(learned="At holde pennen roligt", wellbeing=5, motivation=4)

OTHERS = [
    employee("anyone"),
    *(employee("other", each) for each in ("reporter", "municipal_director", "participant")),
    Actor(person_id=person("system"), roles=frozenset({"integrator"})),
]


def but(command: C, **changes: object) -> C:
    return command.model_copy(update=changes)


def rotation(*facts: Any) -> Given:
    return (
        given(*facts)
        .of(TURN)
        .knowing(ANNA, KNOWN)
        .besides(ROTATION_COMPETENCE, str(WANTED), POINTED_OUT)
    )


# --- a competence is pointed out --------------------------------------------------------------


def pointing_out(*facts: RotationCompetencePointedOut) -> Given:
    return given(*facts).of(WANTED).knowing(person("chief"), CHIEF_ROW)


@pytest.mark.parametrize("who", [CHIEF, SECRETARIAT])
def test_the_chief_forum_points_out_a_competence_and_the_secretariat_records_it(who: Actor) -> None:
    pointing_out().when(POINT_OUT, by=who).then(POINTED_OUT).then_warned()


def test_a_competence_is_pointed_out_once() -> None:
    pointing_out(POINTED_OUT).when(POINT_OUT, by=CHIEF).then_nothing()


def test_who_records_for_the_chief_forum_is_not_among_those_who_decided() -> None:
    alone = but(POINT_OUT, decided_by=frozenset({person("secretary")}))
    pointing_out().when(alone).then_refused("observer_cannot_decide", "R201")


def test_a_decider_whom_the_directory_does_not_have_in_the_forum_is_remarked_on() -> None:
    unknown = but(POINT_OUT, decided_by=frozenset({MAJ}))
    pointing_out().when(unknown, by=CHIEF).then_warned("not_in_chief_forum")


def test_the_secretariat_points_out_nothing_of_which_it_names_no_known_member() -> None:
    unknown = but(POINT_OUT, decided_by=frozenset({MAJ}))
    pointing_out().when(unknown, by=SECRETARIAT).then_refused("no_known_decider", "R200")
    one_of_them = but(POINT_OUT, decided_by=frozenset({MAJ, person("chief")}))
    pointing_out().when(one_of_them, by=SECRETARIAT).then_warned("not_in_chief_forum")


def test_somebody_has_to_have_decided() -> None:
    with pytest.raises(ValidationError):
        PointOutRotationCompetence(competence="Tegne", text="Møder", decided_by=frozenset())


@pytest.mark.parametrize("who", [MAJ_ACTING, ANNA_ACTING, *OTHERS])
def test_nobody_else_points_out_a_competence(who: Actor) -> None:
    pointing_out().when(POINT_OUT, by=who).then_refused("not_allowed")


# --- it is proposed ---------------------------------------------------------------------------


@pytest.mark.parametrize("who", [ANNA_ACTING, MAJ_ACTING, SECRETARIAT])
def test_the_person_the_line_manager_and_the_secretariat_propose_a_rotation(who: Actor) -> None:
    rotation().when(PROPOSE, by=who).then(PROPOSED).then_warned()


def test_a_rotation_is_proposed_once() -> None:
    rotation(PROPOSED).when(PROPOSE, by=ANNA_ACTING).then_nothing()


@pytest.mark.parametrize("who", [employee("boss of another"), CHIEF, *OTHERS])
def test_nobody_proposes_anothers_staff(who: Actor) -> None:
    rotation().when(PROPOSE, by=who).then_refused("not_allowed")


def test_who_is_not_in_the_directory_is_proposed_by_themself_or_the_secretariat() -> None:
    unknown = PROPOSED.model_copy(update={"org_unit_id": None, "line_manager_id": None})
    given().of(TURN).when(PROPOSE, by=ANNA_ACTING).then(unknown)
    given().of(TURN).when(PROPOSE).then(unknown)
    given().of(TURN).when(PROPOSE, by=MAJ_ACTING).then_refused("not_allowed")


def test_nobody_is_the_line_manager_of_who_has_none() -> None:
    nobodys = KNOWN.model_copy(update={"line_manager_id": None})
    nameless = Actor(roles=frozenset({"employee"}))
    given().of(TURN).knowing(ANNA, nobodys).when(PROPOSE, by=nameless).then_refused("not_allowed")


def test_the_wished_period_ends_after_it_begins() -> None:
    backwards = {"wished_from": LAST_DAY, "wished_until": TODAY}
    with pytest.raises(ValidationError, match="wished_until is before wished_from"):
        ProposeRotation.model_validate(PROPOSE.model_dump() | backwards)


# --- it is answered ---------------------------------------------------------------------------


@pytest.mark.parametrize("who", [SECRETARIAT, CHIEF])
def test_the_secretariat_and_the_chief_forum_nominate(who: Actor) -> None:
    rotation(PROPOSED).when(NOMINATE, by=who).then(NOMINATED).then_warned()


@pytest.mark.parametrize("competence_id", [None, UNHEARD_OF])
def test_a_nomination_on_a_competence_that_is_not_pointed_out_is_remarked_on(
    competence_id: UUID | None,
) -> None:
    unwanted = {"competence_id": competence_id, "pointed_out": False}
    rotation(PROPOSED).when(but(NOMINATE, competence_id=competence_id)).then(
        NOMINATED.model_copy(update=unwanted)
    ).then_warned("competence_not_pointed_out")


def test_a_person_is_nominated_once_and_for_one_competence() -> None:
    nominated = rotation(PROPOSED, NOMINATED)
    nominated.when(NOMINATE).then_nothing()
    nominated.when(but(NOMINATE, competence_id=None)).then_refused(
        "rotation_already_nominated", "R192"
    )


@pytest.mark.parametrize(
    "facts", [(PROPOSED,), (PROPOSED, NOMINATED), (PROPOSED, NOMINATED, LIES_AHEAD)]
)
def test_a_rotation_that_has_not_begun_can_be_declined(facts: tuple[Any, ...]) -> None:
    rotation(*facts).when(DECLINE).then(DECLINED)
    rotation(*facts, DECLINED).when(DECLINE).then_nothing()


def test_why_it_is_declined_is_a_note_about_the_person() -> None:
    because = but(DECLINE, reason="Kan ikke undværes i skoleåret")
    outcome = rotation(PROPOSED).when(because)
    outcome.then(DECLINED.model_copy(update={"reason_note": new_id(1)}))
    assert outcome.decision is not None
    (note,) = outcome.decision.notes
    assert (note.text, note.about) == ("Kan ikke undværes i skoleåret", ANNA)


def test_the_chief_forum_declines_nobody() -> None:
    rotation(PROPOSED).when(DECLINE, by=CHIEF).then_refused("not_allowed")


def test_a_declined_rotation_neither_begins_nor_is_nominated() -> None:
    declined = rotation(PROPOSED, DECLINED)
    declined.when(NOMINATE).then_refused("rotation_declined", "R192")
    declined.when(START).then_refused("rotation_declined", "R192")


@pytest.mark.parametrize("answer", [NOMINATE, DECLINE])
def test_a_rotation_that_runs_or_is_over_is_not_answered_any_more(answer: NominateRotation) -> None:
    rotation(PROPOSED, NOMINATED, RUNS).when(answer).then_refused("rotation_running", "R192")
    rotation(*OVER).when(answer).then_refused("rotation_ended", "R193")


def test_a_reason_goes_with_a_no_and_a_competence_with_a_yes() -> None:
    with pytest.raises(ValidationError, match="reason is for declining"):
        NominateRotation(answer=RotationState.NOMINATED, reason="Dygtig")
    with pytest.raises(ValidationError, match="competence_id is for nominating"):
        NominateRotation(answer=RotationState.DECLINED, competence_id=WANTED)
    with pytest.raises(ValidationError):
        NominateRotation.model_validate({"answer": "running"})


# --- it has a period --------------------------------------------------------------------------


def test_a_nominated_person_gets_a_period() -> None:
    rotation(PROPOSED, NOMINATED).when(START).then(STARTED).then_warned()


def test_a_period_without_a_nomination_is_remarked_on() -> None:
    rotation(PROPOSED).when(START).then(STARTED).then_warned("rotation_not_nominated")


def test_a_rotation_has_an_end() -> None:
    endless = but(START, ends_on=None)
    rotation(PROPOSED, NOMINATED).when(endless).then_refused("rotation_without_end", "R193")


def test_a_rotation_ends_on_its_first_day_at_the_earliest() -> None:
    nominated = rotation(PROPOSED, NOMINATED)
    backwards = but(START, ends_on=TODAY - timedelta(days=1))
    nominated.when(backwards).then_refused("rotation_ends_before_start", "R193")
    nominated.when(but(START, ends_on=TODAY)).then(STARTED.model_copy(update={"ends_on": TODAY}))


def test_another_period_moves_the_stay_and_the_same_one_is_nothing_new() -> None:
    longer = but(START, ends_on=LAST_DAY + timedelta(days=30))
    running = rotation(PROPOSED, NOMINATED, STARTED)
    running.when(START).then_nothing()
    running.when(longer).then(STARTED.model_copy(update={"ends_on": longer.ends_on}))


@pytest.mark.parametrize("first_day", [AHEAD, BEGAN - timedelta(days=1)])
def test_once_a_stay_has_begun_only_its_end_moves(first_day: date) -> None:
    running = rotation(PROPOSED, NOMINATED, RUNS)
    moved = but(START, starts_on=first_day, ends_on=LAST_DAY)
    running.when(moved).then_refused("rotation_running", "R192")
    earlier = but(START, starts_on=BEGAN, ends_on=AHEAD)
    running.when(earlier).then(RUNS.model_copy(update={"ends_on": AHEAD}))
    ahead = rotation(PROPOSED, NOMINATED, LIES_AHEAD)
    ahead.when(START).then(STARTED)


def test_a_date_before_the_stay_does_not_undo_it() -> None:
    the_day_before = BEGAN - timedelta(days=1)
    running = rotation(PROPOSED, NOMINATED, RUNS)
    running.when(but(DECLINE, on=the_day_before)).then_refused("rotation_running", "R192")
    ahead = rotation(PROPOSED, NOMINATED, LIES_AHEAD)
    ahead.when(but(DECLINE, on=the_day_before)).then(
        DECLINED.model_copy(update={"on": the_day_before})
    )


def test_a_rotation_that_is_over_gets_no_other_period() -> None:
    rotation(*OVER).when(START).then_refused("rotation_ended", "R193")


# --- it ends ----------------------------------------------------------------------------------


def test_a_rotation_ends_with_what_it_leaves_behind() -> None:
    rotation(PROPOSED, NOMINATED, RUNS).when(END).then(ENDED)


def test_a_rotation_ends_once() -> None:
    rotation(*OVER).when(END).then_nothing()
    rotation(*OVER).when(but(END, on=TODAY)).then_nothing()
    rotation(*OVER).when(but(END, on=TODAY - timedelta(days=1))).then_refused("rotation_ended")
    rotation(*OVER).when(EndRotation()).then_refused("rotation_ended", "R193")


@pytest.mark.parametrize(
    "facts",
    [
        (PROPOSED,),
        (PROPOSED, NOMINATED),
        (PROPOSED, DECLINED),
        (PROPOSED, NOMINATED, LIES_AHEAD),
    ],
)
def test_what_has_not_begun_does_not_end(facts: tuple[Any, ...]) -> None:
    rotation(*facts).when(END).then_refused("rotation_not_running", "R193")


def test_a_link_is_one_that_can_be_followed() -> None:
    with pytest.raises(ValidationError):
        Deliverable(title="Vejledning", url="javascript:alert(1)")


@pytest.mark.parametrize("command", [NOMINATE, DECLINE, START, END])
@pytest.mark.parametrize("who", [ANNA_ACTING, MAJ_ACTING, *OTHERS])
def test_neither_the_person_nor_the_line_manager_answers_starts_or_ends(
    command: Command[Any, Any], who: Actor
) -> None:
    rotation(PROPOSED, NOMINATED, RUNS).when(command, by=who).then_refused("not_allowed")


@pytest.mark.parametrize("command", [START, END])
def test_the_chief_forum_nominates_and_no_more(command: Command[Any, Any]) -> None:
    rotation(PROPOSED, NOMINATED, RUNS).when(command, by=CHIEF).then_refused("not_allowed")


@pytest.mark.parametrize("command", [NOMINATE, START, END])
def test_what_nobody_has_proposed_is_unknown(command: Command[Any, Any]) -> None:
    rotation().when(command).then_refused("unknown")


# --- it is evaluated --------------------------------------------------------------------------


def evaluation(*facts: RotationEvaluated, after: tuple[Any, ...] = OVER) -> Given:
    return given(*facts).of(TURN).besides(ROTATION, str(TURN), *after)


def test_the_person_says_what_came_of_it() -> None:
    outcome = evaluation().when(EVALUATE, by=ANNA_ACTING)
    outcome.then(EVALUATED)
    assert outcome.decision is not None
    (note,) = outcome.decision.notes
    assert (note.text, note.about) == ("At holde pennen roligt", ANNA)


@pytest.mark.parametrize("other", [{}, {"wellbeing": 2}, {"learned": "Noget helt andet"}])
def test_the_person_says_it_once_and_nothing_is_dropped_in_silence(other: dict[str, Any]) -> None:
    again = but(EVALUATE, **other)
    evaluation(EVALUATED).when(again, by=ANNA_ACTING).then_refused(
        "rotation_already_evaluated", "R196"
    )


@pytest.mark.parametrize("facts", [OVER[:1], OVER[:2], OVER[:3], (PROPOSED, DECLINED)])
def test_a_rotation_is_evaluated_when_it_is_over(facts: tuple[Any, ...]) -> None:
    evaluation(after=facts).when(EVALUATE, by=ANNA_ACTING).then_refused(
        "rotation_not_ended", "R196"
    )


@pytest.mark.parametrize("who", [SECRETARIAT, MAJ_ACTING, CHIEF, *OTHERS])
def test_nobody_evaluates_for_the_person(who: Actor) -> None:
    evaluation().when(EVALUATE, by=who).then_refused("not_allowed")
    evaluation().when(but(EVALUATE, on_behalf_of=ANNA), by=who).then_refused("not_allowed")


def test_there_is_nothing_to_evaluate_without_a_rotation() -> None:
    evaluation(after=()).when(EVALUATE, by=ANNA_ACTING).then_refused("not_allowed")


@pytest.mark.parametrize("score", [0, 6])
def test_a_score_is_between_one_and_five(score: int) -> None:
    with pytest.raises(ValidationError):
        EvaluateRotation(learned="Meget", wellbeing=score, motivation=3)


def test_a_rotation_may_have_happened_before_it_was_recorded() -> None:
    early = date(2013, 8, 20)
    ended = rotation(PROPOSED, NOMINATED, RUNS).when(but(END, on=early))
    ended.then(ENDED.model_copy(update={"on": early, "ended_on": early}))
