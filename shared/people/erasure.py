"""The command that records what a service erased of a person; each service makes it its own."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.erasure import PersonForgotten
from shared.kernel.commands import Command, Context
from shared.kernel.permissions import SYSTEM

Count = Annotated[int, Field(ge=0)]


class RecordErasure(Command[int, Any]):
    """Record what was found and removed; the state is the last erasure's revision, 0 for none.

    A service's own one names its aggregate and the `fact` that it tells.
    """

    begins = True
    may = SYSTEM
    fact: ClassVar[type[PersonForgotten]]

    revision: Annotated[int, Field(ge=1)]
    views: Count = 0
    parked: Count = 0
    notes: Count = 0
    refused_reactions: Count = 0
    mails: Count = 0

    COUNTS: ClassVar[frozenset[str]] = frozenset(
        {"views", "parked", "notes", "refused_reactions", "mails"}
    )

    def decide(self, state: int, ctx: Context) -> Sequence[Any]:
        """Tell it once; what comes late of an earlier erasure is told already."""
        if state >= self.revision:
            return []
        counts = self.model_dump(include=set(self.COUNTS))
        of = {"on": ctx.on, "person_id": UUID(ctx.key), "revision": self.revision}
        return [self.fact(**of, **counts)]


def last_revision(_: int, fact: PersonForgotten) -> int:
    """Change the state by a fact."""
    return fact.revision
