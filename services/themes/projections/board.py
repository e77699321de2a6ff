"""The theme board: what the chief forum can choose from, and why (V2)."""

from collections.abc import Iterable
from datetime import date
from typing import Any, assert_never
from uuid import UUID

from pydantic import Field

from shared.contracts.themes import (
    ThemeAddedToRound,
    ThemeConcluded,
    ThemeCriterionAssessed,
    ThemeDeclined,
    ThemeEvent,
    ThemeNetworkTypeAligned,
    ThemePrioritised,
    ThemeProposed,
    ThemeQualified,
    ThemeSelected,
    ThemeTakenUp,
)
from shared.contracts.vocabulary import (
    ActorGroup,
    Criterion,
    DemandOrigin,
    HalfYear,
    NetworkType,
    OrgUnitId,
    PersonId,
    ThemeDecision,
    ThemeOutcome,
    ThemeState,
    Verdict,
)
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View
from shared.policy import half_year_of

Heard = ThemeEvent | ThemeAddedToRound | ThemePrioritised


class ThemeBoard(Row):
    """A theme as it was last proposed, keyed by its id.

    Its rank comes from the rounds' streams, all else from its own; until its proposal has
    arrived, `state` and `title` are missing. Amounts are in oere.
    """

    theme_id: UUID
    state: ThemeState | None = None
    title: str | None = None
    proposer_id: PersonId | None = None
    proposed_on: date | None = None
    proposal_no: int = 0
    identified_need: str | None = None
    burning_platform: str | None = None
    network_potential: str | None = None
    previous_attempts: str | None = None
    hypotheses: str | None = None
    demand_origins: tuple[DemandOrigin, ...] = ()
    affected_departments: tuple[OrgUnitId, ...] = ()
    professions: tuple[str, ...] = ()
    actor_groups: tuple[ActorGroup, ...] = ()
    strategic_agenda_ref: str | None = None
    inquiry_id: UUID | None = None
    case_reference: str | None = None
    kle: str | None = None

    criteria: dict[Criterion, Verdict] = Field(default_factory=dict)
    rationales: dict[Criterion, str] = Field(default_factory=dict)
    demand_top: bool | None = None
    demand_bottom: bool | None = None
    economic_potential: str | None = None
    economic_amount_ore: int | None = None
    qualified_on: date | None = None

    latest_round: HalfYear | None = None
    """The latest round the theme is in; missing when it is in none."""
    rank: int | None = None
    """Its rank in the latest round, 1 being first."""
    ranks: dict[HalfYear, int | None] = Field(default_factory=dict)
    """Every round it has been in -> its rank there."""

    wished_type: NetworkType | None = None
    network_type: NetworkType | None = None
    intended_difference: str | None = None
    decision: ThemeDecision | None = None
    decided_on: date | None = None
    decided_in: HalfYear | None = None
    reason: str | None = None
    planned_start: date | None = None
    network_id: UUID | None = None
    taken_up_on: date | None = None
    outcome: ThemeOutcome | None = None
    concluded_on: date | None = None


def _keys(fact: Recorded[Heard]) -> Iterable[str]:
    event = fact.event
    if isinstance(event, ThemeAddedToRound | ThemePrioritised):
        return (str(event.theme_id),)
    return (fact.key,)


def _fold(row: ThemeBoard | None, fact: Recorded[Heard], key: str) -> ThemeBoard:
    folded = _folded(row or ThemeBoard(theme_id=UUID(key)), fact.event)
    return folded.model_copy(update={"state": _state(folded)})


