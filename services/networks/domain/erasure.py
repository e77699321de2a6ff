"""What networks has erased of a person, told once for each erasure (D12)."""

from collections.abc import Sequence

from shared.contracts.erasure import ERASURE_IN_NETWORKS, PersonForgottenByNetworks
from shared.kernel.commands import Aggregate, Context
from shared.kernel.permissions import SYSTEM
from shared.people.erasure import RecordErasure, last_revision

ERASURES: Aggregate[int, PersonForgottenByNetworks] = Aggregate(
    ERASURE_IN_NETWORKS, 0, last_revision
)


class RecordNetworksErasure(RecordErasure):
    """Record what was erased here."""

    aggregate = ERASURES
    may = SYSTEM

    def decide(self, state: int, ctx: Context) -> Sequence[PersonForgottenByNetworks]:
        """Tell it once; what comes late of an earlier erasure is told already."""
        if state >= self.revision:
            return []
        return [PersonForgottenByNetworks(**self.told(ctx))]
