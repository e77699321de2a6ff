"""What themes knows when it decides: rows of its own views."""

from collections.abc import Mapping
from uuid import UUID

from shared.contracts.vocabulary import HalfYear, PersonId, ThemeState
from shared.kernel.facts import Row


class KnownTheme(Row):
    """A theme as a round needs it, keyed by its id."""

    theme_id: UUID
    is_qualified: bool
    """Whether the chief forum found it suited, since it was last proposed."""
    standing: ThemeState = ThemeState.PROPOSED
    """Where it is in its life, without what the rounds say."""
    decided_in: HalfYear | None = None
    """The round that the decision named; None where there is no decision, or it named none."""


class NetworkCrew(Row):
    """Who works on a theme in its network, keyed by the network's id (R54)."""

    leader_id: PersonId | None = None
    co_driver_id: PersonId | None = None
    reference_leader_id: PersonId | None = None

    @property
    def members(self) -> tuple[PersonId, ...]:
        """Those of the three that there are."""
        crew = (self.leader_id, self.co_driver_id, self.reference_leader_id)
        return tuple(each for each in crew if each is not None)

    def part_of(self, person_id: PersonId | None) -> str | None:
        """Which of the three somebody is; None for anybody else."""
        parts = {
            self.leader_id: "leader",
            self.co_driver_id: "co_driver",
            self.reference_leader_id: "reference_leader",
        }
        return parts.get(person_id) if person_id else None


class KnownRounds(Row):
    """The rounds there have been; the one row has the key `all` (R51)."""

    opened: tuple[HalfYear, ...] = ()
    """All of them, in order."""
    carried_over: Mapping[HalfYear, tuple[UUID, ...]] = {}
    """Each closed one -> the themes that it left undecided."""
    decided: Mapping[HalfYear, tuple[UUID, ...]] = {}
    """Each closed one -> the themes that it saw decided."""

    def open_after(self, half_year: HalfYear) -> HalfYear | None:
        """The first round after another that is open still."""
        open_ones = (each for each in self.opened if each not in self.carried_over)
        return next((each for each in open_ones if each > half_year), None)

    def left_before(self, half_year: HalfYear) -> tuple[UUID, ...]:
        """What the closed rounds before another left, in whichever order they were closed."""
        left: set[UUID] = set()
        for each in (one for one in self.carried_over if one < half_year):
            left.difference_update(self.decided.get(each, ()))
            left.update(self.carried_over[each])
        return tuple(sorted(left))
