"""The evaluations show what was learned from each network, each evaluation once (V29)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from hypothesis import given as drawn
from hypothesis import strategies as st

from services.networks.projections.evaluations import EVALUATIONS, Evaluations
from shared.contracts.networks import EvaluationRecorded
from shared.contracts.vocabulary import EvaluationMoment, OutcomeSoFar
from shared.kernel.events import Recorded
from shared.testing import TODAY, folded, recorded, rule

CAMPUS, FOOD = UUID(int=1), UUID(int=2)


def evaluated(moment: EvaluationMoment) -> EvaluationRecorded:
    return EvaluationRecorded(
        on=TODAY,
        moment=moment,
        template_version=1,
        went_well="Vi mødtes på tværs",
        went_badly="For få borgere med",
        effects="Fælles visitation",
        outcome_so_far=OutcomeSoFar.NOT_YET,
    )


INTERIM, CLOSING = evaluated(EvaluationMoment.INTERIM), evaluated(EvaluationMoment.CLOSING)


def stream(network: UUID, *events: EvaluationRecorded) -> list[Recorded[Any]]:
    named = f"results-{network}"
    return [recorded(event, named, version) for version, event in enumerate(events, start=1)]


@rule("R222")
def test_each_evaluation_is_a_row_with_what_was_learned_and_its_effects() -> None:
    interim, closing = folded(EVALUATIONS, stream(CAMPUS, INTERIM, CLOSING)).values()
    assert interim == Evaluations(
        network_id=CAMPUS,
        evaluated_on=TODAY,
        moment=EvaluationMoment.INTERIM,
        template_version=1,
        went_well="Vi mødtes på tværs",
        went_badly="For få borgere med",
        effects="Fælles visitation",
        outcome_so_far=OutcomeSoFar.NOT_YET,
    )
    assert closing.moment is EvaluationMoment.CLOSING


STREAMS = (stream(CAMPUS, INTERIM, CLOSING), stream(FOOD, INTERIM, INTERIM, CLOSING))


@drawn(st.permutations([number for number, facts in enumerate(STREAMS) for _ in facts]))
def test_the_order_of_networks_among_each_other_changes_no_row(order: Sequence[int]) -> None:
    left = [iter(facts) for facts in STREAMS]
    mixed = [next(left[number]) for number in order]
    in_turn = [fact for facts in STREAMS for fact in facts]

    assert folded(EVALUATIONS, mixed) == folded(EVALUATIONS, in_turn)
