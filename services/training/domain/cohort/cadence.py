"""How long after one cohort of the diploma the next one begins (R169)."""

from datetime import date

from services.training.domain.cohort.known import LatestCohort
from shared.contracts.vocabulary import Programme
from shared.kernel.commands import Context
from shared.policy.periods import Period

MONTH = Period(months=1)


def next_due_on(ctx: Context, programme: Programme, first_day: date) -> date | None:
    """The day on which the next cohort is due; None for a programme without a rhythm."""
    if programme is not Programme.DIPLOMA:
        return None
    return ctx.policy.training.cohort_cadence.after(first_day)


def remark_on_cadence(ctx: Context, programme: Programme, first_day: date) -> None:
    """Remark on a first day well before or after its turn; the command asks for LatestCohort."""
    latest = ctx.facts.find(LatestCohort, programme)
    last = latest.first_day_besides(ctx.key) if latest else None
    due = next_due_on(ctx, programme, last) if last else None
    if due is not None:
        ctx.warn(
            "cohort_off_cadence",
            "R169",
            when=not MONTH.before(due) <= first_day <= MONTH.after(due),
            due=due.isoformat(),
        )
