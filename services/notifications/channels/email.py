"""E-mail: takes what is queued, hands it to the municipality's mail server, records what it said.

A mail is sent at least once: when the process dies between the server's answer and the record of
it, the mail goes again under the same Message-ID.
"""

import asyncio
from uuid import UUID

import structlog
from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from services.notifications.channels.mail import Unaddressable, compose
from services.notifications.domain.delivery import RecordDelivery
from services.notifications.projections import SECRETARIAT, Address, DeliveryLog
from shared.contracts.vocabulary import Channel
from shared.kernel.permissions import system
from shared.kernel.positions import Position
from shared.kernel.refusals import NotYet
from shared.observability.metrics import DELIVERIES
from shared.runtime.parts import Parts

PAUSE_S = 0.2
BATCH = 50
SMTP_TIMEOUT_S = 5.0
SEEN_WITHIN_S = 10.0

log = structlog.get_logger()


async def send_mail(parts: Parts) -> None:
    """Send what is due, for ever."""
    while True:
        due = await _due(parts)
        for row in due:
            try:
                await _send_and_record(parts, row)
            except NotYet:  # the store or the view is away for now; the row is still there
                break
        if not due:
            await asyncio.sleep(PAUSE_S)


async def _due(parts: Parts) -> list[DeliveryLog]:
    waiting = {"channel": Channel.EMAIL, "state": "queued"}
    page = await parts.rows.page(DeliveryLog, waiting, "send_at", None, BATCH)
    now = parts.clock.now()
    return [row for row in page.items if row.send_at is not None and row.send_at <= now]


async def _send_and_record(parts: Parts, row: DeliveryLog) -> None:
    outcome = await _send(parts, row)
    DELIVERIES.labels(Channel.EMAIL, "sent" if outcome.sent else "failed").inc()
    if not outcome.sent:
        log.warning("mail_failed", delivery=row.delivery, detail=outcome.detail)
    answer = await parts.dispatcher.send(
        outcome,
        row.delivery,
        actor=system("email"),
        command_id=f"{row.delivery}/{row.attempts + 1}",
    )
    # The row is looked at again only when it shows this, or it would be sent twice.
    await parts.rows.wait_for(Position.parse(answer.position), SEEN_WITHIN_S)


async def _send(parts: Parts, row: DeliveryLog) -> RecordDelivery:
    settings = parts.settings
    if row.receiver == SECRETARIAT:
        address = Address(name="Sekretariatet", email=settings.secretariat_email)
    else:
        found = await parts.rows.one(Address, str(UUID(row.receiver)))
        address = found[0] if found else Address(name="")
    if not address.email:
        return RecordDelivery(sent=False, detail="no_address", hopeless=True)
    try:
        mail = compose(
            row,
            sender=settings.mail_from,
            to=address.email,
            name=address.name,
            language=address.language,
            domain=settings.mail_from.partition("@")[2],
        )
    except Unaddressable:
        return RecordDelivery(sent=False, detail="address_malformed", hopeless=True)
    host, _, port = settings.smtp.rpartition(":")
    try:
        async with SMTP(hostname=host, port=int(port), timeout=SMTP_TIMEOUT_S) as server:
            await server.send_message(mail)
    except SMTPResponseException as refusal:
        return RecordDelivery(
            sent=False, detail=f"smtp_{refusal.code}", hopeless=refusal.code >= 500
        )
    except (SMTPException, OSError) as problem:
        return RecordDelivery(sent=False, detail=type(problem).__name__)
    return RecordDelivery(sent=True)
