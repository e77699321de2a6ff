"""Who may be told of a fact: the words that the table of `telling` is written in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from services.notifications.domain.known import KnownTheme, NetworkCrew
from shared.contracts.networks import (
    CoDriverAssigned,
    NetworkClosed,
    NetworkImported,
    NetworkLeaderAssigned,
    NetworkLeaderReplaced,
    NetworkStarted,
    PhaseCompleted,
    Service,
)
from shared.contracts.vocabulary import MandateParty, NetworkType, PersonId
from shared.kernel.events import Event
from shared.people import ForumMembers

Receiver = PersonId | None
"""None is the secretariat's shared mailbox."""


@dataclass(frozen=True)
class Concerned:
    """A fact, and what is known of the theme or the network that it is about.

    The view may know a crew that came after the fact, so `crew` is as the fact itself tells it,
    and as the view knows it in what the fact does not tell.
    """

    event: Any
    theme: KnownTheme | None
    crew: NetworkCrew
    chiefs: ForumMembers | None


Receivers = Callable[[Concerned], Iterable[Receiver]]


def secretariat(it: Concerned) -> Iterable[Receiver]:
    """The shared mailbox."""
    return (None,)


def proposer(it: Concerned) -> Iterable[Receiver]:
    """Who proposed the theme."""
    return _people(it.theme.proposer_id) if it.theme else ()


# Those are told who sit in the chief forum. That a director may stand where a member is asked for
# is about who can be reference leader (X9): it makes nobody a member, and nobody to be told.


def local_chiefs(it: Concerned) -> Iterable[Receiver]:
    """The chief forum's members from the departments that the theme affects."""
    if it.theme is None or it.chiefs is None:
        return ()
    affected = {str(each) for each in it.theme.affected_departments}
    return tuple(member for member in it.chiefs.members if it.chiefs.units[str(member)] in affected)


def chiefs_when_learning(it: Concerned) -> Iterable[Receiver]:
    """The whole chief forum, which a learning network is coupled to (R86)."""
    learning = it.crew.network_type is NetworkType.LEARNING
    return it.chiefs.members if it.chiefs and learning else ()


def leader(it: Concerned) -> Iterable[Receiver]:
    """The network's leader."""
    return _people(it.crew.leader_id)


def crew(it: Concerned) -> Iterable[Receiver]:
    """The leader and the co-driver."""
    return _people(it.crew.leader_id, it.crew.co_driver_id)


def released_co_driver(it: Concerned) -> Iterable[Receiver]:
    """The co-driver who left, and that person's line manager."""
    return _people(it.event.person_id, it.event.line_manager_id)


def reference_leader(it: Concerned) -> Iterable[Receiver]:
    """The network's reference leader."""
    return _people(it.crew.reference_leader_id)


def leaders_line_manager(it: Concerned) -> Iterable[Receiver]:
    """The leader's line manager."""
    return _people(it.crew.leader_line_manager_id)


def line_managers(it: Concerned) -> Iterable[Receiver]:
    """The leader's and the co-driver's line managers."""
    return _people(it.crew.leader_line_manager_id, it.crew.co_driver_line_manager_id)


def parties_that_have_not_agreed(it: Concerned) -> Iterable[Receiver]:
    """Each party of the mandate contract that is still to agree."""
    return tuple(who for party in it.crew.awaited for who in _speaking_for(party, it.crew))


def the_waiting_party(it: Concerned) -> Iterable[Receiver]:
    """The one party that a T14 waits for."""
    party = MandateParty(it.event.item)
    return _speaking_for(party, it.crew) if party in it.crew.awaited else ()


def _speaking_for(party: MandateParty, crew: NetworkCrew) -> Iterable[Receiver]:
    return (None,) if party is MandateParty.SECRETARIAT else _people(crew.holder(party))


def _people(*ids: PersonId | None) -> Iterable[Receiver]:
    return tuple(each for each in ids if each is not None)


def as_told(crew: NetworkCrew, event: Event) -> NetworkCrew:
    """The crew as the fact itself tells it, where it does."""
    return crew.model_copy(update=_told(crew, event))


def _told(crew: NetworkCrew, event: Event) -> dict[str, PersonId | None]:
    carrying: tuple[PersonId | None, ...]
    match event:
        case NetworkLeaderAssigned() | NetworkLeaderReplaced():
            return {
                "leader_id": event.person_id,
                "leader_line_manager_id": event.line_manager_id,
            }
        case CoDriverAssigned():
            same_leader = event.leader_id == crew.leader_id
            return {
                "leader_id": event.leader_id,
                "leader_line_manager_id": crew.leader_line_manager_id if same_leader else None,
                "co_driver_id": event.person_id,
                "co_driver_line_manager_id": event.line_manager_id,
            }
        case NetworkImported():
            carrying = (event.leader_id, event.co_driver_id, event.reference_leader_id)
        case NetworkStarted() | PhaseCompleted():
            told = event.crew
            carrying = (told.leader_id, told.co_driver_id, told.reference_leader_id)
        case NetworkClosed():
            served = event.crew
            carrying = (_who(served.leader), _who(served.co_driver), _who(served.reference_leader))
        case _:
            return {}
    return dict(zip(("leader_id", "co_driver_id", "reference_leader_id"), carrying, strict=True))


def _who(served: Service | None) -> PersonId | None:
    return served.person_id if served else None
