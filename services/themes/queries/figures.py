"""The figures of the reports on themes, counted from rows (V3, V4, R65).

No fact alone knows a theme's department, its channel and its half-year together: they come from
the directory, from the idea and from the proposal. So these rows are counted when they are asked
for, from the few hundred there are.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from services.themes.projections.ideas import IdeaInbox
from services.themes.projections.local_discussions import LocalDiscussion
from services.themes.projections.proposals import Proposal, ThemeProposals
from shared.contracts.vocabulary import (
    DemandOrigin,
    HalfYear,
    IdeaChannel,
    InquiryKind,
    NetworkType,
    OrgUnitId,
    PersonId,
)
from shared.kernel.facts import Row
from shared.policy import half_year_of


class ThemeOriginStats(Row):
    """Where the ideas and themes of a half-year come from, and how far they came (V3).

    A theme counts in the half-year it was proposed in, and once more when it is proposed again.
    """

    half_year: HalfYear
    org_unit_id: OrgUnitId | None
    """The unit of whoever had the idea or proposed the theme, as the directory has it now."""
    channel: IdeaChannel
    """How the idea was sent in, or the template for themes described straight in it."""
    ideas: int
    proposals: int
    bottom_up: int
    outside_in: int
    top_down: int
    """From which sides the themes are asked for (R45), which may be several."""
    qualified: int
    selected: int


class ThemeFinders(Row):
    """What a member found in a department's theme discussion, and how far that came (R65)."""

    half_year: HalfYear
    org_unit_id: OrgUnitId
    member_id: PersonId
    """The member of the chief forum who held it."""
    themes: int
    qualified: int
    selected: int
    """How many of the themes were qualified and selected; what was chosen before is not counted."""


class DemandByType(Row):
    """How many themes of a half-year ask for a network type (V4, R88)."""

    half_year: HalfYear
    network_type: NetworkType | None
    """As selected, else as agreed on, else as the proposer wished; missing where nobody said."""
    proposals: int
    aligned: int
    """How many of them have a type that was agreed on."""
    selected: int


class _Origin(NamedTuple):
    half_year: str
    org_unit_id: UUID | None
    channel: IdeaChannel


_NOTHING = dict.fromkeys(("ideas", "proposals", *DemandOrigin, "qualified", "selected"), 0)


def theme_origins(
    themes: Iterable[ThemeProposals],
    inbox: Iterable[IdeaInbox],
    units: Mapping[PersonId, OrgUnitId | None],
) -> list[ThemeOriginStats]:
    """Count ideas and proposals by half-year, unit and channel, in that order."""
    ideas = [each for each in inbox if each.kind is InquiryKind.THEME_IDEA]
    channels = {each.inquiry_id: each.channel for each in ideas}
    became = {each.theme_id: each.channel for each in ideas if each.theme_id}
    counted: dict[_Origin, Counter[str]] = {}
    for idea in ideas:
        half_year = half_year_of(idea.received_on)
        origin = _Origin(half_year, units.get(idea.person_id), idea.channel)
        counted.setdefault(origin, Counter())["ideas"] += 1
    for theme in themes:
        for each in theme.proposals:
            told = channels.get(each.inquiry_id) if each.inquiry_id else None
            channel = told or became.get(theme.theme_id) or IdeaChannel.THEME_TEMPLATE
            origin = _Origin(each.half_year, units.get(each.proposer_id), channel)
            counted.setdefault(origin, Counter()).update(_counts(each))
    return [
        ThemeOriginStats.model_validate({**_NOTHING, **origin._asdict(), **counts})
        for origin, counts in sorted(counted.items(), key=lambda each: _in_order(each[0]))
    ]


def _counts(each: Proposal) -> Counter[str]:
    asked_for = {origin.value: 1 for origin in each.demand_origins}
    came = {"qualified": int(each.qualified), "selected": int(each.selected)}
    return Counter({"proposals": 1, **asked_for, **came})


def theme_finders(
    discussions: Iterable[LocalDiscussion], themes: Collection[ThemeProposals]
) -> list[ThemeFinders]:
    """Count what each member found in each round and department, in that order."""
    known = {each.theme_id: each for each in themes}
    counted: list[ThemeFinders] = []
    for held in sorted(discussions, key=lambda one: (one.half_year, str(one.org_unit_id))):
        if held.discussed_on is None:
            continue
        for member_id, found in sorted(held.found_by.items()):
            came = [known[each].since(held.discussed_on) for each in found if each in known]
            counted.append(
                ThemeFinders(
                    half_year=held.half_year,
                    org_unit_id=held.org_unit_id,
                    member_id=UUID(member_id),
                    themes=len(found),
                    qualified=sum(any(one.qualified for one in each) for each in came),
                    selected=sum(any(one.selected for one in each) for each in came),
                )
            )
    return counted


def demand_by_type(themes: Iterable[ThemeProposals]) -> list[DemandByType]:
    """Count proposals by half-year and type, in that order."""
    counted: dict[tuple[str, NetworkType | None], Counter[str]] = {}
    for each in (proposal for theme in themes for proposal in theme.proposals):
        counts = counted.setdefault((each.half_year, each.network_type), Counter())
        counts["proposals"] += 1
        counts["aligned"] += int(each.aligned_type is not None)
        counts["selected"] += int(each.selected)
    return [
        DemandByType(
            half_year=half_year,
            network_type=network_type,
            proposals=counts["proposals"],
            aligned=counts["aligned"],
            selected=counts["selected"],
        )
        for (half_year, network_type), counts in sorted(
            counted.items(), key=lambda each: _in_order(each[0])
        )
    ]


def _in_order(key: Iterable[object]) -> tuple[str, ...]:
    return tuple("" if each is None else str(each) for each in key)
