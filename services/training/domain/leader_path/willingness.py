"""What a person would like to do in the networks, and when they can be asked."""

from collections.abc import Sequence

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from services.training.domain.leader_path.state import Availability, LeaderCommand, LeaderPath
from shared.contracts.training import (
    AvailabilityChanged,
    LeaderEvent,
    LeaderInterestRegistered,
)
from shared.contracts.vocabulary import LeaderWish
from shared.kernel.commands import Context, NoteText
from shared.kernel.permissions import oneself, role
from shared.kernel.refusals import Malformed
from shared.policy import Day


class RegisterLeaderInterest(LeaderCommand):
    """Tell that a person would like to lead or co-drive a network."""

    may = oneself(field="person_id") | role("secretariat")  # P1

    wish: LeaderWish
    themes: NoteText | None = None

    def decide(self, state: LeaderPath, ctx: Context) -> Sequence[LeaderEvent]:
        """Register the wish; the same one again is a fact only with something said of themes.

        What was said of them before is a note that no decision can read. So whoever says something
        is heard each time, and a repeat that is to count once brings its idempotency key.
        """
        if self.on_behalf_of not in (None, self.person_id):
            raise Malformed("on_behalf_of_another", "R43", person_id=str(self.person_id))
        if self.wish is state.wish and self.themes is None:
            return []
        note = ctx.note(self.themes, about=self.person_id) if self.themes else None
        return [
            LeaderInterestRegistered(
                on=ctx.on, person_id=self.person_id, wish=self.wish, themes_note=note
            )
        ]


class SetLeaderAvailability(LeaderCommand):
    """Tell whether one can be asked to lead, always or in a period; why is nobody's business."""

    may = oneself(field="person_id")  # P36

    available: bool = True
    available_from: Day | None = None
    available_until: Day | None = None
    """The first and the last day it holds for; before and after them the opposite does."""

    @model_validator(mode="after")
    def _in_order(self) -> "SetLeaderAvailability":
        first, last = self.available_from, self.available_until
        if first and last and last < first:
            raise PydanticCustomError(
                "last_day_before_first",
                "{last} is before {first}",
                {"first": "available_from", "last": "available_until"},
            )
        return self

    def decide(self, state: LeaderPath, ctx: Context) -> Sequence[LeaderEvent]:
        """Take what is told in place of what was; who never told anything is available."""
        told = Availability(self.available, self.available_from, self.available_until)
        if told == state.availability:
            return []
        return [
            AvailabilityChanged(
                on=ctx.on,
                person_id=self.person_id,
                available=self.available,
                available_from=self.available_from,
                available_until=self.available_until,
            )
        ]
