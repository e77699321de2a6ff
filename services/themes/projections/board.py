"""The theme board: what the chief forum can choose from, and why (V2)."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

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
from shared.kernel.facts import Row


class EarlierProposal(BaseModel):
    """How the theme was proposed before, and what came of it (R67)."""

    model_config = ConfigDict(frozen=True)

    proposal_no: int
    proposer_id: PersonId | None
    title: str | None
    proposed_on: date | None
    state: ThemeState | None
    """How it ended: declined, withdrawn or concluded."""
    ended_on: date | None
    decision: ThemeDecision | None
    decided_in: HalfYear | None
    reason: str | None
    outcome: ThemeOutcome | None


class ThemeBoard(Row):
    """A theme as it was last proposed, keyed by its id.

    Its rank comes from the rounds' streams, all else from its own; until its proposal has
    arrived, `state` and `title` are missing. Amounts are in oere.
    """

    theme_id: UUID
    state: ThemeState | None = None
    title: str | None = None
    proposer_id: PersonId | None = None
    proposers: tuple[PersonId, ...] = ()
    """Everybody who proposed it, now or before."""
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
    cross_cutting_evidence: bool = False
    """Whether two departments or two professions are named (R59)."""
    external_actors: bool = False
    """Whether anybody from outside the municipality is named (R63)."""
    strategic_agenda_ref: str | None = None
    inquiry_id: UUID | None = None
    case_reference: str | None = None
    kle: str | None = None
    refined_on: date | None = None
    """When the template was last sharpened, maybe by those who work on it in a network (R54)."""
    refinements: int = 0
    last_refinement: str | None = None
    """What was changed then, and why."""
    earlier: tuple[EarlierProposal, ...] = ()
    """The theme's former proposals, the first of them first."""

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
    """Its rank, 1 being first, in the latest round it is in since it was last proposed."""
    ranks: dict[HalfYear, int | None] = Field(default_factory=dict)
    """Every round it has been in -> its rank there."""
    proposal_nos: dict[HalfYear, int | None] = Field(default_factory=dict)
    """Every round it has been in -> which of its proposals was; missing where nobody told."""
    rounds: tuple[HalfYear, ...] = ()
    """Every round it has been in."""
    in_round: bool = False
    """Whether it is, or was, in a round since it was last proposed (R51)."""

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
    withdrawn_on: date | None = None
