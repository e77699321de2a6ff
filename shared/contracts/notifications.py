"""What notifications tells, to the four services alone: who was told what, and what is awaited.

No address and no name is ever in these facts.
"""

from collections.abc import Mapping
from datetime import datetime

from shared.contracts.vocabulary import Channel, PersonId
from shared.kernel.events import Event, StreamKind


class NotificationQueued(Event):
    """Somebody is to be told of a fact, by one channel; the stream's name makes it once.

    `template` is the number of the notification and which text of it, e.g. `N4.selected`;
    `facts` are what the text names: ids, titles and dates.
    """

    template: str
    recipient_id: PersonId | None = None
    """None is the secretariat's shared mailbox (R22)."""
    channel: Channel
    source_event: str
    facts: Mapping[str, str]


class NotificationSent(Event):
    """The channel has taken the message, at its `attempt`th try."""

    attempt: int


class NotificationFailed(Event):
    """The channel did not take the message; a final failure is not tried again (R208)."""

    attempt: int
    detail: str
    final: bool
    retry_at: datetime | None = None


DeliveryEvent = NotificationQueued | NotificationSent | NotificationFailed

DELIVERY = StreamKind.of("delivery", "notifications", DeliveryEvent, "internal")


class ReminderScheduled(Event):
    """Something is awaited, and speaks up at `due_at` unless it comes first.

    `deadline` is its number (T1-T32), `subject` the stream it is about, `item` what of it.
    """

    deadline: str
    subject: str
    item: str
    due_at: datetime
    awaited_on: datetime
    """The moment the reminder is reckoned from."""


class ReminderDue(Event):
    """The date has come, and what was awaited has not; the `number`th time."""

    deadline: str
    subject: str
    item: str
    number: int


class ReminderCancelled(Event):
    """What was awaited is here, or no longer expected."""

    because: str
    """The id of the fact that it came with."""


ReminderEvent = ReminderScheduled | ReminderDue | ReminderCancelled

REMINDER = StreamKind.of("reminder", "notifications", ReminderEvent, "internal")

KINDS = (DELIVERY, REMINDER)
