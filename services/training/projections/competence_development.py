"""Whether those who take part in learning networks find that they have improved (R187, R220)."""

from collections.abc import Iterable, Mapping
from typing import assert_never
from uuid import UUID

from shared.contracts.networks import NetworkImported, NetworkStarted
from shared.contracts.training import CompetenceSelfAssessed
from shared.contracts.vocabulary import AssessmentMoment, Competence, Level, NetworkType
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View

FEWEST_SHOWN = 3
"""Figures of fewer people than this would tell each of them what the others answered."""

Heard = CompetenceSelfAssessed | NetworkStarted | NetworkImported


class CompetenceFigures(Row):
    """How one competence developed in one learning network (V36), keyed by both.

    Who answered both before and after counts, with what they answered last; nobody is named.
    """

    network_id: UUID
    competence: Competence
    title: str | None = None
    network_type: NetworkType | None = None
    n: int = 0
    """How many answered both."""
    before: float | None = None
    """Their average level; this and what follows only when there are three of them or more."""
    after: float | None = None
    improved_share: float | None = None
    """How large a part of them is at a higher level after than before, from 0 to 1."""


class CompetenceDevelopment(CompetenceFigures):
    """The figures with the sums that they are made of, which stay with the row."""

    before_total: int = 0
    after_total: int = 0
    improved: int = 0


def _keys(fact: Recorded[Heard]) -> Iterable[str]:
    event = fact.event
    match event:
        case CompetenceSelfAssessed():
            network = str(event.network_id) if event.counterpart else None
        case NetworkStarted() | NetworkImported():
            network = fact.key if event.network_type is NetworkType.LEARNING else None
        case other:
            assert_never(other)
    return [f"{network}/{competence}" for competence in Competence] if network else ()


def _fold(
    row: CompetenceDevelopment | None, fact: Recorded[Heard], key: str
) -> CompetenceDevelopment:
    network, _, competence = key.partition("/")
    row = row or CompetenceDevelopment(network_id=UUID(network), competence=Competence(competence))
    event = fact.event
    match event:
        case NetworkStarted() | NetworkImported():
            told = {"title": event.title, "network_type": event.network_type}
            return row.model_copy(update=told)
        case CompetenceSelfAssessed():
            # Whoever corrects what they told is counted out first as they were counted in.
            if event.corrects:
                row = _counted(row, event, event.corrects, -1)
            return _averaged(_counted(row, event, event.levels, 1))
        case other:
            assert_never(other)


def _counted(
    row: CompetenceDevelopment,
    event: CompetenceSelfAssessed,
    told: Mapping[Competence, Level],
    times: int,
) -> CompetenceDevelopment:
    """Count a person in, or with -1 out again; sums do not mind who came first."""
    before, after = (event.counterpart or {}).get(row.competence), told.get(row.competence)
    if event.moment is AssessmentMoment.BEFORE:
        before, after = after, before
    if before is None or after is None:
        return row
    return row.model_copy(
        update={
            "n": row.n + times,
            "before_total": row.before_total + times * before,
            "after_total": row.after_total + times * after,
            "improved": row.improved + times * int(after > before),
        }
    )


def _averaged(row: CompetenceDevelopment) -> CompetenceDevelopment:
    def each(total: int) -> float | None:
        return round(total / row.n, 3) if row.n >= FEWEST_SHOWN else None

    return row.model_copy(
        update={
            "before": each(row.before_total),
            "after": each(row.after_total),
            "improved_share": each(row.improved),
        }
    )


COMPETENCE_DEVELOPMENT = View.of(
    CompetenceDevelopment,
    Heard,
    keys=_keys,
    fold=_fold,
    indexes=("network_id", "competence", "network_type"),
)
