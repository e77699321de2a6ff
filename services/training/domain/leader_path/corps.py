"""The corps of innovators: one is in it from the enrolment on, and stays after it (R21, R252)."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from services.training.domain.leader_path.state import LeaderCommand, LeaderPath
from shared.contracts.training import InnovatorJoinedCorps, InnovatorLeftCorps, LeaderEvent
from shared.kernel.commands import Context, NoteText
from shared.kernel.permissions import SYSTEM, role


class ChangeInnovatorCorps(LeaderCommand):
    """Count a person among the innovators whom leaders can draw on, or no longer."""

    may = role("secretariat") | SYSTEM  # P32

    member: bool
    cohort_id: UUID | None = None
    """The cohort that the person came by, or did not take part in after all."""
    reason: NoteText | None = None

    @model_validator(mode="after")
    def _reason_to_leave(self) -> "ChangeInnovatorCorps":
        if self.member and self.reason is not None:
            raise PydanticCustomError("reason_only_to_leave", "reason is for leaving the corps")
        return self

    def decide(self, state: LeaderPath, ctx: Context) -> Sequence[LeaderEvent]:
        """Join by a cohort or by the secretariat's word, each once, and leave.

        A cohort takes back only what it gave; leaving without one ends all of it.
        """
        if self.member:
            return [] if self.cohort_id in state.corps else [self._joined(ctx)]
        ended = state.corps if self.cohort_id is None else state.corps & {self.cohort_id}
        if not ended:
            return []
        note = ctx.note(self.reason, about=self.person_id) if self.reason else None
        return [
            InnovatorLeftCorps(
                on=ctx.on,
                person_id=self.person_id,
                cohort_id=self.cohort_id,
                remains=state.corps != ended,
                reason_note=note,
            )
        ]

    def _joined(self, ctx: Context) -> LeaderEvent:
        return InnovatorJoinedCorps(on=ctx.on, person_id=self.person_id, cohort_id=self.cohort_id)
