"""What networks told of those who drive them; what no test of training looks at is filled in."""

from datetime import date
from uuid import UUID

from shared.contracts.networks import (
    CoDriverAssigned,
    CoDriverReleased,
    Crew,
    CrewAtClosing,
    NetworkCancelled,
    NetworkClosed,
    NetworkImported,
    NetworkLeaderAssigned,
    NetworkLeaderReplaced,
    Service,
)
from shared.contracts.vocabulary import NetworkResult, NetworkType
from shared.kernel.events import Event
from shared.testing import new_id, person
from tests.unit.training.streams import Stream, stream

LEADER = person("leader")
"""Who leads where a test is about the co-driver alone."""
TITLE, WELFARE = "Urban farming", NetworkType.WELFARE


def network(network_id: UUID, *events: Event) -> Stream:
    """The stream of a network."""
    return stream(f"network-{network_id}", *events)


def leads(who: UUID, on: date) -> NetworkLeaderAssigned:
    """Somebody leads the network from that day."""
    return NetworkLeaderAssigned(
        on=on,
        person_id=who,
        network_type=WELFARE,
        title=TITLE,
        qualified=True,
        in_pool=True,
        decided_by=(person("chief"),),
    )


def takes_over(
    who: UUID, on: date, *, from_: UUID, since: date, co_driver: UUID | None = None
) -> NetworkLeaderReplaced:
    """Somebody leads it instead of another, who had led it since then."""
    return NetworkLeaderReplaced(
        **leads(who, on).model_dump(),
        replaced_id=from_,
        replaced_since=since,
        co_driver_id=co_driver,
    )


def co_drives(who: UUID, on: date, leader: UUID = LEADER) -> CoDriverAssigned:
    """Somebody co-drives it from that day."""
    return CoDriverAssigned(
        on=on,
        person_id=who,
        leader_id=leader,
        network_type=WELFARE,
        title=TITLE,
        theme_expertise=True,
        rationale_note=new_id(1),
    )


def released(who: UUID, since: date, until: date) -> CoDriverReleased:
    """Somebody co-drives it no longer."""
    return CoDriverReleased(on=until, person_id=who, since=since, until=until)


def closed(
    since: date, until: date, *, leader: UUID | None = None, co_driver: UUID | None = None
) -> NetworkClosed:
    """It came to its end, and these had driven it all the time."""

    def service(who: UUID | None) -> Service | None:
        return Service(person_id=who, since=since, until=until) if who else None

    return NetworkClosed(
        on=until,
        title=TITLE,
        network_type=WELFARE,
        started_on=since,
        result=NetworkResult.PARTLY,
        crew=CrewAtClosing(leader=service(leader), co_driver=service(co_driver)),
        phases=(),
        break_days=0,
    )


def cancelled(
    on: date, *, leader: UUID | None = None, co_driver: UUID | None = None
) -> NetworkCancelled:
    """It was given up; these drove it."""
    return NetworkCancelled(
        on=on,
        title=TITLE,
        network_type=WELFARE,
        was_started=True,
        half_year="2013-H2",
        crew=Crew(leader_id=leader, co_driver_id=co_driver),
        reason_note=new_id(1),
    )


def imported(
    on: date, started_on: date, *, leader: UUID = LEADER, co_driver: UUID | None = None
) -> NetworkImported:
    """It ran before the system, and these drive it since it started."""
    return NetworkImported(
        on=on,
        title=TITLE,
        purpose="Videreført",
        network_type=WELFARE,
        started_on=started_on,
        leader_id=leader,
        co_driver_id=co_driver,
        phases=(),
    )
