"""What a cohort that is planned looks up: when the one before it began."""

from datetime import date

from pydantic import Field

from shared.contracts.vocabulary import Programme
from shared.kernel.facts import Row


class LatestCohort(Row):
    """When a programme's cohorts began, keyed by the programme (R169)."""

    programme: Programme
    first_days: dict[str, date] = Field(default_factory=dict)
    """Cohort id -> its first training day; those that began, and were not cancelled after that."""

    @property
    def first_day(self) -> date | None:
        """The first training day of the latest one; None before there is any."""
        return max(self.first_days.values(), default=None)
