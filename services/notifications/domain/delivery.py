"""A delivery: one message to one receiver by one channel.

Its stream is named after the fact, the receiver and the channel, so that it exists once. Queued,
then sent; or tried again at growing intervals until the channel's failure is final.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, assert_never

from pydantic import Field

from shared.contracts.notifications import (
    DELIVERY,
    DeliveryEvent,
    NotificationFailed,
    NotificationQueued,
    NotificationSent,
)
from shared.contracts.vocabulary import Channel, PersonId
from shared.kernel.commands import Aggregate, Command, Context
from shared.kernel.permissions import SYSTEM

RETRY_AFTER = (
    timedelta(seconds=5),
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
)
"""How long to wait after each failure; after the last the failure is final."""


@dataclass(frozen=True)
class NotQueued:
    """Nobody has been told."""


@dataclass(frozen=True)
class Waiting:
    """The channel has the message still to send."""

    failures: int = 0


@dataclass(frozen=True)
class Finished:
    """Sent, or finally failed."""


Delivery = NotQueued | Waiting | Finished


def evolve(state: Delivery, fact: DeliveryEvent) -> Delivery:
    """Change a delivery by a fact."""
    match fact:
        case NotificationQueued():
            return Waiting()
        case NotificationSent():
            return Finished()
        case NotificationFailed():
            return Finished() if fact.final else Waiting(fact.attempt)
        case other:
            assert_never(other)


DELIVERIES: Aggregate[Delivery, DeliveryEvent] = Aggregate(DELIVERY, NotQueued(), evolve)


def delivery_key(source_event: str, recipient_id: PersonId | None, channel: Channel) -> str:
    """The natural name of a delivery: once for each fact, receiver and channel."""
    return f"{source_event}-{recipient_id or 'secretariat'}-{channel}"


class DeliveryCommand(Command[Delivery, DeliveryEvent]):
    """A command to a delivery."""

    aggregate = DELIVERIES
    may = SYSTEM


class QueueNotification(DeliveryCommand):
    """Tell somebody of a fact, by one channel; an entry in the inbox has arrived by being told."""

    begins = True

    template: str
    recipient_id: PersonId | None
    channel: Channel
    source_event: str
    facts: Mapping[str, str]

    def decide(self, state: Delivery, ctx: Context) -> Sequence[DeliveryEvent]:
        """Queue it once."""
        if not isinstance(state, NotQueued):
            return []
        queued = NotificationQueued(
            on=ctx.on,
            template=self.template,
            recipient_id=self.recipient_id,
            channel=self.channel,
            source_event=self.source_event,
            facts=self.facts,
        )
        if self.channel is Channel.INBOX:
            return [queued, NotificationSent(on=ctx.on, attempt=1)]
        return [queued]


class RecordDelivery(DeliveryCommand):
    """Record what the channel said: sent, or failed and why."""

    sent: bool
    detail: Annotated[str, Field(max_length=200)] = ""
    hopeless: bool = False
    """Whether another try cannot help, as where there is no address (R208)."""

    def decide(self, state: Delivery, ctx: Context) -> Sequence[DeliveryEvent]:
        """Count the attempt; a failure comes with the time of the next, unless it is final."""
        if not isinstance(state, Waiting):
            return []
        attempt = state.failures + 1
        if self.sent:
            return [NotificationSent(on=ctx.on, attempt=attempt)]
        final = self.hopeless or attempt > len(RETRY_AFTER)
        return [
            NotificationFailed(
                on=ctx.on,
                attempt=attempt,
                detail=self.detail,
                final=final,
                retry_at=None if final else ctx.now + RETRY_AFTER[attempt - 1],
            )
        ]
