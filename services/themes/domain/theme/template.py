"""The theme template: what it asks for, and how what is filled in is kept (R52)."""

from typing import Annotated, Any

from pydantic import Field

from services.themes.domain.theme.state import ThemeCommand
from shared.contracts.vocabulary import (
    ActorGroup,
    DemandOrigin,
    Name,
    NetworkType,
    OrgUnitId,
    Text,
    Title,
)


class DescribingCommand(ThemeCommand):
    """A command that fills in the template, or some of it; a solution is not asked for (R60)."""

    title: Title | None = None
    identified_need: Text | None = None
    burning_platform: Text | None = None
    network_potential: Text | None = None
    previous_attempts: Text | None = None
    hypotheses: Text | None = None
    demand_origins: frozenset[DemandOrigin] = frozenset()
    affected_departments: Annotated[frozenset[OrgUnitId], Field(max_length=100)] = frozenset()
    professions: Annotated[frozenset[Name], Field(max_length=100)] = frozenset()
    actor_groups: frozenset[ActorGroup] = frozenset()
    strategic_agenda_ref: Title | None = None
    wished_type: NetworkType | None = None
    case_reference: Title | None = None
    kle: Title | None = None

    def described(self) -> dict[str, Any]:
        """What is filled in, as a proposal keeps it: without repetition and in a steady order."""
        return {
            **{name: getattr(self, name) for name in TEMPLATE},
            "demand_origins": tuple(each for each in DemandOrigin if each in self.demand_origins),
            "affected_departments": tuple(sorted(self.affected_departments)),
            "professions": tuple(sorted(self.professions)),
            "actor_groups": tuple(each for each in ActorGroup if each in self.actor_groups),
        }


TEMPLATE = tuple(DescribingCommand.__annotations__)
"""The fields of the template, in the order they stand in it."""
