"""An open call for ideas (åben invitation): everybody is asked, until a day (R37).

Its life: open, also before its first day has come; closed by itself when its last day is over, or
before that by the secretariat.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self, assert_never

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from shared.contracts.themes import IDEA_CALL, IdeaCallClosed, IdeaCallEvent, IdeaCallOpened
from shared.contracts.vocabulary import HalfYear, Text, Title
from shared.kernel.commands import Aggregate, Command, Context
from shared.kernel.permissions import SYSTEM, role
from shared.kernel.refusals import Refused
from shared.policy import Day


@dataclass(frozen=True)
class NotOpened:
    """Nobody has called."""


@dataclass(frozen=True)
class Open:
    """Everybody is asked, between its two days."""

    opening: IdeaCallOpened


@dataclass(frozen=True)
class Closed:
    """Nobody is asked any more."""

    opening: IdeaCallOpened


IdeaCall = NotOpened | Open | Closed


def evolve(state: IdeaCall, fact: IdeaCallEvent) -> IdeaCall:
    """Change a call by a fact."""
    match fact:
        case IdeaCallOpened():
            return Open(fact)
        case IdeaCallClosed():
            assert not isinstance(state, NotOpened)
            return Closed(state.opening)
        case other:
            assert_never(other)


def is_open_on(call: IdeaCall, day: date) -> bool:
    """Tell whether ideas are asked for on a day; both the first and the last are in it."""
    return isinstance(call, Open) and call.opening.opens_on <= day <= call.opening.closes_on


IDEA_CALLS: Aggregate[IdeaCall, IdeaCallEvent] = Aggregate(IDEA_CALL, NotOpened(), evolve)


class IdeaCallCommand(Command[IdeaCall, IdeaCallEvent]):
    """A command to a call."""

    aggregate = IDEA_CALLS


class OpenIdeaCall(IdeaCallCommand):
    """Ask everybody for ideas from one day until another, both included."""

    may = role("secretariat")  # P2
    begins = True

    title: Title
    text: Text
    opens_on: Day
    closes_on: Day
    half_year: HalfYear | None = None
    """The round that the ideas are for."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.closes_on < self.opens_on:
            raise PydanticCustomError(
                "last_day_before_first",
                "{last} is before {first}",
                {"first": "opens_on", "last": "closes_on"},
            )
        return self

    def decide(self, state: IdeaCall, ctx: Context) -> Sequence[IdeaCallEvent]:
        """Call, or say of a call that is open what is other now."""
        if isinstance(state, Closed):
            raise Refused("idea_call_over", "R37")
        opened = IdeaCallOpened(
            on=ctx.on,
            title=self.title,
            text=self.text,
            opens_on=self.opens_on,
            closes_on=self.closes_on,
            half_year=self.half_year,
        )
        if isinstance(state, Open):
            same = opened.model_copy(update={"on": state.opening.on}) == state.opening
            return [] if same else [opened]
        return [opened]


class ChangeIdeaCall(OpenIdeaCall):
    """Give an open call other days or other words."""

    begins = False


class CloseIdeaCall(IdeaCallCommand):
    """End a call: by itself when its last day is over, or before that by the secretariat."""

    may = role("secretariat") | SYSTEM  # P2

    def decide(self, state: IdeaCall, ctx: Context) -> Sequence[IdeaCallEvent]:
        """End it once; the deadline does nothing when the last day has moved meanwhile."""
        match state:
            case Open(opening):
                if ctx.capacity == "system" and ctx.on <= opening.closes_on:
                    return []
                return [IdeaCallClosed(on=ctx.on, title=opening.title)]
            case Closed() | NotOpened():
                return []
            case other:
                assert_never(other)
