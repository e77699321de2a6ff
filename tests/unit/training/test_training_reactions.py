"""Who was in the crew when a network closed gets the experience; nobody else does."""

from datetime import date
from uuid import uuid4

from services.training.domain.leader_path.qualification import RecordNetworkRun
from services.training.reactions import REACTIONS
from shared.contracts.networks import CrewAtClosing, NetworkClosed, Service
from shared.contracts.vocabulary import DrivingRole, NetworkType
from shared.kernel.reactions import Send
from shared.testing import person, reacting, recorded, rule
from tests.unit.training import crews

NETWORK = uuid4()
STREAM = f"network-{NETWORK}"
STARTED, JOINED, CLOSED = date(2013, 8, 5), date(2013, 8, 20), date(2014, 1, 31)
LEADING = Service(person_id=person("anna"), since=STARTED, until=CLOSED)
CO_DRIVING = Service(person_id=person("bo"), since=JOINED, until=CLOSED, late=True)
REFERENCE = Service(person_id=person("chief"), since=STARTED, until=CLOSED)


def closed(crew: CrewAtClosing) -> NetworkClosed:
    return crews.closed(STARTED, CLOSED).model_copy(update={"crew": crew})


def run(service: Service, role: DrivingRole) -> Send:
    return Send(
        key=str(service.person_id),
        command=RecordNetworkRun(
            on=CLOSED,
            person_id=service.person_id,
            network_id=NETWORK,
            network_type=NetworkType.WELFARE,
            role=role,
            since=service.since,
            until=service.until,
            late=service.late,
        ),
    )


@rule("R136")
def test_leader_and_co_driver_at_the_closing_get_their_run() -> None:
    crew = CrewAtClosing(leader=LEADING, co_driver=CO_DRIVING, reference_leader=REFERENCE)
    assert reacting(REACTIONS, recorded(closed(crew), STREAM)) == [
        run(LEADING, DrivingRole.LEADER),
        run(CO_DRIVING, DrivingRole.CO_DRIVER),
    ]


def test_a_network_without_co_driver_gives_one_run() -> None:
    crew = CrewAtClosing(leader=LEADING)
    assert reacting(REACTIONS, recorded(closed(crew), STREAM)) == [run(LEADING, DrivingRole.LEADER)]


def test_a_cancelled_network_and_a_released_co_driver_give_none() -> None:
    cancelled = crews.cancelled(CLOSED, leader=person("anna"), co_driver=person("bo"))
    released = crews.released(person("bo"), JOINED, CLOSED)

    assert reacting(REACTIONS, recorded(cancelled, STREAM)) == []
    assert reacting(REACTIONS, recorded(released, STREAM)) == []


def test_what_happened_before_the_first_deployment_counts_too() -> None:
    assert {reaction.history for reaction in REACTIONS} == {"begin"}
