"""What notifications remembers: who carries what, how people are reached, and what was sent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

from services.notifications.domain.known import KnownTheme
from services.notifications.projections.cohorts import KNOWN_COHORTS, STARTED_COHORTS
from services.notifications.projections.crew import NETWORK_CREWS
from services.notifications.projections.forum import KNOWN_FORUM
from services.notifications.projections.rounds import OPENED_ROUNDS
from shared.contracts.notifications import (
    DeliveryEvent,
    NotificationFailed,
    NotificationQueued,
    NotificationSent,
    ReminderCancelled,
    ReminderDue,
    ReminderEvent,
    ReminderScheduled,
)
from shared.contracts.people import PersonErased, PersonListed, PersonState
from shared.contracts.themes import ThemeProposed, ThemeRefined
from shared.contracts.vocabulary import Channel
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View, stream_key
from shared.people import FORUM_MEMBERS

SECRETARIAT = "secretariat"


def _theme(
    row: KnownTheme | None, fact: Recorded[ThemeProposed | ThemeRefined], key: str
) -> KnownTheme:
    event = fact.event
    match event:
        case ThemeProposed():
            return KnownTheme(
                theme_id=UUID(key),
                title=event.title,
                proposer_id=event.proposer_id,
                affected_departments=event.affected_departments,
            )
        case ThemeRefined():
            assert row is not None
            return KnownTheme.model_validate({**row.model_dump(), **event.changed})
        case other:
            assert_never(other)


class Address(Row):
    """How a person is reached; the only row here with a name. Keyed by the person's id."""

    name: str
    email: str | None = None
    language: str = "da"


def _address(row: Address | None, fact: Recorded[PersonState], key: str) -> Address | None:
    match fact.event:
        case PersonListed() as listed:
            return Address(name=listed.name, email=listed.email, language=listed.language)
        case PersonErased():
            return None
        case other:
            assert_never(other)


class DeliveryLog(Row):
    """One message to one receiver by one channel (V40)."""

    delivery: str
    template: str = ""
    receiver: str = SECRETARIAT
    """The person's id, or the secretariat's shared mailbox."""
    channel: Channel = Channel.INBOX
    source_event: str = ""
    facts: Mapping[str, str] = {}
    state: str = "queued"
    """queued, sent or failed."""
    attempts: int = 0
    detail: str = ""
    told_at: datetime | None = None
    send_at: datetime | None = None
    """When the channel is to try (again); none when there is nothing left to do."""


def _delivery(row: DeliveryLog | None, fact: Recorded[DeliveryEvent], key: str) -> DeliveryLog:
    row = row or DeliveryLog(delivery=key)
    match fact.event:
        case NotificationQueued() as queued:
            changed: dict[str, Any] = {
                "template": queued.template,
                "receiver": str(queued.recipient_id or SECRETARIAT),
                "channel": queued.channel,
                "source_event": queued.source_event,
                "facts": dict(queued.facts),
                "told_at": fact.at,
                "send_at": fact.at,
            }
        case NotificationSent() as sent:
            changed = {"state": "sent", "attempts": sent.attempt, "send_at": None, "detail": ""}
        case NotificationFailed() as failed:
            changed = {
                "state": "failed" if failed.final else "queued",
                "attempts": failed.attempt,
                "detail": failed.detail,
                "send_at": failed.retry_at,
            }
        case other:
            assert_never(other)
    return row.model_copy(update=changed)


class DeadlineBoard(Row):
    """What is awaited, and when it speaks up (V39)."""

    reminder: str
    deadline: str = ""
    subject: str = ""
    item: str = ""
    state: str = "cancelled"
    """scheduled, due or cancelled."""
    due_at: datetime | None = None
    """None when nothing is awaited."""
    last_due_at: datetime | None = None
    times: int = 0


def _reminder(row: DeadlineBoard | None, fact: Recorded[ReminderEvent], key: str) -> DeadlineBoard:
    row = row or DeadlineBoard(reminder=key)
    match fact.event:
        case ReminderScheduled() as scheduled:
            changed: dict[str, Any] = {
                "deadline": scheduled.deadline,
                "subject": scheduled.subject,
                "item": scheduled.item,
                "state": "scheduled",
                "due_at": scheduled.due_at,
            }
        case ReminderDue() as due:
            changed = {
                "state": "due",
                "due_at": None,
                "last_due_at": fact.at,
                "times": due.number,
            }
        case ReminderCancelled():
            changed = {"state": "cancelled", "due_at": None}
        case other:
            assert_never(other)
    return row.model_copy(update=changed)


KNOWN_THEMES = View.of(KnownTheme, ThemeProposed | ThemeRefined, keys=stream_key, fold=_theme)
VIEWS = (
    NETWORK_CREWS,
    KNOWN_COHORTS,
    STARTED_COHORTS,
    OPENED_ROUNDS,
    KNOWN_FORUM,
    KNOWN_THEMES,
    View.of(Address, PersonState, keys=stream_key, fold=_address),
    FORUM_MEMBERS,
    View.of(
        DeliveryLog,
        DeliveryEvent,
        keys=stream_key,
        fold=_delivery,
        indexes=("send_at", "receiver", "told_at"),
    ),
    View.of(
        DeadlineBoard, ReminderEvent, keys=stream_key, fold=_reminder, indexes=("due_at", "subject")
    ),
)
