"""What themes knows when it decides: rows of its own views."""

from collections.abc import Mapping
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.contracts.vocabulary import HalfYear, PersonId, ThemeDecision, ThemeState
from shared.kernel.facts import Row


class KnownProposal(BaseModel):
    """One time that a theme was proposed, and what became of it."""

    model_config = ConfigDict(frozen=True)

    standing: ThemeState = ThemeState.PROPOSED
    """Where it is in its life, without what the rounds say."""
    is_qualified: bool = False
    """Whether the chief forum found it suited."""
    decided_in: HalfYear | None = None
    """The round that the decision named; None where there is no decision, or it named none."""

    @property
    def decision(self) -> ThemeDecision | None:
        """What the chief forum chose; None while it is undecided, and where it was withdrawn."""
        return _DECISIONS[self.standing]


_DECISIONS = {
    ThemeState.PROPOSED: None,
    ThemeState.UNDER_QUALIFICATION: None,
    ThemeState.QUALIFIED: None,
    ThemeState.PRIORITISED: None,
    ThemeState.SELECTED: ThemeDecision.SELECTED,
    ThemeState.IN_NETWORK: ThemeDecision.SELECTED,
    ThemeState.CONCLUDED: ThemeDecision.SELECTED,
    ThemeState.DECLINED: ThemeDecision.DECLINED,
    ThemeState.WITHDRAWN: None,
}


class KnownTheme(Row):
    """A theme as a round needs it, keyed by its id."""

    theme_id: UUID
    proposals: tuple[KnownProposal, ...] = ()
    """Every time that it was proposed, in order; none until that has arrived here."""
    rounds: Mapping[HalfYear, int | None] = {}
    """Every round it is in -> which of its proposals is; None where nobody told."""

    @property
    def latest(self) -> KnownProposal | None:
        """What became of it as it was last proposed."""
        return self.proposals[-1] if self.proposals else None

    def proposal(self, number: int | None) -> KnownProposal | None:
        """What became of a proposal, of the last where no number is told; None if unknown yet."""
        if number is None:
            return self.latest
        return self.proposals[number - 1] if number <= len(self.proposals) else None

    def round_of(self, number: int | None, *, at_least: HalfYear | None = None) -> HalfYear | None:
        """The round that the decision on a proposal counts in; None where no round has it.

        The one it names, if that has the proposal; or else the latest that has. `at_least` is one
        that has it for certain.
        """
        number = number or len(self.proposals)
        told = {number, None} if number == len(self.proposals) else {number}
        having = {each for each, no in self.rounds.items() if no in told}
        having |= {at_least} if at_least else set()
        proposal = self.proposal(number)
        named = proposal.decided_in if proposal else None
        return named if named in having else max(having, default=None)


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
    themes: Mapping[HalfYear, Mapping[UUID, int | None]] = {}
    """Each one -> its themes, with which of their proposals; None where nobody told."""
    carried_over: Mapping[HalfYear, tuple[UUID, ...]] = {}
    """Each closed one -> the themes that it left undecided."""

    def open_after(self, half_year: HalfYear) -> HalfYear | None:
        """The first round after another that is open still."""
        open_ones = (each for each in self.opened if each not in self.carried_over)
        return next((each for each in open_ones if each > half_year), None)

    def left_before(self, half_year: HalfYear) -> Mapping[UUID, int | None]:
        """What the closed rounds before another left, in whichever order they were closed.

        Each theme with the proposal that was left. What a later one of them had and did not leave
        is over: decided, or withdrawn.
        """
        left: dict[UUID, int | None] = {}
        for each in sorted(one for one in self.carried_over if one < half_year):
            had = self.themes.get(each, {})
            left = {theme_id: no for theme_id, no in left.items() if theme_id not in had}
            left |= {theme_id: had.get(theme_id) for theme_id in self.carried_over[each]}
        return dict(sorted(left.items()))
