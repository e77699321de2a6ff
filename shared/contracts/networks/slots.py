"""The innovation slots: who holds them."""

from uuid import UUID

from shared.kernel.events import Event


class InnovationSlotTaken(Event):
    """An innovation network runs; over the cap only when it was imported (R73, R104)."""

    network_id: UUID
    over_cap: bool = False


class InnovationSlotFreed(Event):
    """An innovation network has ended (R73)."""

    network_id: UUID


InnovationSlotsEvent = InnovationSlotTaken | InnovationSlotFreed
