"""Where an inquiry is in its life, and how each fact moves it (M1)."""

from dataclasses import dataclass
from typing import assert_never
from uuid import UUID

from shared.contracts.themes import (
    INQUIRY,
    IdeaAnswered,
    IdeaClosed,
    IdeaSubmitted,
    IdeaTurnedIntoTheme,
    InquiryAnswered,
    InquiryEvent,
    InquiryRegistered,
)
from shared.contracts.vocabulary import PersonId
from shared.kernel.commands import Aggregate, Command

Submission = IdeaSubmitted | InquiryRegistered


@dataclass(frozen=True)
class NotSubmitted:
    """Nobody has sent it in."""


@dataclass(frozen=True)
class Waiting:
    """It waits for an answer."""

    submission: Submission


@dataclass(frozen=True)
class Answered:
    """It has its answer, and may get a further one."""

    submission: Submission


@dataclass(frozen=True)
class TurnedIntoTheme:
    """It was described in the template: as one theme, or as several."""

    submission: Submission
    themes: frozenset[UUID]


@dataclass(frozen=True)
class Closed:
    """It goes no further, and whose it is knows why."""

    submission: Submission


Submitted = Waiting | Answered | TurnedIntoTheme | Closed
Inquiry = NotSubmitted | Submitted


def evolve(state: Inquiry, fact: InquiryEvent) -> Inquiry:
    """Change an inquiry by a fact."""
    match fact:
        case IdeaSubmitted() | InquiryRegistered():
            return Waiting(fact)
        case IdeaAnswered() | InquiryAnswered():
            # What was answered after it became a theme is a theme still.
            if isinstance(state, TurnedIntoTheme):
                return state
            return Answered(submitted(state).submission)
        case IdeaTurnedIntoTheme():
            return TurnedIntoTheme(submitted(state).submission, themes_of(state) | {fact.theme_id})
        case IdeaClosed():
            return Closed(submitted(state).submission)
        case other:
            assert_never(other)


def submitted(state: Inquiry) -> Submitted:
    """An inquiry that was sent in; the kernel lets nothing else pass but that."""
    assert not isinstance(state, NotSubmitted)
    return state


def sender_of(state: Inquiry) -> PersonId:
    """Whose idea, task or question it is."""
    return submitted(state).submission.person_id


def themes_of(state: Inquiry) -> frozenset[UUID]:
    """The themes that came of it."""
    return state.themes if isinstance(state, TurnedIntoTheme) else frozenset()


INQUIRIES: Aggregate[Inquiry, InquiryEvent] = Aggregate(INQUIRY, NotSubmitted(), evolve)


class InquiryCommand(Command[Inquiry, InquiryEvent]):
    """A command to an inquiry."""

    aggregate = INQUIRIES
