"""E-mail: takes what is queued, hands it to the municipality's mail server, records what it said.

A mail is sent at least once: when the process dies between the server's answer and the record of
it, the mail goes again under the same Message-ID.
"""

import asyncio
from collections.abc import Mapping
from uuid import UUID

import structlog
from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from services.notifications.channels.mail import Unaddressable, compose
from services.notifications.domain.delivery import RecordDelivery
from services.notifications.projections import SECRETARIAT, Address, DeliveryLog
from shared.contracts.vocabulary import Channel
from shared.kernel.permissions import system
from shared.kernel.refusals import NotYet
from shared.observability.metrics import DELIVERIES
from shared.runtime.parts import Parts

PAUSE_S = 0.2
BATCH = 20
SMTP_TIMEOUT_S = 5.0
_REMEMBERED = 10_000

log = structlog.get_logger()


async def send_mail(parts: Parts) -> None:
    """Send what is due, for ever; one process of the service does so at a time."""
    tried: dict[str, int] = {}
    while True:
        try:
            due = await _due(parts, tried)
            await asyncio.gather(*(_send_and_record(parts, row, tried) for row in due))
        except NotYet:  # the store is away for now; the rows are still there
            due = []
        if not due:
            await asyncio.sleep(PAUSE_S)


async def _due(parts: Parts, tried: Mapping[str, int]) -> list[DeliveryLog]:
    """Mails that are due, but for those whose row does not show yet what was just done."""
    rows: list[DeliveryLog] = []
    for key, _ in await parts.rows.due(DeliveryLog, "send_at", parts.clock.now()):
        found = await parts.rows.one(DeliveryLog, key)
        if found and found[0].send_at and tried.get(key, 0) <= found[0].attempts:
            rows.append(found[0])
        if len(rows) == BATCH:
            break
    return rows


async def _send_and_record(parts: Parts, row: DeliveryLog, tried: dict[str, int]) -> None:
    attempt = row.attempts + 1
    try:
        outcome = await _send(parts, row)
    except NotYet:
        raise
    except Exception:  # one mail that cannot be written stops no other
        log.exception("mail_not_written", delivery=row.delivery)
        outcome = RecordDelivery(sent=False, detail="not_written", hopeless=True)
    # Remembered before it is recorded: a mail that went is not sent again for a late record.
    tried[row.delivery] = attempt
    while len(tried) > _REMEMBERED:
        tried.pop(next(iter(tried)))
    DELIVERIES.labels(Channel.EMAIL, "sent" if outcome.sent else "failed").inc()
    if not outcome.sent:
        log.warning("mail_failed", delivery=row.delivery, detail=outcome.detail)
    await _record(parts, row, outcome, attempt)


async def _record(parts: Parts, row: DeliveryLog, outcome: RecordDelivery, attempt: int) -> None:
    """Record what became of it, however long the store is away."""
    pause_s = PAUSE_S
    while True:
        try:
            await parts.dispatcher.send(
                outcome,
                row.delivery,
                actor=system("email"),
                command_id=f"{row.delivery}/{attempt}",
            )
        except NotYet:
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, 5.0)
        else:
            return


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
