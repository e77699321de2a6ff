"""What notifications remembers: who carries what, how people are reached, and what was sent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

from services.notifications.domain.known import KnownTheme, NetworkCrew
from shared.contracts.networks import (
    CoDriverAssigned,
    CoDriverReleased,
    MandateContractAmended,
    MandateContractDrafted,
    MandateContractPartyAgreed,
    NetworkImported,
    NetworkLeaderAssigned,
    NetworkLeaderReplaced,
    NetworkPlanned,
    NetworkStarted,
    PhasePlanRevised,
    ReferenceLeaderAssigned,
    ReferenceLeaderOptOutRecorded,
    ReferenceLeaderReleased,
    ReferenceLeaderReplaced,
)
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
from shared.contracts.themes import ThemeProposed
from shared.contracts.vocabulary import Channel, MandateParty
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View, stream_key
from shared.people import FORUM_MEMBERS

SECRETARIAT = "secretariat"

CrewEvent = (
    NetworkPlanned
    | NetworkImported
    | NetworkStarted
    | NetworkLeaderAssigned
    | NetworkLeaderReplaced
    | CoDriverAssigned
    | CoDriverReleased
    | ReferenceLeaderAssigned
    | ReferenceLeaderReplaced
    | ReferenceLeaderReleased
    | ReferenceLeaderOptOutRecorded
    | MandateContractDrafted
    | MandateContractAmended
    | MandateContractPartyAgreed
    | PhasePlanRevised
)


def _crew(row: NetworkCrew | None, fact: Recorded[CrewEvent], key: str) -> NetworkCrew:
    row = row or NetworkCrew()
    match fact.event:
        case NetworkPlanned() as planned:
            changed: dict[str, Any] = {
                "title": planned.title,
                "network_type": planned.network_type,
                "phases": tuple(each.phase for each in planned.phases),
            }
        case NetworkImported() as imported:
            changed = {
                "title": imported.title,
                "network_type": imported.network_type,
                "leader_id": imported.leader_id,
                "leader_line_manager_id": imported.leader_line_manager_id,
                "co_driver_id": imported.co_driver_id,
                "reference_leader_id": imported.reference_leader_id,
                "phases": tuple(each.phase for each in imported.phases),
            }
        case NetworkStarted() | PhasePlanRevised() as course:
            changed = {"phases": tuple(each.phase for each in course.phases)}
        case NetworkLeaderAssigned() | NetworkLeaderReplaced() as leading:
            changed = {
                "leader_id": leading.person_id,
                "leader_line_manager_id": leading.line_manager_id,
                "agreed": _without(row, MandateParty.NETWORK_LEADER, MandateParty.LINE_MANAGER),
            }
        case CoDriverAssigned() as driving:
            changed = {
                "co_driver_id": driving.person_id,
                "co_driver_line_manager_id": driving.line_manager_id,
            }
        case CoDriverReleased():
            changed = {"co_driver_id": None, "co_driver_line_manager_id": None}
        case ReferenceLeaderAssigned() | ReferenceLeaderReplaced() as referring:
            changed = {
                "reference_leader_id": referring.person_id,
                "agreed": _without(row, MandateParty.REFERENCE_LEADER),
            }
        case ReferenceLeaderOptOutRecorded(was_assigned=False):
            changed = {}
        case ReferenceLeaderReleased() | ReferenceLeaderOptOutRecorded():
            changed = {"reference_leader_id": None}
        case MandateContractDrafted() | MandateContractAmended() as contract:
            changed = {"parties": contract.parties, "agreed": ()}
        case MandateContractPartyAgreed() as agreeing:
            changed = {"agreed": (*row.agreed, agreeing.party)}
        case other:
            assert_never(other)
    return row.model_copy(update=changed)


def _without(row: NetworkCrew, *parties: MandateParty) -> tuple[MandateParty, ...]:
    return tuple(each for each in row.agreed if each not in parties)


def _theme(row: KnownTheme | None, fact: Recorded[ThemeProposed], key: str) -> KnownTheme:
    return KnownTheme(
        theme_id=UUID(key),
        title=fact.event.title,
        proposer_id=fact.event.proposer_id,
        affected_departments=fact.event.affected_departments,
    )


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


VIEWS = (
    View.of(NetworkCrew, CrewEvent, keys=stream_key, fold=_crew),
    View.of(KnownTheme, ThemeProposed, keys=stream_key, fold=_theme),
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