def _folded(row: ThemeBoard, event: Heard) -> ThemeBoard:
    match event:
        case ThemeProposed():
            return _proposed(row, event)
        case ThemeCriterionAssessed():
            return row.model_copy(update=_assessed(row, event))
        case ThemeQualified():
            agenda = event.strategic_agenda_ref
            return row.model_copy(update={"qualified_on": event.on, "strategic_agenda_ref": agenda})
        case ThemeNetworkTypeAligned():
            return row.model_copy(
                update={
                    "network_type": event.network_type,
                    "intended_difference": event.intended_difference,
                }
            )
        case ThemeSelected():
            chosen = {"network_type": event.network_type, "planned_start": event.planned_start}
            return _decided(row, event, ThemeDecision.SELECTED).model_copy(update=chosen)
        case ThemeDeclined():
            return _decided(row, event, ThemeDecision.DECLINED)
        case ThemeTakenUp():
            return row.model_copy(
                update={
                    "network_id": event.network_id,
                    "taken_up_on": event.on,
                    "outcome": None,
                    "concluded_on": None,
                }
            )
        case ThemeConcluded():
            return row.model_copy(
                update={
                    "network_id": event.network_id,
                    "outcome": event.outcome,
                    "concluded_on": event.on,
                }
            )
        case ThemeAddedToRound():
            return _ranked(row, event.half_year, row.ranks.get(event.half_year))
        case ThemePrioritised():
            return _ranked(row, event.half_year, event.rank)
        case other:
            assert_never(other)


def _proposed(row: ThemeBoard, event: ThemeProposed) -> ThemeBoard:
    template = event.model_dump(include=set(ThemeBoard.model_fields))
    placed = row.model_dump(include={"theme_id", "ranks", "latest_round", "rank"})
    return ThemeBoard(proposed_on=event.on, **placed, **template)


def _ranked(row: ThemeBoard, half_year: HalfYear, rank: int | None) -> ThemeBoard:
    ranks = dict(sorted({**row.ranks, half_year: rank}.items()))
    latest, newest_rank = list(ranks.items())[-1]
    return row.model_copy(update={"ranks": ranks, "latest_round": latest, "rank": newest_rank})


def _assessed(row: ThemeBoard, event: ThemeCriterionAssessed) -> dict[str, Any]:
    changes: dict[str, Any] = {
        "criteria": {**row.criteria, event.criterion: event.verdict},
        "rationales": {**row.rationales, event.criterion: event.rationale},
    }
    if event.criterion == Criterion.CURRENT_AND_WANTED:
        changes |= {"demand_top": event.demand_top, "demand_bottom": event.demand_bottom}
    if event.criterion == Criterion.INNOVATION:
        changes |= {
            "economic_potential": event.economic_potential,
            "economic_amount_ore": event.economic_amount_ore,
        }
    return changes


def _decided(
    row: ThemeBoard, event: ThemeSelected | ThemeDeclined, decision: ThemeDecision
) -> ThemeBoard:
    return row.model_copy(
        update={
            "decision": decision,
            "decided_on": event.on,
            "decided_in": event.half_year,
            "reason": event.reason,
        }
    )


def _state(row: ThemeBoard) -> ThemeState | None:
    """Read the state from what is in the row, so that it depends on no order of streams."""
    if row.proposed_on is None:
        return None
    if row.outcome:
        return ThemeState.CONCLUDED
    if row.taken_up_on:
        return ThemeState.IN_NETWORK
    if row.decision:
        return ThemeState(row.decision.value)
    # A theme that is proposed again does not live on the rounds of its earlier proposal.
    since = half_year_of(row.proposed_on) if row.proposal_no > 1 else ""
    in_round = row.latest_round is not None and row.latest_round >= since
    if row.qualified_on:
        ranked = in_round and row.rank is not None
        return ThemeState.PRIORITISED if ranked else ThemeState.QUALIFIED
    if row.criteria or in_round:
        return ThemeState.UNDER_QUALIFICATION
    return ThemeState.PROPOSED


THEME_BOARD = View.of(
    ThemeBoard,
    Heard,
    keys=_keys,
    fold=_fold,
    indexes=("state", "latest_round", "network_type", "proposer_id", "proposed_on"),
)
