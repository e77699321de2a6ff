"""Who is told of what: one table, fact -> text and receivers (the catalogue's N numbers)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from services.notifications.domain.delivery import QueueNotification, delivery_key
from services.notifications.domain.known import KnownTheme, NetworkCrew
from services.notifications.reactions.receivers import (
    Concerned,
    Receiver,
    Receivers,
    as_told,
    chiefs_when_learning,
    crew,
    leader,
    leaders_line_manager,
    line_managers,
    local_chiefs,
    parties_that_have_not_agreed,
    proposer,
    reference_leader,
    released_co_driver,
    secretariat,
    the_waiting_party,
)
from shared.contracts.networks import (
    CoDriverAssigned,
    CoDriverReleased,
    MandateContractAmended,
    MandateContractDrafted,
    NetworkBreakEnded,
    NetworkBreakStarted,
    NetworkClosed,
    NetworkImported,
    NetworkLeaderAssigned,
    NetworkLeaderReplaced,
    NetworkStarted,
    PhaseCompleted,
    PhaseStarted,
)
from shared.contracts.notifications import ReminderDue
from shared.contracts.themes import (
    ThemeConcluded,
    ThemeDeclined,
    ThemePrioritised,
    ThemeProposed,
    ThemeQualified,
    ThemeSelected,
    ThemeTakenUp,
    ThemeWithdrawn,
)
from shared.contracts.vocabulary import Channel, Forum, PhaseKey
from shared.kernel.events import Event, Recorded
from shared.kernel.facts import Ask, Facts
from shared.kernel.reactions import Reaction, Send, on
from shared.people import ForumMembers


@dataclass(frozen=True)
class Telling:
    """One line of the table: this text to these."""

    template: str
    to: tuple[Receivers, ...]


def tell(template: str, *to: Receivers) -> Telling:
    """Write a line."""
    return Telling(template, to)


# Who stands in two lines of a fact is told by the first.
TOLD: dict[type[Event], tuple[Telling, ...]] = {
    ThemeProposed: (tell("N1.receipt", proposer), tell("N1.proposed", secretariat)),
    ThemeQualified: (tell("N4.qualified", proposer, local_chiefs),),
    ThemePrioritised: (tell("N4.prioritised", proposer, local_chiefs),),
    ThemeSelected: (tell("N4.selected", proposer, local_chiefs),),
    ThemeDeclined: (tell("N4.declined", proposer, local_chiefs),),
    ThemeWithdrawn: (tell("N4.withdrawn", proposer, local_chiefs),),
    ThemeTakenUp: (tell("N4.taken_up", proposer, local_chiefs),),
    ThemeConcluded: (tell("N4.concluded", proposer, local_chiefs),),
    NetworkLeaderAssigned: (
        tell("N11.leader", leader),
        tell("N11.line_manager", leaders_line_manager),
    ),
    NetworkLeaderReplaced: (
        tell("N11.leader", leader),
        tell("N11.line_manager", leaders_line_manager),
    ),
    CoDriverAssigned: (tell("N12.assigned", crew, line_managers, secretariat),),
    CoDriverReleased: (
        tell("N12.released", leader, released_co_driver, leaders_line_manager, secretariat),
    ),
    MandateContractDrafted: (tell("N13.waits", parties_that_have_not_agreed),),
    MandateContractAmended: (tell("N13.waits", parties_that_have_not_agreed),),
    NetworkStarted: (
        tell("N15.leader", leader),
        tell("N15.started", crew, chiefs_when_learning, secretariat),
    ),
    NetworkImported: (
        tell("N15.imported_leader", leader),
        tell("N15.imported", crew, chiefs_when_learning, secretariat),
    ),
    PhaseStarted: (tell("N18.phase_started", reference_leader, crew),),
    PhaseCompleted: (tell("N18.phase_completed", reference_leader, crew),),
    NetworkBreakStarted: (tell("N18.break_started", reference_leader, crew),),
    NetworkBreakEnded: (tell("N18.break_ended", reference_leader, crew),),
    NetworkClosed: (tell("N24.closed", crew, reference_leader, chiefs_when_learning, secretariat),),
}

# A deadline that is not here speaks up on the board of deadlines alone.
REMINDED: dict[str, tuple[Telling, ...]] = {
    "T11": (tell("N18.phase_soon", reference_leader, crew),),
    "T14": (tell("N13.still_waits", the_waiting_party),),
}

_NAMED = (
    "half_year",
    "rank",
    "reason",
    "item",
    "result",
    "outcome",
    "planned_start",
    "started_on",
)
"""The fields of facts that texts name."""


def _asks(fact: Recorded[Any]) -> Sequence[Ask]:
    event = fact.event
    subject = event.subject.split("-", 1)[1] if isinstance(event, ReminderDue) else fact.key
    return (
        KnownTheme.at(getattr(event, "theme_id", None) or subject),
        NetworkCrew.at(subject),
        ForumMembers.at(Forum.CHIEFS),
    )


def notify(fact: Recorded[Any], known: Facts) -> Iterator[Send]:
    """Tell everyone concerned of a fact, once each and by every channel."""
    theme_ask, crew_ask, chiefs_ask = _asks(fact)
    event = fact.event
    it = Concerned(
        event,
        known.find(KnownTheme, theme_ask[1]),
        as_told(known.find(NetworkCrew, crew_ask[1]) or NetworkCrew(), event),
        known.find(ForumMembers, chiefs_ask[1]),
    )
    due = isinstance(event, ReminderDue)
    lines = REMINDED.get(event.deadline, ()) if due else TOLD[type(event)]
    facts = _facts(it)
    told: set[Receiver] = set()
    for line in lines:
        for receiver in (each for receivers in line.to for each in receivers(it)):
            if receiver in told:
                continue
            told.add(receiver)
            for channel in Channel:
                yield Send(
                    delivery_key(fact.id, receiver, channel),
                    QueueNotification(
                        template=line.template,
                        recipient_id=receiver,
                        channel=channel,
                        source_event=fact.id,
                        facts=facts,
                    ),
                )


def _facts(it: Concerned) -> dict[str, str]:
    title = getattr(it.event, "title", "") or it.crew.title or (it.theme.title if it.theme else "")
    found = {name: getattr(it.event, name, None) for name in _NAMED}
    phase = _phase(it.event)
    found["phase"] = it.crew.label(phase) if phase else None
    return {
        "title": title,
        "on": it.event.on.isoformat(),
        **{name: str(value) for name, value in found.items() if value is not None},
    }


def _phase(event: Event) -> PhaseKey | None:
    if isinstance(event, ReminderDue):
        return event.item if event.deadline == "T11" else None
    phase: PhaseKey | None = getattr(event, "phase", None)
    return phase


_EVENTS: tuple[type[Event], ...] = (*TOLD, ReminderDue)

TELLING: tuple[Reaction, ...] = tuple(
    on(event, notify, history="new", asks=_asks) for event in _EVENTS
)
