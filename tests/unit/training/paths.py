"""A network that was co-driven to its end: what is recorded of it, and who qualifies by it."""

from datetime import date
from uuid import UUID

from services.training.domain.leader_path.qualification import RecordNetworkRun
from shared.contracts.training import CoDrivingCompleted, LeaderQualified, QualifyingRun
from shared.contracts.vocabulary import DrivingRole, NetworkType
from shared.testing import person

ANNA, GARDENS = person("anna"), UUID(int=1)
STARTED, CLOSED = date(2013, 8, 1), date(2013, 8, 30)
RUN = RecordNetworkRun(
    on=CLOSED,
    person_id=ANNA,
    network_id=GARDENS,
    network_type=NetworkType.WELFARE,
    role=DrivingRole.CO_DRIVER,
    since=STARTED,
    until=CLOSED,
)


def co_drove(since: date, until: date) -> CoDrivingCompleted:
    """That network was co-driven to its end, which was then."""
    return CoDrivingCompleted(
        on=until,
        person_id=ANNA,
        network_id=GARDENS,
        network_type=NetworkType.WELFARE,
        since=since,
        until=until,
    )


CO_DROVE = co_drove(STARTED, CLOSED)


def qualified_by_run(diploma_on: date) -> LeaderQualified:
    """Qualified by that network, with a diploma from before it closed."""
    return LeaderQualified(
        on=CLOSED,
        person_id=ANNA,
        diploma_on=diploma_on,
        runs=(QualifyingRun(role=DrivingRole.CO_DRIVER, network_id=GARDENS),),
    )
