"""A theme from its proposal to its end."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from shared.contracts.vocabulary import (
    ActorGroup,
    Criterion,
    DemandOrigin,
    HalfYear,
    NetworkType,
    OrgUnitId,
    PersonId,
    ThemeOutcome,
    Verdict,
)
from shared.kernel.events import Event, Upcaster


def _origin_to_origins(fields: dict[str, Any]) -> dict[str, Any]:
    """Turn the one word of version 1 into the set of version 2."""
    rest = {name: value for name, value in fields.items() if name != "demand_origin"}
    origin = fields.get("demand_origin")
    return {**rest, "demand_origins": [origin] if origin else []}


class ThemeProposed(Event):
    """Somebody described a theme in the template (R40, R52), for the first time or again.

    `proposal_no` counts from 1; a declined or concluded theme is proposed again under its id.
    `hypotheses` are never a solution (R60). Version 1 had a single `demand_origin`.
    """

    version: ClassVar[int] = 2
    upcasters: ClassVar[Mapping[int, Upcaster]] = {1: _origin_to_origins}

    proposer_id: PersonId
    proposal_no: int
    template_version: int
    title: str
    identified_need: str
    burning_platform: str
    network_potential: str
    previous_attempts: str | None = None
    hypotheses: str | None = None
    demand_origins: tuple[DemandOrigin, ...]
    affected_departments: tuple[OrgUnitId, ...] = ()
    professions: tuple[str, ...] = ()
    actor_groups: tuple[ActorGroup, ...] = ()
    strategic_agenda_ref: str | None = None
    wished_type: NetworkType | None = None
    inquiry_id: UUID | None = None
    case_reference: str | None = None
    kle: str | None = None


class ThemeCriterionAssessed(Event):
    """How far a theme meets one of the seven criteria (R57-R63), replacing what was said before.

    Demand at the top and the bottom goes with `current_and_wanted` (R58), the economic potential
    with `innovation` (R62); amounts are in oere.
    """

    criterion: Criterion
    verdict: Verdict
    rationale: str
    demand_top: bool | None = None
    demand_bottom: bool | None = None
    economic_potential: str | None = None
    economic_amount_ore: int | None = None


class ThemeQualified(Event):
    """The chief forum found a theme suited for a network (R48, R53); told again when it changes."""

    title: str
    proposer_id: PersonId
    criteria: Mapping[Criterion, Verdict]
    strategic_agenda_ref: str | None = None
    decided_by: tuple[PersonId, ...]


class ThemeNetworkTypeAligned(Event):
    """The network type, and the difference that is wanted, were agreed on (R56)."""

    network_type: NetworkType
    intended_difference: str
    aligned_by: tuple[PersonId, ...]


class ThemeSelected(Event):
    """The chief forum chose a theme for a network (R67); all that networks needs to plan it.

    `type_aligned` is false when that was set aside: the type is then the one wished for, and the
    intended difference is missing. `for_network_id` names a network that runs already (R104).
    """

    title: str
    proposer_id: PersonId
    identified_need: str
    network_type: NetworkType
    type_aligned: bool
    intended_difference: str | None = None
    affected_departments: tuple[OrgUnitId, ...] = ()
    actor_groups: tuple[ActorGroup, ...] = ()
    strategic_agenda_ref: str | None = None
    half_year: HalfYear | None = None
    planned_start: date | None = None
    for_network_id: UUID | None = None
    network_id: UUID | None = None
    """The network that is planned for it; None where one runs already, and in older facts."""
    reason: str | None = None
    decided_by: tuple[PersonId, ...]


class ThemeDeclined(Event):
    """The chief forum chose against a theme, and says why (R67)."""

    title: str
    proposer_id: PersonId
    reason: str
    half_year: HalfYear | None = None
    decided_by: tuple[PersonId, ...]


class ThemeRefined(Event):
    """What the template says was sharpened, also while a network works on the theme (R54).

    The state stays as it is. `changed` holds the fields of the template that are other now, as
    ThemeProposed has them; one that was taken away is None.
    """

    title: str
    refined_by: PersonId
    by_role: str
    """As whom: proposer, secretariat, or their role in its network."""
    change: str
    """What was changed and why, in words."""
    changed: Mapping[str, Any]


class ThemeWithdrawn(Event):
    """A theme was taken back before a network worked on it (R67); it may be proposed again."""

    title: str
    proposer_id: PersonId
    reason: str
    was_selected: bool


class ThemeTakenUp(Event):
    """A network has begun to work on the theme (R68)."""

    network_id: UUID
    title: str
    proposer_id: PersonId


class ThemeConcluded(Event):
    """The theme's network closed or was cancelled (R68); it may be proposed again."""

    network_id: UUID
    outcome: ThemeOutcome
    title: str
    proposer_id: PersonId


ThemeEvent = (
    ThemeProposed
    | ThemeCriterionAssessed
    | ThemeQualified
    | ThemeNetworkTypeAligned
    | ThemeSelected
    | ThemeDeclined
    | ThemeRefined
    | ThemeWithdrawn
    | ThemeTakenUp
    | ThemeConcluded
)
