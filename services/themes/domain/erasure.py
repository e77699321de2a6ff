"""What themes has erased of a person, told once for each erasure (D12)."""

from shared.contracts.erasure import ERASURE_IN_THEMES, PersonForgottenByThemes
from shared.kernel.commands import Aggregate
from shared.kernel.permissions import SYSTEM
from shared.people.erasure import RecordErasure, last_revision

ERASURES: Aggregate[int, PersonForgottenByThemes] = Aggregate(ERASURE_IN_THEMES, 0, last_revision)


class RecordThemesErasure(RecordErasure):
    """Record what was erased here."""

    aggregate = ERASURES
    may = SYSTEM
    fact = PersonForgottenByThemes
