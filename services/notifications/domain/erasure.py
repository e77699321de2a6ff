"""What notifications has erased of a person, told once for each erasure (D12)."""

from shared.contracts.erasure import ERASURE_IN_NOTIFICATIONS, PersonForgottenByNotifications
from shared.kernel.commands import Aggregate
from shared.kernel.permissions import SYSTEM
from shared.people.erasure import RecordErasure, last_revision

ERASURES: Aggregate[int, PersonForgottenByNotifications] = Aggregate(
    ERASURE_IN_NOTIFICATIONS, 0, last_revision
)


class RecordNotificationsErasure(RecordErasure):
    """Record what was erased here."""

    aggregate = ERASURES
    may = SYSTEM
    fact = PersonForgottenByNotifications
