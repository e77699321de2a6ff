"""A network's results: how its work goes and went."""

from shared.contracts.vocabulary import EvaluationMoment, OutcomeSoFar
from shared.kernel.events import Event


class EvaluationRecorded(Event):
    """How the network's work goes or went, and its effects (R213, R222)."""

    moment: EvaluationMoment
    template_version: int
    went_well: str
    went_badly: str
    effects: str
    outcome_so_far: OutcomeSoFar


ResultsEvent = EvaluationRecorded
