"""Notifications' table of contents."""

from pathlib import Path

from services.notifications.api import COMMANDS
from services.notifications.channels.email import send_mail
from services.notifications.channels.erased import stop_mails
from services.notifications.domain.delivery import DELIVERIES
from services.notifications.domain.erasure import ERASURES, RecordNotificationsErasure
from services.notifications.domain.reminder import REMINDERS, FireReminder
from services.notifications.projections import VIEWS, DeadlineBoard
from services.notifications.queries import router
from services.notifications.reactions import REACTIONS
from shared.kernel.reactions import Deadline, Send
from shared.kernel.services import Service
from shared.runtime.erasing import erasing

SERVICE = Service(
    name="notifications",
    room=Path(__file__).parent,
    aggregates=(DELIVERIES, REMINDERS, ERASURES),
    commands=COMMANDS,
    views=VIEWS,
    reactions=REACTIONS,
    deadlines=(
        Deadline(DeadlineBoard, "due_at", lambda row, _: Send(row.reminder, FireReminder())),
    ),
    queries=router,
    workers={"email": send_mail, "erasing": erasing(RecordNotificationsErasure, stop_mails)},
)
