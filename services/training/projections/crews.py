"""What networks tell of their leader and co-driver, and whom each fact is about."""

from collections.abc import Iterable
from typing import assert_never

from shared.contracts.networks import (
    CoDriverAssigned,
    CoDriverReleased,
    NetworkCancelled,
    NetworkClosed,
    NetworkImported,
    NetworkLeaderAssigned,
    NetworkLeaderReplaced,
)
from shared.contracts.vocabulary import PersonId

CrewHeard = (
    NetworkImported
    | NetworkLeaderAssigned
    | NetworkLeaderReplaced
    | CoDriverAssigned
    | CoDriverReleased
    | NetworkClosed
    | NetworkCancelled
)


def people_of(event: CrewHeard) -> Iterable[PersonId]:
    """Name everybody whose role in the network begins, ends or changes."""
    return [each for each in _named(event) if each]


def _named(event: CrewHeard) -> Iterable[PersonId | None]:
    match event:
        case NetworkImported():
            return (event.leader_id, event.co_driver_id)
        case NetworkLeaderAssigned() | CoDriverAssigned() | CoDriverReleased():
            return (event.person_id,)
        case NetworkLeaderReplaced():
            return (event.person_id, event.replaced_id, event.co_driver_id)
        case NetworkClosed():
            crew = event.crew
            return [each.person_id for each in (crew.leader, crew.co_driver) if each]
        case NetworkCancelled():
            return (event.crew.leader_id, event.crew.co_driver_id)
        case other:
            assert_never(other)
