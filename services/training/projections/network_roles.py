"""Who leads and co-drives which network, and with whom, as training knows it."""

from collections.abc import Iterable
from datetime import date
from typing import Any, assert_never
from uuid import UUID

from services.training.domain.known import HeldRole, NetworkRoles
from services.training.projections.crews import CrewHeard, people_of
from shared.contracts.networks import (
    CoDriverAssigned,
    CoDriverReleased,
    NetworkCancelled,
    NetworkClosed,
    NetworkImported,
    NetworkLeaderAssigned,
    NetworkLeaderReplaced,
)
from shared.contracts.vocabulary import DrivingRole, PersonId
from shared.kernel.events import Recorded
from shared.kernel.views import View


def _people_of(fact: Recorded[CrewHeard]) -> Iterable[str]:
    return map(str, people_of(fact.event))


def _roles(row: NetworkRoles | None, fact: Recorded[CrewHeard], key: str) -> NetworkRoles:
    # What each network tells stays with that network, so that it does not matter which of them
    # is heard first.
    row = row or NetworkRoles(person_id=UUID(key))
    network_id = UUID(fact.key)
    here = tuple(each for each in row.held if each.network_id == network_id)
    elsewhere = tuple(each for each in row.held if each.network_id != network_id)
    held = (*elsewhere, *_held(here, fact.event, network_id, row.person_id))
    return row.model_copy(update={"held": tuple(sorted(held, key=_network))})


def _network(held: HeldRole) -> UUID:
    return held.network_id


def _held(
    here: tuple[HeldRole, ...], event: CrewHeard, network_id: UUID, person_id: PersonId
) -> tuple[HeldRole, ...]:
    def begun(since: date, leader_id: PersonId) -> HeldRole:
        role = DrivingRole.LEADER if person_id == leader_id else DrivingRole.CO_DRIVER
        return HeldRole(network_id=network_id, role=role, since=since, leader_id=leader_id)

    match event:
        case NetworkImported():
            return (*here, begun(event.started_on, event.leader_id))
        case NetworkLeaderAssigned():
            return (*here, begun(event.on, person_id))
        case CoDriverAssigned():
            return (*here, begun(event.on, event.leader_id))
        case NetworkLeaderReplaced() if person_id == event.person_id:
            return (*here, begun(event.on, person_id))
        case NetworkLeaderReplaced() if person_id == event.co_driver_id:
            return _present(here, leader_id=event.person_id)
        case NetworkLeaderReplaced() | CoDriverReleased() | NetworkClosed() | NetworkCancelled():
            return _present(here, until=event.on)
        case other:
            assert_never(other)


def _present(here: tuple[HeldRole, ...], **changed: Any) -> tuple[HeldRole, ...]:
    """What was held here, with the role that the person has now changed."""
    return tuple(each.model_copy(update=changed) if each.until is None else each for each in here)


NETWORK_ROLES = View.of(NetworkRoles, CrewHeard, keys=_people_of, fold=_roles)
