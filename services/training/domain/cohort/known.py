"""What a cohort looks up when its first day is set: when the one before it began."""

from datetime import date

from pydantic import Field

from shared.contracts.vocabulary import Programme
from shared.kernel.facts import Row


class LatestCohort(Row):
    """When a programme's cohorts began, keyed by the programme (R169)."""

    programme: Programme
    first_days: dict[str, date] = Field(default_factory=dict)
    """Cohort id -> its first training day; those that began, and were not cancelled after that."""

    def first_day_besides(self, cohort_id: str) -> date | None:
        """The first training day of the latest one but for this; None where there is no other."""
        others = (day for each, day in self.first_days.items() if each != cohort_id)
        return max(others, default=None)
