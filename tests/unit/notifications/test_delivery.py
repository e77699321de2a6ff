"""Somebody is told once of a fact by each channel, and a channel is tried until it is hopeless."""

from services.notifications.domain.delivery import (
    RETRY_AFTER,
    QueueNotification,
    RecordDelivery,
    delivery_key,
)
from services.notifications.projections import VIEWS, DeliveryLog
from shared.contracts.notifications import NotificationFailed, NotificationQueued, NotificationSent
from shared.contracts.vocabulary import Channel
from shared.kernel.permissions import system
from shared.testing import NOW, SECRETARIAT, TODAY, folded, given, person, recorded

SYSTEM = system("test")
LEADER = person("leader")
FACTS = {"title": "Urban farming"}
BY_MAIL = QueueNotification(
    template="N11.leader",
    recipient_id=LEADER,
    channel=Channel.EMAIL,
    source_event="e1",
    facts=FACTS,
)
TO_INBOX = BY_MAIL.model_copy(update={"channel": Channel.INBOX})
QUEUED = NotificationQueued(
    on=TODAY,
    template="N11.leader",
    recipient_id=LEADER,
    channel=Channel.EMAIL,
    source_event="e1",
    facts=FACTS,
)
SENT = NotificationSent(on=TODAY, attempt=1)


def failed(attempt: int) -> NotificationFailed:
    final = attempt > len(RETRY_AFTER)
    return NotificationFailed(
        on=TODAY,
        attempt=attempt,
        detail="refused",
        final=final,
        retry_at=None if final else NOW + RETRY_AFTER[attempt - 1],
    )


def test_a_message_is_queued_once() -> None:
    given().when(BY_MAIL, by=SYSTEM).then(QUEUED)
    given(QUEUED).when(BY_MAIL, by=SYSTEM).then_nothing()


def test_an_entry_in_the_inbox_has_arrived_by_being_told() -> None:
    queued = QUEUED.model_copy(update={"channel": Channel.INBOX})
    given().when(TO_INBOX, by=SYSTEM).then(queued, SENT)


def test_nobody_but_the_system_queues_a_message() -> None:
    given().when(BY_MAIL, by=SECRETARIAT).then_refused("not_allowed")


def test_what_was_sent_is_not_sent_again() -> None:
    sent = RecordDelivery(sent=True)
    given(QUEUED).when(sent, by=SYSTEM).then(SENT)
    given(QUEUED, SENT).when(sent, by=SYSTEM).then_nothing()


def test_a_failure_is_tried_again_later_until_the_last() -> None:
    refused = RecordDelivery(sent=False, detail="refused")
    given(QUEUED).when(refused, by=SYSTEM).then(failed(1))
    before_last = [failed(number) for number in range(1, len(RETRY_AFTER) + 1)]
    given(QUEUED, *before_last).when(refused, by=SYSTEM).then(failed(len(RETRY_AFTER) + 1))


def test_where_there_is_no_address_the_failure_is_final() -> None:
    no_address = RecordDelivery(sent=False, detail="no_address", hopeless=True)
    given(QUEUED).when(no_address, by=SYSTEM).then(
        NotificationFailed(on=TODAY, attempt=1, detail="no_address", final=True)
    )


def test_the_log_says_what_became_of_a_message() -> None:
    view = next(view for view in VIEWS if view.row is DeliveryLog)
    stream = f"delivery-{delivery_key('e1', LEADER, Channel.EMAIL)}"
    facts = [recorded(QUEUED, stream, 1), recorded(failed(1), stream, 2)]
    (waiting,) = folded(view, facts).values()
    assert isinstance(waiting, DeliveryLog)
    assert (waiting.state, waiting.attempts) == ("queued", 1)
    assert waiting.send_at == NOW + RETRY_AFTER[0]
    (done,) = folded(view, [*facts, recorded(SENT, stream, 3)]).values()
    assert isinstance(done, DeliveryLog)
    assert (done.state, done.send_at, done.receiver) == ("sent", None, str(LEADER))
