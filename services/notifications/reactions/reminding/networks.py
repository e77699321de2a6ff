"""What is awaited of networks: T11 and T14."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from services.notifications.domain.known import NetworkCrew
from services.notifications.reactions.reminding.sending import cancel, schedule
from shared.contracts.networks import (
    ImplementationStarted,
    MandateContractAmended,
    MandateContractDrafted,
    MandateContractPartyAgreed,
    NetworkCancelled,
    NetworkClosed,
    NetworkLeaderAssigned,
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
Contracted = (
    MandateContractDrafted
    | MandateContractAmended
    | MandateContractPartyAgreed
    | NetworkLeaderAssigned
    | NetworkLeaderReplaced
    | ReferenceLeaderAssigned
    | ReferenceLeaderReplaced
    | ReferenceLeaderReleased
    | ReferenceLeaderOptOutRecorded
)
"""What may change who is still to agree to the mandate contract."""
Ended = NetworkClosed | NetworkCancelled


def await_phases(fact: Recorded[Planned], known: Facts) -> Iterator[Send]:
    """T11: each phase that has a date is awaited until it begins; it moves with the plan."""
    crew = _known(fact, known)
    for each in fact.event.phases:
        if each.planned_start is None:
            yield cancel("T11", fact, each.phase)
        elif each.phase not in crew.begun:
            yield schedule("T11", fact, each.phase, each.planned_start)
    if isinstance(fact.event, PhasePlanRevised):
        yield from (cancel("T11", fact, phase) for phase in fact.event.removed)


def phase_came(fact: Recorded[PhaseStarted], known: Facts) -> Iterable[Send]:
    """T11: the phase has started."""
    return (cancel("T11", fact, fact.event.phase),)


def test_came(fact: Recorded[TestPhaseStarted], known: Facts) -> Iterable[Send]:
    """T11: the test has started."""
    return (cancel("T11", fact, "test"),)


def implementation_came(fact: Recorded[ImplementationStarted], known: Facts) -> Iterable[Send]:
    """T11: the implementation has started, so no test is awaited either."""
    return (cancel("T11", fact, "test"), cancel("T11", fact, "implementation"))


def await_parties(fact: Recorded[Contracted], known: Facts) -> Iterator[Send]:
    """T14: who is to agree to the contract there is, is awaited again and again; others are not.

    A reminder that is scheduled anew from the same day stays as it is.
    """
    if fact.event.contract_version is None:
        return
    awaited = _known(fact, known).awaited
    for party in MandateParty:
        if party in awaited:
            yield schedule("T14", fact, party, awaited[party])
        else:
            yield cancel("T14", fact, party)


def await_nothing_more(fact: Recorded[Ended], known: Facts) -> Iterator[Send]:
    """T11, T14: nothing is awaited of a network that has ended."""
    yield from (cancel("T11", fact, phase) for phase in _known(fact, known).phases)
    yield from (cancel("T14", fact, party) for party in MandateParty)


def _crew(fact: Recorded[Any]) -> Sequence[Ask]:
    return (NetworkCrew.at(fact.key),)


def _known(fact: Recorded[Any], known: Facts) -> NetworkCrew:
    return known.find(NetworkCrew, fact.key) or NetworkCrew()


OF_NETWORKS: tuple[Reaction, ...] = (
    on(NetworkStarted, await_phases, history="begin", asks=_crew),
    on(PhasePlanRevised, await_phases, history="begin", asks=_crew),
    on(PhaseStarted, phase_came, history="begin"),
    on(TestPhaseStarted, test_came, history="begin"),
    on(ImplementationStarted, implementation_came, history="begin"),
    on(MandateContractDrafted, await_parties, history="begin", asks=_crew),
    on(MandateContractAmended, await_parties, history="begin", asks=_crew),
    on(MandateContractPartyAgreed, await_parties, history="begin", asks=_crew),
    on(NetworkLeaderAssigned, await_parties, history="begin", asks=_crew),
    on(NetworkLeaderReplaced, await_parties, history="begin", asks=_crew),
    on(ReferenceLeaderAssigned, await_parties, history="begin", asks=_crew),
    on(ReferenceLeaderReplaced, await_parties, history="begin", asks=_crew),
    on(ReferenceLeaderReleased, await_parties, history="begin", asks=_crew),
    on(ReferenceLeaderOptOutRecorded, await_parties, history="begin", asks=_crew),
    on(NetworkClosed, await_nothing_more, history="begin", asks=_crew),
    on(NetworkCancelled, await_nothing_more, history="begin", asks=_crew),
)
