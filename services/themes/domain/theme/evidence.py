"""What the template itself shows of two of the criteria."""

from collections.abc import Collection
from uuid import UUID

from shared.contracts.themes import ThemeProposed
from shared.contracts.vocabulary import OWN_ACTOR_GROUPS, ActorGroup, Criterion
from shared.kernel.commands import Context


def cuts_across(departments: Collection[UUID], professions: Collection[str]) -> bool:
    """Tell whether a theme touches several departments or professions (R59)."""
    return max(len(departments), len(professions)) >= 2


def has_outsiders(actor_groups: Collection[ActorGroup]) -> bool:
    """Tell whether anybody from outside the municipality could take part (R63)."""
    return not OWN_ACTOR_GROUPS.issuperset(actor_groups)


def remark_on_evidence(said: Collection[Criterion], proposal: ThemeProposed, ctx: Context) -> None:
    """Remark on each criterion that is said to be met and of which the template shows nothing."""
    ctx.warn(
        "cross_cutting_without_evidence",
        "R59",
        when=Criterion.CROSS_CUTTING in said
        and not cuts_across(proposal.affected_departments, proposal.professions),
    )
    ctx.warn(
        "no_external_actor_group",
        "R63",
        when=Criterion.NEW_PERSPECTIVES in said and not has_outsiders(proposal.actor_groups),
    )
