"""How each fact of a theme and of the rounds changes the theme board (V2)."""

from collections.abc import Iterable
from typing import Any, assert_never
from uuid import UUID

from services.themes.domain.theme.evidence import cuts_across, has_outsiders
from services.themes.projections.board import EarlierProposal, ThemeBoard
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
    ThemeRefined,
    ThemeSelected,
    ThemeTakenUp,
    ThemeWithdrawn,
)
from shared.contracts.vocabulary import Criterion, HalfYear, ThemeDecision, ThemeState
from shared.kernel.events import Recorded
from shared.kernel.views import View
from shared.policy import half_year_of

PLACED = {"theme_id", "ranks", "rounds", "latest_round", "proposal_nos"}
"""What the rounds tell, which stays when the theme is proposed again."""

Heard = ThemeEvent | ThemeAddedToRound | ThemePrioritised


def _keys(fact: Recorded[Heard]) -> Iterable[str]:
    event = fact.event
    if isinstance(event, ThemeAddedToRound | ThemePrioritised):
        return (str(event.theme_id),)
    return (fact.key,)


def _fold(row: ThemeBoard | None, fact: Recorded[Heard], key: str) -> ThemeBoard:
    folded = _folded(row or ThemeBoard(theme_id=UUID(key)), fact.event)
    half_year = _round_of(folded)
    placed = folded.model_copy(
        update={
            "in_round": half_year is not None,
            "rank": folded.ranks[half_year] if half_year else None,
            "cross_cutting_evidence": cuts_across(folded.affected_departments, folded.professions),
            "external_actors": has_outsiders(folded.actor_groups),
        }
    )
    return placed.model_copy(update={"state": _state(placed)})


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
        case ThemeRefined():
            return _refined(row, event)
        case ThemeWithdrawn():
            return row.model_copy(update={"withdrawn_on": event.on, "reason": event.reason})
        case ThemeTakenUp():
            return row.model_copy(
                update={
                    "withdrawn_on": None,
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
            # Told again for a later proposal, whose rank is still to come.
            nos = sorted({**row.proposal_nos, event.half_year: event.proposal_no}.items())
            placed = row.model_copy(update={"proposal_nos": dict(nos)})
            return _ranked(placed, event.half_year, None)
        case ThemePrioritised():
            return _ranked(row, event.half_year, event.rank)
        case other:
            assert_never(other)


def _proposed(row: ThemeBoard, event: ThemeProposed) -> ThemeBoard:
    template = event.model_dump(include=set(ThemeBoard.model_fields))
    placed = row.model_dump(include=PLACED)
    earlier = (*row.earlier, _ended(row)) if row.proposed_on else row.earlier
    proposers = tuple(sorted({*row.proposers, event.proposer_id}))
    return ThemeBoard(
        proposed_on=event.on, earlier=earlier, proposers=proposers, **placed, **template
    )


def _ended(row: ThemeBoard) -> EarlierProposal:
    return EarlierProposal(
        proposal_no=row.proposal_no,
        proposer_id=row.proposer_id,
        title=row.title,
        proposed_on=row.proposed_on,
        state=_decided_state(row),
        ended_on=row.concluded_on or row.withdrawn_on or row.decided_on,
        decision=row.decision,
        decided_in=row.decided_in,
        reason=row.reason,
        outcome=row.outcome,
    )


def _refined(row: ThemeBoard, event: ThemeRefined) -> ThemeBoard:
    template = ThemeBoard.model_validate({**row.model_dump(), **event.changed})
    return template.model_copy(
        update={
            "refined_on": event.on,
            "refinements": row.refinements + 1,
            "last_refinement": event.change,
        }
    )


def _ranked(row: ThemeBoard, half_year: HalfYear, rank: int | None) -> ThemeBoard:
    ranks = dict(sorted({**row.ranks, half_year: rank}.items()))
    rounds = tuple(ranks)
    return row.model_copy(update={"ranks": ranks, "rounds": rounds, "latest_round": rounds[-1]})


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
    if decided := _decided_state(row):
        return decided
    if row.qualified_on:
        return ThemeState.QUALIFIED if row.rank is None else ThemeState.PRIORITISED
    if row.criteria or row.in_round:
        return ThemeState.UNDER_QUALIFICATION
    return ThemeState.PROPOSED


def _decided_state(row: ThemeBoard) -> ThemeState | None:
    if row.outcome:
        return ThemeState.CONCLUDED
    if row.taken_up_on:
        return ThemeState.IN_NETWORK
    if row.withdrawn_on:
        return ThemeState.WITHDRAWN
    return ThemeState(row.decision.value) if row.decision else None


def _round_of(row: ThemeBoard) -> HalfYear | None:
    """The latest round that the theme is in as it was last proposed."""
    return max((each for each in row.ranks if _is_in(row, each)), default=None)


def _is_in(row: ThemeBoard, half_year: HalfYear) -> bool:
    # A theme that is proposed again does not live on the rounds of its earlier proposal.
    if row.proposed_on is None:
        return False
    proposal_no = row.proposal_nos.get(half_year)
    if proposal_no is not None:
        return proposal_no == row.proposal_no
    return row.proposal_no == 1 or half_year >= half_year_of(row.proposed_on)


THEME_BOARD = View.of(
    ThemeBoard,
    Heard,
    keys=_keys,
    fold=_fold,
    indexes=("state", "latest_round", "rounds", "network_type", "proposers", "proposed_on"),
)
