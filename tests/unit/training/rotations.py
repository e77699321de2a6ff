"""What is told of a rotation, from the proposal to what was said of it afterwards."""

from datetime import timedelta
from uuid import UUID

from shared.contracts.training import (
    Deliverable,
    RotationCompetencePointedOut,
    RotationDeclined,
    RotationEnded,
    RotationEvaluated,
    RotationNominated,
    RotationProposed,
    RotationStarted,
)
from shared.contracts.vocabulary import RotationTask
from shared.testing import TODAY, new_id, person

TURN, WANTED, SCHOOL = UUID(int=1), UUID(int=2), UUID(int=10)
ANNA, MAJ = person("anna"), person("maj")
BEGAN, LAST_DAY = TODAY - timedelta(days=60), TODAY + timedelta(days=90)

PROPOSED = RotationProposed(
    on=TODAY,
    person_id=ANNA,
    org_unit_id=SCHOOL,
    line_manager_id=MAJ,
    task=RotationTask.METHOD,
    competence="Grafisk facilitering",
    text="En metode til at tegne møder",
    wished_from=TODAY,
    wished_until=LAST_DAY,
)
NOMINATED = RotationNominated(on=TODAY, person_id=ANNA, competence_id=WANTED, pointed_out=True)
DECLINED = RotationDeclined(on=TODAY, person_id=ANNA)
STARTED = RotationStarted(
    on=TODAY, person_id=ANNA, task=RotationTask.METHOD, starts_on=TODAY, ends_on=LAST_DAY
)
RUNS = STARTED.model_copy(update={"starts_on": BEGAN})
GUIDE = Deliverable(title="Vejledning i at tegne møder", url="https://kommune.example/tegn")
ENDED = RotationEnded(
    on=TODAY,
    person_id=ANNA,
    task=RotationTask.METHOD,
    started_on=BEGAN,
    ended_on=TODAY,
    deliverables=(GUIDE,),
)
OVER = (PROPOSED, NOMINATED, RUNS, ENDED)
POINTED_OUT = RotationCompetencePointedOut(
    on=TODAY,
    competence="Grafisk facilitering",
    text="At tegne, mens der tales",
    decided_by=(person("chief"),),
)
EVALUATED = RotationEvaluated(
    on=TODAY, person_id=ANNA, learned_note=new_id(1), wellbeing=5, motivation=4
)
