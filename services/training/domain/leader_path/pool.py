"""The pool of network leaders: where one looks for them, and no gate (R110)."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.training.domain.leader_path.state import LeaderCommand, LeaderPath, PoolPlace
from shared.contracts.training import LeaderAdmittedToPool, LeaderEvent, LeaderLeftPool
from shared.contracts.vocabulary import PoolBasis
from shared.kernel.commands import Context, NoteText
from shared.kernel.permissions import oneself, role
from shared.kernel.refusals import Forbidden

_FIRST_GENERATIONS = (None, 1, 2)


class SetPoolMembership(LeaderCommand):
    """Admit a person to the pool of leaders, on what basis, or let the person leave."""

    may = role("secretariat") | oneself(field="person_id")  # P35; oneself only to leave

    in_pool: bool
    basis: PoolBasis | None = None
    generation: Annotated[int, Field(ge=1, le=99)] | None = None
    reason: NoteText | None = None

    @model_validator(mode="after")
    def _on_some_basis(self) -> "SetPoolMembership":
        if self.in_pool and self.basis is None:
            raise PydanticCustomError("pool_basis_missing", "basis is needed to be in the pool")
        if self.in_pool and self.reason is not None:
            raise PydanticCustomError("reason_only_to_leave", "reason is for leaving the pool")
        if not self.in_pool and (self.basis or self.generation):
            raise PydanticCustomError(
                "pool_basis_only_to_join", "basis and generation are for being in the pool"
            )
        if self.basis is PoolBasis.EXPERIENCED and self.generation not in _FIRST_GENERATIONS:
            raise PydanticCustomError(
                "pool_generation_wrong", "generation is 1 or 2 for who is in the pool by experience"
            )
        return self

    def decide(self, state: LeaderPath, ctx: Context) -> Sequence[LeaderEvent]:
        """Admit or let go; a ground that nothing shows is remarked on and accepted all the same."""
        if self.basis is None:
            return self._leaving(state, ctx)
        if ctx.capacity == "self":
            raise Forbidden("not_allowed", who="secretariat")
        if state.pool == PoolPlace(self.basis, self.generation):
            return []
        trained = self.basis is PoolBasis.TRAINED_CO_DRIVER
        ctx.warn("not_yet_qualified", "R110", when=trained and not state.qualified)
        shown = any(run.is_from_before for run in state.runs)
        ctx.warn("no_prior_experience_recorded", "R110", when=not trained and not shown)
        return [
            LeaderAdmittedToPool(
                on=ctx.on,
                person_id=self.person_id,
                basis=self.basis,
                generation=self.generation,
                qualified=state.qualified,
            )
        ]

    def _leaving(self, state: LeaderPath, ctx: Context) -> Sequence[LeaderEvent]:
        if state.pool is None:
            return []
        note = ctx.note(self.reason, about=self.person_id) if self.reason else None
        return [LeaderLeftPool(on=ctx.on, person_id=self.person_id, reason_note=note)]
