"""A competence that rotations are wished for; the chief forum points it out (R197)."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.contracts.training import ROTATION_COMPETENCE as STREAM
from shared.contracts.training import RotationCompetenceEvent, RotationCompetencePointedOut
from shared.contracts.vocabulary import Text, Title
from shared.kernel.commands import Aggregate, Command, Context
from shared.kernel.facts import Ask
from shared.people import CHOOSING, Deciders, check_deciders, check_known_decider, deciders


@dataclass(frozen=True)
class NotPointedOut:
    """Nobody has asked for it."""


@dataclass(frozen=True)
class PointedOut:
    """The secretariat looks for it."""


RotationCompetence = NotPointedOut | PointedOut


def evolve(state: RotationCompetence, fact: RotationCompetenceEvent) -> RotationCompetence:
    """Change a competence by the one fact there is."""
    return PointedOut()


ROTATION_COMPETENCE: Aggregate[RotationCompetence, RotationCompetenceEvent] = Aggregate(
    STREAM, NotPointedOut(), evolve
)


class PointOutRotationCompetence(Command[RotationCompetence, RotationCompetenceEvent]):
    """Say which competence the secretariat should look for; it names no person."""

    aggregate = ROTATION_COMPETENCE
    may = CHOOSING  # P38
    begins = True

    competence: Title
    text: Text
    decided_by: Deciders

    def asks(self, state: RotationCompetence) -> Sequence[Ask]:
        """Those who decided."""
        return deciders(self.decided_by)

    def decide(self, state: RotationCompetence, ctx: Context) -> Sequence[RotationCompetenceEvent]:
        """Take it once."""
        if isinstance(state, PointedOut):
            return []
        check_deciders(ctx, self.decided_by)
        check_known_decider(ctx, self.decided_by)
        return [
            RotationCompetencePointedOut(
                on=ctx.on,
                competence=self.competence,
                text=self.text,
                decided_by=tuple(sorted(self.decided_by)),
            )
        ]
