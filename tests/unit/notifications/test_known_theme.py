"""Whoever is told of a theme is told what it says now."""

from uuid import uuid4

from services.notifications.domain.known import KnownTheme
from services.notifications.projections import KNOWN_THEMES
from shared.contracts.themes import ThemeProposed, ThemeRefined
from shared.testing import TODAY, folded, person, recorded

THEME, UNIT = uuid4(), uuid4()
PROPOSED = ThemeProposed(
    on=TODAY,
    title="Urban farming",
    proposer_id=person("ada"),
    proposal_no=1,
    template_version=1,
    identified_need="Fælles grønne rum",
    burning_platform="Arealerne ligger tomme hen",
    network_potential="Kræver flere afdelinger",
    demand_origins=(),
)
REFINED = ThemeRefined(
    on=TODAY,
    title="Byhaver",
    refined_by=person("ada"),
    by_role="proposer",
    change="Nyt navn",
    changed={"title": "Byhaver", "affected_departments": [str(UNIT)], "hypotheses": None},
)


def test_a_theme_is_known_by_what_it_was_refined_to() -> None:
    stream = f"theme-{THEME}"
    facts = [recorded(PROPOSED, stream, 1), recorded(REFINED, stream, 2)]
    known = KnownTheme(
        theme_id=THEME,
        title="Byhaver",
        proposer_id=person("ada"),
        affected_departments=(UNIT,),
    )
    assert folded(KNOWN_THEMES, facts) == {str(THEME): known}
