"""The money for a network's test (R154)."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from services.networks.domain.network.state import Network, NetworkCommand
from shared.contracts.networks import NetworkEvent, TestFundingSecured
from shared.contracts.vocabulary import FundingSource, PersonId, Title
from shared.kernel.commands import Context
from shared.kernel.permissions import its, role


class SecureTestFunding(NetworkCommand):
    """Tell that there is money for the test, and who answers for it; amounts are in øre."""

    may = its("reference_leader") | role("secretariat")  # P23

    source: FundingSource
    amount_ore: Annotated[int, Field(ge=0, le=10**12)] | None = None
    responsible_id: PersonId
    reference: Title | None = None

    def decide_open(self, network: Network, ctx: Context) -> Sequence[NetworkEvent]:
        """The reference leader answers for it and tells it; anything else needs an override."""
        known = network.course.funding
        fact = TestFundingSecured(
            on=known.on if known else ctx.on,
            source=self.source,
            amount_ore=self.amount_ore,
            responsible_id=self.responsible_id,
            reference=self.reference,
        )
        if fact == known:
            return []
        holder = network.roles.reference_leader
        ctx.default(
            "responsible_not_reference_leader",
            "R154",
            broken=ctx.capacity != "reference_leader"
            or holder is None
            or holder.person_id != self.responsible_id,
        )
        return [fact.model_copy(update={"on": ctx.on})]
