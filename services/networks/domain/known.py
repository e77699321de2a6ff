"""What networks knows when it decides: rows of its own views."""

from datetime import date
from uuid import UUID

from pydantic import Field

from shared.contracts.vocabulary import HalfYear, NetworkType, PersonId, Touchpoint
from shared.kernel.facts import Row


class KnownTheme(Row):
    """A theme that was selected once, keyed by its id."""

    theme_id: UUID
    title: str
    is_selected: bool
    planned_id: UUID | None = None
    """The network that the last selection planned; none where it was for one that ran already."""
    given_up: dict[str, UUID] = Field(default_factory=dict)
    """Each withdrawal's fact id -> the network that was planned then."""


class Starts(Row):
    """How many networks of each type started in each half-year; the one row has the key `all`."""

    started: dict[str, int] = Field(default_factory=dict)
    """`2013-H2/welfare` -> 3."""

    def in_half_year(self, half_year: HalfYear, network_type: NetworkType | None = None) -> int:
        """How many have started, of one type or of all."""
        types = (network_type,) if network_type else tuple(NetworkType)
        return sum(self.started.get(f"{half_year}/{each}", 0) for each in types)


class Touchpoints(Row):
    """What the chief forum has treated of a network, keyed by the network's id (R86)."""

    treated: tuple[Touchpoint, ...] = ()
    """In the order of a network's life."""


class Leader(Row):
    """How far a person is on the way to network leader, keyed by the person's id (R111)."""

    person_id: PersonId
    has_diploma: bool = False
    has_driven: bool = False
    """Whether the person has led or co-driven a network to its end."""
    is_qualified: bool = False
    in_pool: bool = False
    available: bool = True
    """What the person told last; who never told anything can be asked (R125)."""
    available_from: date | None = None
    available_until: date | None = None
    """The first and the last day it holds for; before and after them the opposite does."""

    @property
    def is_on_the_way(self) -> bool:
        """Whether one of the two, diploma and a driven network, is there (R168)."""
        return self.has_diploma or self.has_driven

    def is_available_on(self, day: date) -> bool:
        """Tell whether the person can be asked for a network that day (R125)."""
        holds = (self.available_from or day) <= day <= (self.available_until or day)
        return self.available if holds else not self.available


class LeaderCrews(Row):
    """The networks that a person leads, keyed by the person's id (R149)."""

    leader_id: PersonId
    reference_leaders: dict[str, PersonId | None] = Field(default_factory=dict)
    """Network id -> its reference leader, None where there is none."""

    def has_another(self, reference_leader_id: PersonId | None, *, than_in: str) -> bool:
        """Tell whether a network other than this one has another reference leader."""
        others = {
            each for network, each in self.reference_leaders.items() if each and network != than_in
        }
        return reference_leader_id is not None and bool(others - {reference_leader_id})
