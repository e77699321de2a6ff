"""What follows in training from what the networks tell."""

from collections.abc import Iterable
from uuid import UUID

from services.training.domain.leader_path import RecordNetworkRun
from shared.contracts.networks import NetworkClosed
from shared.contracts.vocabulary import DrivingRole
from shared.kernel.events import Recorded
from shared.kernel.facts import Facts
from shared.kernel.reactions import Send, on


def record_runs(closed: Recorded[NetworkClosed], facts: Facts) -> Iterable[Send]:
    """Give leader and co-driver their experience, if they were there to the end (R136, R137)."""
    crew = closed.event.crew
    for role, service in (
        (DrivingRole.LEADER, crew.leader),
        (DrivingRole.CO_DRIVER, crew.co_driver),
    ):
        if service is not None:
            yield Send(
                key=str(service.person_id),
                command=RecordNetworkRun(
                    on=closed.event.on,
                    person_id=service.person_id,
                    network_id=UUID(closed.key),
                    network_type=closed.event.network_type,
                    role=role,
                    since=service.since,
                    until=service.until,
                    late=service.late,
                ),
            )


REACTIONS = (on(NetworkClosed, record_runs, history="begin"),)
