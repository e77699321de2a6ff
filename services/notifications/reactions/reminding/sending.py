"""The two things that a fact can do to a reminder."""

from datetime import date
from typing import Any

from services.notifications.domain.reminder import CancelReminder, ScheduleReminder, reminder_key
from shared.kernel.events import Recorded
from shared.kernel.reactions import Send


def schedule(
    deadline: str, fact: Recorded[Any], item: str, awaited: date, subject: str = ""
) -> Send:
    """Await something of `subject`, by default the stream that the fact lies in; or move it."""
    about = subject or fact.stream
    command = ScheduleReminder(deadline=deadline, subject=about, item=str(item), awaited=awaited)
    return Send(reminder_key(deadline, about, item), command)


def cancel(deadline: str, fact: Recorded[Any], item: str, subject: str = "") -> Send:
    """Await it no longer."""
    key = reminder_key(deadline, subject or fact.stream, item)
    return Send(key, CancelReminder(because=fact.id))
