"""Mails that wait for a person who was erased: they are not sent any more (D12)."""

from collections.abc import Mapping
from uuid import UUID

from services.notifications.domain.delivery import RecordDelivery
from services.notifications.projections import DeliveryLog
from shared.contracts.vocabulary import Channel
from shared.kernel.permissions import system
from shared.runtime.parts import Parts

_SOME = 500


async def stop_mails(parts: Parts, person_id: UUID, position: str) -> Mapping[str, int]:
    """Give up every mail that waits for the person; tells how many this erasure gave up.

    What is queued at this moment and not yet in the view is given up when it is due, since there
    is no address for it.
    """
    stopped = 0
    cursor: str | None = None
    while True:
        page = await parts.rows.page(
            DeliveryLog,
            {"receiver": str(person_id), "channel": Channel.EMAIL},
            None,
            cursor,
            _SOME,
        )
        for row in page.items:
            # Asked again, a mail that this erasure gave up is answered as it was the first time.
            if row.send_at is not None or row.detail == "erased":
                answer = await parts.dispatcher.send(
                    RecordDelivery(sent=False, detail="erased", hopeless=True),
                    row.delivery,
                    actor=system("erasure"),
                    command_id=f"erasure/{position}/{row.delivery}",
                )
                stopped += bool(answer.events)
        cursor = page.next
        if cursor is None:
            return {"mails": stopped}
