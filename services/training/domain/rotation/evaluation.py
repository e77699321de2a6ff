"""What the person says of their own rotation, once it is over (R196).

Its stream has the rotation's id and an audience of its own: what a named person says of wellbeing
and motivation is heard by the four services alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.training.domain.rotation.state import ROTATION, Ended
from shared.contracts.training import ROTATION_EVALUATION as STREAM
from shared.contracts.training import RotationEvaluated, RotationEvaluationEvent
from shared.contracts.vocabulary import Score
from shared.kernel.commands import Aggregate, Command, Context, NoteText
from shared.kernel.permissions import its
from shared.kernel.refusals import Refused


@dataclass(frozen=True)
class NotEvaluated:
    """The person has not said anything."""


@dataclass(frozen=True)
class Evaluated:
    """The person has said how it was."""


RotationEvaluation = NotEvaluated | Evaluated


def evolve(state: RotationEvaluation, fact: RotationEvaluationEvent) -> RotationEvaluation:
    """Change an evaluation by the one fact there is."""
    return Evaluated()


ROTATION_EVALUATION: Aggregate[RotationEvaluation, RotationEvaluationEvent] = Aggregate(
    STREAM, NotEvaluated(), evolve
)


class EvaluateRotation(Command[RotationEvaluation, RotationEvaluationEvent]):
    """Say what came of one's own rotation: what one learned, wellbeing and motivation (1 to 5)."""

    aggregate = ROTATION_EVALUATION
    may = its("person")  # P40
    begins = True

    learned: NoteText
    wellbeing: Score
    motivation: Score

    def reads(self, key: str) -> Sequence[tuple[Aggregate[Any, Any], str]]:
        """The rotation, for whose it is and whether it is over."""
        return ((ROTATION, key),)

    def decide(self, state: RotationEvaluation, ctx: Context) -> Sequence[RotationEvaluationEvent]:
        """Take it once, after the end; again is refused, since its words could be others."""
        rotation = ctx.state(ROTATION, ctx.key)
        if not isinstance(rotation, Ended):
            raise Refused("rotation_not_ended", "R196")
        if isinstance(state, Evaluated):
            raise Refused("rotation_already_evaluated", "R196")
        person_id = rotation.proposal.person_id
        return [
            RotationEvaluated(
                on=ctx.on,
                person_id=person_id,
                learned_note=ctx.note(self.learned, about=person_id),
                wellbeing=self.wellbeing,
                motivation=self.motivation,
            )
        ]
