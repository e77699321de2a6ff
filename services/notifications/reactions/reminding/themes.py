"""What is awaited of themes: T1, T2 and T32."""

from collections.abc import Iterable

from services.notifications.reactions.reminding.sending import cancel, schedule
from shared.contracts.themes import (
    IdeaAnswered,
    IdeaCallClosed,
    IdeaCallOpened,
    IdeaClosed,
    IdeaSubmitted,
    IdeaTurnedIntoTheme,
    InquiryAnswered,
    InquiryRegistered,
    ThemeConcluded,
    ThemeSelected,
    ThemeTakenUp,
    ThemeWithdrawn,
)
from shared.kernel.events import Recorded
from shared.kernel.facts import Facts
from shared.kernel.reactions import Reaction, Send, on
from shared.policy.periods import local_day

SentIn = IdeaSubmitted | InquiryRegistered
Replied = IdeaAnswered | InquiryAnswered | IdeaTurnedIntoTheme | IdeaClosed
NotWaiting = ThemeTakenUp | ThemeWithdrawn | ThemeConcluded


def await_answer(fact: Recorded[SentIn], known: Facts) -> Iterable[Send]:
    """T1: every idea, task and question is awaited an answer to.

    Reckoned from when it was taken in here, or one that is written down late would be let lie.
    """
    return (schedule("T1", fact, "answer", local_day(fact.at)),)


def answer_came(fact: Recorded[Replied], known: Facts) -> Iterable[Send]:
    """T1: whoever sent it in has an answer, a reason, or a theme."""
    return (cancel("T1", fact, "answer"),)


def await_network(fact: Recorded[ThemeSelected], known: Facts) -> Iterable[Send]:
    """T2: a selected theme awaits the start of its network."""
    return (schedule("T2", fact, "network", fact.event.on),)


def network_came(fact: Recorded[NotWaiting], known: Facts) -> Iterable[Send]:
    """T2: a network works on the theme, or none will for now."""
    return (cancel("T2", fact, "network"),)


def await_closing(fact: Recorded[IdeaCallOpened], known: Facts) -> Iterable[Send]:
    """T32: the last day of a call for ideas; it moves with the day."""
    return (schedule("T32", fact, "closing", fact.event.closes_on),)


def call_closed(fact: Recorded[IdeaCallClosed], known: Facts) -> Iterable[Send]:
    """T32: nobody is asked any more."""
    return (cancel("T32", fact, "closing"),)


OF_THEMES: tuple[Reaction, ...] = (
    on(IdeaSubmitted, await_answer, history="begin"),
    on(InquiryRegistered, await_answer, history="begin"),
    on(IdeaAnswered, answer_came, history="begin"),
    on(InquiryAnswered, answer_came, history="begin"),
    on(IdeaTurnedIntoTheme, answer_came, history="begin"),
    on(IdeaClosed, answer_came, history="begin"),
    on(ThemeSelected, await_network, history="begin"),
    on(ThemeTakenUp, network_came, history="begin"),
    on(ThemeWithdrawn, network_came, history="begin"),
    on(ThemeConcluded, network_came, history="begin"),
    on(IdeaCallOpened, await_closing, history="begin"),
    on(IdeaCallClosed, call_closed, history="begin"),
)
