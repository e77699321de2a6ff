"""That an erasure was asked for, and what training has erased; each told once (D12)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.erasure import (
    ERASURE,
    ERASURE_IN_TRAINING,
    ErasureAsked,
    PersonForgottenByTraining,
)
from shared.kernel.commands import Aggregate, Command, Context
from shared.kernel.permissions import SYSTEM
from shared.people.erasure import RecordErasure, last_revision

ERASURES: Aggregate[int, PersonForgottenByTraining] = Aggregate(
    ERASURE_IN_TRAINING, 0, last_revision
)


def _last_asked(_: int, fact: ErasureAsked) -> int:
    return fact.revision


ASKED: Aggregate[int, ErasureAsked] = Aggregate(ERASURE, 0, _last_asked)


class AskErasure(Command[int, ErasureAsked]):
    """Record that a person is to be erased; the state is the last erasure's revision, 0 for none.

    Sent by the route that erases, which holds who may (P58).
    """

    aggregate = ASKED
    begins = True
    may = SYSTEM

    revision: Annotated[int, Field(ge=1)]
    asked_at: datetime
    was_listed: bool

    def decide(self, state: int, ctx: Context) -> Sequence[ErasureAsked]:
        """Tell it once."""
        if state >= self.revision:
            return []
        return [
            ErasureAsked(
                on=ctx.on,
                person_id=UUID(ctx.key),
                revision=self.revision,
                asked_at=self.asked_at,
                was_listed=self.was_listed,
            )
        ]


class RecordTrainingErasure(RecordErasure):
    """Record what was erased here."""

    aggregate = ERASURES
    may = SYSTEM
    fact = PersonForgottenByTraining
