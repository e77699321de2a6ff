"""What is awaited: the facts that set, move and cancel a reminder (the catalogue's T numbers)."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from services.notifications.domain.known import NetworkCrew
from services.notifications.domain.reminder import CancelReminder, ScheduleReminder, reminder_key
from shared.contracts.networks import (
    ImplementationStarted,
    MandateContractAmended,
    MandateContractDrafted,
    MandateContractPartyAgreed,
    NetworkCancelled,
    NetworkClosed,
    NetworkLeaderReplaced,
    NetworkStarted,
    PhasePlanRevised,
    PhaseStarted,
    ReferenceLeaderAssigned,
    ReferenceLeaderOptOutRecorded,
    ReferenceLeaderReleased,
    ReferenceLeaderReplaced,
    TestPhaseStarted,
)
from shared.contracts.vocabulary import MandateParty
from shared.kernel.events import Recorded
from shared.kernel.facts import Ask, Facts
from shared.kernel.reactions import Reaction, Send, on

Planned = NetworkStarted | PhasePlanRevised
Drafted = MandateContractDrafted | MandateContractAmended
Came = NetworkLeaderReplaced | ReferenceLeaderAssigned | ReferenceLeaderReplaced
Left = ReferenceLeaderReleased | ReferenceLeaderOptOutRecorded
Ended = NetworkClosed | NetworkCancelled

PARTIES_OF: dict[type[Came], tuple[MandateParty, ...]] = {
    NetworkLeaderReplaced: (MandateParty.NETWORK_LEADER, MandateParty.LINE_MANAGER),
    ReferenceLeaderAssigned: (MandateParty.REFERENCE_LEADER,),
    ReferenceLeaderReplaced: (MandateParty.REFERENCE_LEADER,),
}


def await_phases(fact: Recorded[Planned], known: Facts) -> Iterator[Send]:
    """T11: each planned phase is awaited until it starts; it moves with the plan."""
    for phase in fact.event.phases:
        if phase.planned_start is not None:
            yield _schedule("T11", fact, phase.phase, phase.planned_start)
    if isinstance(fact.event, PhasePlanRevised):
        yield from (_cancel("T11", fact, phase) for phase in fact.event.removed)


def phase_came(fact: Recorded[PhaseStarted], known: Facts) -> Iterable[Send]:
    """T11: the phase has started."""
    return (_cancel("T11", fact, fact.event.phase),)


def test_came(fact: Recorded[TestPhaseStarted], known: Facts) -> Iterable[Send]:
    """T11: the test has started."""
    return (_cancel("T11", fact, "test"),)


def implementation_came(fact: Recorded[ImplementationStarted], known: Facts) -> Iterable[Send]:
    """T11: the implementation has started, so no test is awaited either."""
    return (_cancel("T11", fact, "test"), _cancel("T11", fact, "implementation"))


def await_parties(fact: Recorded[Drafted], known: Facts) -> Iterator[Send]:
    """T14: each party of a new version is awaited, again and again."""
    return (_schedule("T14", fact, party, fact.event.on) for party in fact.event.parties)


def await_new_party(fact: Recorded[Came], known: Facts) -> Iterator[Send]:
    """T14: who takes over a role has to agree to the contract there is."""
    crew = known.find(NetworkCrew, fact.key)
    for party in PARTIES_OF[type(fact.event)]:
        if crew and party in crew.parties:
            yield _schedule("T14", fact, party, fact.event.on)


def party_agreed(fact: Recorded[MandateContractPartyAgreed], known: Facts) -> Iterable[Send]:
    """T14: the party has agreed."""
    return (_cancel("T14", fact, fact.event.party),)


def party_left(fact: Recorded[Left], known: Facts) -> Iterable[Send]:
    """T14: a network without a reference leader has one party less; who was only willing is none."""
    event = fact.event
    if isinstance(event, ReferenceLeaderOptOutRecorded) and not event.was_assigned:
        return ()
    return (_cancel("T14", fact, MandateParty.REFERENCE_LEADER),)


def await_nothing_more(fact: Recorded[Ended], known: Facts) -> Iterator[Send]:
    """T11, T14: nothing is awaited of a network that has ended."""
    crew = known.find(NetworkCrew, fact.key) or NetworkCrew()
    yield from (_cancel("T11", fact, phase) for phase in crew.phases)
    yield from (_cancel("T14", fact, party) for party in crew.parties)


def _schedule(deadline: str, fact: Recorded[Any], item: str, awaited: Any) -> Send:
    command = ScheduleReminder(
        deadline=deadline, subject=fact.stream, item=str(item), awaited=awaited
    )
    return Send(reminder_key(deadline, fact.stream, str(item)), command)


def _cancel(deadline: str, fact: Recorded[Any], item: str) -> Send:
    return Send(reminder_key(deadline, fact.stream, str(item)), CancelReminder(because=fact.id))


def _crew(fact: Recorded[Any]) -> Sequence[Ask]:
    return (NetworkCrew.at(fact.key),)


REMINDING: tuple[Reaction, ...] = (
    on(NetworkStarted, await_phases, history="begin"),
    on(PhasePlanRevised, await_phases, history="begin"),
    on(PhaseStarted, phase_came, history="begin"),
    on(TestPhaseStarted, test_came, history="begin"),
    on(ImplementationStarted, implementation_came, history="begin"),
    on(MandateContractDrafted, await_parties, history="begin"),
    on(MandateContractAmended, await_parties, history="begin"),
    on(NetworkLeaderReplaced, await_new_party, history="begin", asks=_crew),
    on(ReferenceLeaderAssigned, await_new_party, history="begin", asks=_crew),
    on(ReferenceLeaderReplaced, await_new_party, history="begin", asks=_crew),
    on(ReferenceLeaderReleased, party_left, history="begin"),
    on(ReferenceLeaderOptOutRecorded, party_left, history="begin"),
    on(MandateContractPartyAgreed, party_agreed, history="begin"),
    on(NetworkClosed, await_nothing_more, history="begin", asks=_crew),
    on(NetworkCancelled, await_nothing_more, history="begin", asks=_crew),
)
