"""The corps of innovators: one is in it from the enrolment on, and stays after it (R21, R252)."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import model_validator

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
            raise ValueError("reason is for leaving the corps")
        return self

    def decide(self, state: LeaderPath, ctx: Context) -> Sequence[LeaderEvent]:
        """Join by a cohort that is new, and leave; a cohort takes back only what it gave."""
        if self.member:
            known = self.cohort_id in state.corps or (state.corps and self.cohort_id is None)
            return [] if known else [self._joined(ctx)]
        if not state.corps or (self.cohort_id is not None and state.corps != {self.cohort_id}):
            return []
        note = ctx.note(self.reason, about=self.person_id) if self.reason else None
        return [
            InnovatorLeftCorps(
                on=ctx.on, person_id=self.person_id, cohort_id=self.cohort_id, reason_note=note
            )
        ]

    def _joined(self, ctx: Context) -> LeaderEvent:
        return InnovatorJoinedCorps(on=ctx.on, person_id=self.person_id, cohort_id=self.cohort_id)
