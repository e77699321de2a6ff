"""The stay itself: its period, and what it leaves behind."""

from collections.abc import Sequence
from typing import Annotated, assert_never

from pydantic import Field

from services.training.domain.rotation.state import (
    Declined,
    Ended,
    Nominated,
    Proposed,
    Rotation,
    RotationCommand,
    Running,
    begun,
)
from shared.contracts.training import Deliverable, RotationEnded, RotationEvent, RotationStarted
from shared.kernel.commands import Context
from shared.kernel.permissions import role
from shared.kernel.refusals import Refused
from shared.policy import Day


class StartRotation(RotationCommand):
    """Give a rotation its period, which may lie ahead; once it has begun only its end moves."""

    may = role("secretariat")  # P39

    starts_on: Day
    ends_on: Day | None = None
    """Needed: a rotation without an end is refused with its rule, R193."""

    def decide(self, state: Rotation, ctx: Context) -> Sequence[RotationEvent]:
        """Hold that it has an end; without a nomination it is only remarked on."""
        if self.ends_on is None:
            raise Refused("rotation_without_end", "R193")
        if self.ends_on < self.starts_on:
            raise Refused("rotation_ends_before_start", "R193")
        rotation = begun(state)
        started = RotationStarted(
            on=ctx.on,
            person_id=rotation.proposal.person_id,
            task=rotation.proposal.task,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
        )
        match rotation:
            case Proposed() | Nominated():
                ctx.warn("rotation_not_nominated", "R192", when=not isinstance(rotation, Nominated))
                return [started]
            case Running(_, stay):
                if stay.starts_on <= ctx.today and stay.starts_on != self.starts_on:
                    raise Refused("rotation_running", "R192")
                same = (stay.starts_on, stay.ends_on) == (self.starts_on, self.ends_on)
                return [] if same else [started]
            case Declined():
                raise Refused("rotation_declined", "R192")
            case Ended():
                raise Refused("rotation_ended", "R193")
            case other:
                assert_never(other)


class EndRotation(RotationCommand):
    """End a rotation on the day it ended, with what it leaves behind (R195)."""

    may = role("secretariat")  # P39

    deliverables: Annotated[tuple[Deliverable, ...], Field(max_length=100)] = ()

    def decide(self, state: Rotation, ctx: Context) -> Sequence[RotationEvent]:
        """End what has begun, once."""
        match begun(state):
            case Running(proposal, stay) if stay.starts_on <= ctx.on:
                return [
                    RotationEnded(
                        on=ctx.on,
                        person_id=proposal.person_id,
                        task=proposal.task,
                        started_on=stay.starts_on,
                        ended_on=ctx.on,
                        deliverables=self.deliverables,
                    )
                ]
            case Ended(_, ending):
                if ending.deliverables == self.deliverables and self.on in {None, ending.ended_on}:
                    return []
                raise Refused("rotation_ended", "R193")
            case Proposed() | Nominated() | Declined() | Running():
                raise Refused("rotation_not_running", "R193")
            case other:
                assert_never(other)
