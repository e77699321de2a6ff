"""Where a rotation is in its life, and how each fact moves it (M14)."""

from dataclasses import dataclass
from typing import assert_never

from shared.contracts.training import ROTATION as STREAM
from shared.contracts.training import (
    RotationDeclined,
    RotationEnded,
    RotationEvent,
    RotationNominated,
    RotationProposed,
    RotationStarted,
)
from shared.kernel.commands import Aggregate, Command
from shared.kernel.permissions import Relations


@dataclass(frozen=True)
class NotProposed:
    """Nobody has thought of it."""


@dataclass(frozen=True)
class Proposed:
    """It waits for an answer."""

    proposal: RotationProposed


@dataclass(frozen=True)
class Nominated:
    """The person is to come."""

    proposal: RotationProposed
    nomination: RotationNominated


@dataclass(frozen=True)
class Declined:
    """The person is not to come."""

    proposal: RotationProposed


@dataclass(frozen=True)
class Running:
    """It has a period, which may lie ahead."""

    proposal: RotationProposed
    stay: RotationStarted


@dataclass(frozen=True)
class Ended:
    """It is over."""

    proposal: RotationProposed
    ending: RotationEnded


Begun = Proposed | Nominated | Declined | Running | Ended
Rotation = NotProposed | Begun


def evolve(state: Rotation, fact: RotationEvent) -> Rotation:
    """Change a rotation by a fact."""
    match fact:
        case RotationProposed():
            return Proposed(fact)
        case RotationNominated():
            return Nominated(begun(state).proposal, fact)
        case RotationDeclined():
            return Declined(begun(state).proposal)
        case RotationStarted():
            return Running(begun(state).proposal, fact)
        case RotationEnded():
            return Ended(begun(state).proposal, fact)
        case other:
            assert_never(other)


def begun(state: Rotation) -> Begun:
    """A rotation that has been proposed; the kernel lets nothing else pass but a proposal."""
    assert not isinstance(state, NotProposed)
    return state


def _relations(state: Rotation) -> Relations:
    return {} if isinstance(state, NotProposed) else {"person": (state.proposal.person_id,)}


ROTATION: Aggregate[Rotation, RotationEvent] = Aggregate(STREAM, NotProposed(), evolve, _relations)


class RotationCommand(Command[Rotation, RotationEvent]):
    """A command to a rotation."""

    aggregate = ROTATION
