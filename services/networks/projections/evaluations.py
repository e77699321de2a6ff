"""The evaluations: what was learned, network by network (V29)."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from shared.contracts.networks import EvaluationRecorded
from shared.contracts.vocabulary import EvaluationMoment, OutcomeSoFar
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View


class Evaluations(Row):
    """One evaluation of a network's work, keyed `<network>/<version of its results>`."""

    network_id: UUID
    evaluated_on: date
    moment: EvaluationMoment
    template_version: int
    went_well: str
    went_badly: str
    effects: str
    outcome_so_far: OutcomeSoFar


def _keys(fact: Recorded[EvaluationRecorded]) -> Iterable[str]:
    return [f"{fact.key}/{fact.version}"]


def _fold(row: Evaluations | None, fact: Recorded[EvaluationRecorded], key: str) -> Evaluations:
    told = fact.event.model_dump(exclude={"on"})
    return Evaluations(network_id=UUID(fact.key), evaluated_on=fact.event.on, **told)


EVALUATIONS = View.of(
    Evaluations,
    EvaluationRecorded,
    keys=_keys,
    fold=_fold,
    indexes=("network_id", "evaluated_on", "moment"),
)
