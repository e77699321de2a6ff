"""The innovation slots are a set of networks, however often it is told who holds one."""

from datetime import date
from uuid import UUID

from hypothesis import given as over
from hypothesis import strategies as st

from services.networks.domain.slots import SLOTS
from shared.contracts.networks import InnovationSlotFreed, InnovationSlotTaken

DAY = date(2013, 9, 2)
networks = st.integers(0, 4).map(lambda number: UUID(int=number))
facts = st.one_of(
    networks.map(lambda each: InnovationSlotTaken(on=DAY, network_id=each)),
    networks.map(lambda each: InnovationSlotFreed(on=DAY, network_id=each)),
)


@over(st.lists(facts))
def test_a_network_holds_a_slot_when_the_last_it_did_was_to_take_one(
    told: list[InnovationSlotTaken | InnovationSlotFreed],
) -> None:
    last = {fact.network_id: fact for fact in told}

    holders = {each for each, fact in last.items() if isinstance(fact, InnovationSlotTaken)}
    assert SLOTS.replay(told).holders == holders
