"""What themes has erased of a person, told once for each erasure (D12)."""

from collections.abc import Sequence

from shared.contracts.erasure import ERASURE_IN_THEMES, PersonForgottenByThemes
from shared.kernel.commands import Aggregate, Context
from shared.kernel.permissions import SYSTEM
from shared.people.erasure import RecordErasure, last_revision

ERASURES: Aggregate[int, PersonForgottenByThemes] = Aggregate(ERASURE_IN_THEMES, 0, last_revision)


class RecordThemesErasure(RecordErasure):
    """Record what was erased here."""

    aggregate = ERASURES
    may = SYSTEM

    def decide(self, state: int, ctx: Context) -> Sequence[PersonForgottenByThemes]:
        """Tell it once; what comes late of an earlier erasure is told already."""
        if state >= self.revision:
            return []
        return [PersonForgottenByThemes(**self.told(ctx))]
