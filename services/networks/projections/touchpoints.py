"""What the chief forum has treated of each network (R86)."""

from services.networks.domain.known import Touchpoints
from shared.contracts.themes import ForumTouchpointRecorded
from shared.contracts.vocabulary import Touchpoint
from shared.kernel.events import Recorded
from shared.kernel.views import View


def _networks(fact: Recorded[ForumTouchpointRecorded]) -> tuple[str]:
    return (str(fact.event.network_id),)


def _fold(
    row: Touchpoints | None, fact: Recorded[ForumTouchpointRecorded], key: str
) -> Touchpoints:
    # Start and closing are treated in months apart, and may be told in any order.
    treated = {*(row.treated if row else ()), fact.event.touchpoint}
    return Touchpoints(treated=tuple(each for each in Touchpoint if each in treated))


TOUCHPOINTS = View.of(Touchpoints, ForumTouchpointRecorded, keys=_networks, fold=_fold)
