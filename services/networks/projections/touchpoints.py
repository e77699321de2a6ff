"""What the chief forum has treated of each network (R86)."""

from collections.abc import Iterable

from services.networks.domain.known import Touchpoints
from shared.contracts.themes import ForumTouchpointRecorded
from shared.contracts.vocabulary import Touchpoint
from shared.kernel.events import Recorded
from shared.kernel.views import View


def _networks(fact: Recorded[ForumTouchpointRecorded]) -> tuple[str]:
    return (str(fact.event.network_id),)


def with_touchpoint(treated: Iterable[Touchpoint], one: Touchpoint) -> tuple[Touchpoint, ...]:
    """Add what was treated, each once, in the order of a network's life.

    Start and closing are treated in months apart, which may be told in any order; two months may
    both say that they treated the same.
    """
    among = {*treated, one}
    return tuple(each for each in Touchpoint if each in among)


def _fold(
    row: Touchpoints | None, fact: Recorded[ForumTouchpointRecorded], key: str
) -> Touchpoints:
    before = row.treated if row else ()
    return Touchpoints(treated=with_touchpoint(before, fact.event.touchpoint))


TOUCHPOINTS = View.of(Touchpoints, ForumTouchpointRecorded, keys=_networks, fold=_fold)
