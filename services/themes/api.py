"""The commands of themes and where they are sent."""

from services.themes.domain.theme.deciding import DecideTheme
from services.themes.domain.theme.proposing import ProposeTheme, ProposeThemeAgain
from services.themes.domain.theme.qualifying import (
    AlignThemeNetworkType,
    AssessTheme,
    QualifyTheme,
)
from services.themes.domain.theme_round import AddThemeToRound, OpenThemeRound, PrioritiseThemes
from shared.kernel.services import post, put

COMMANDS = (
    post("/themes", ProposeTheme),
    post("/themes/{id}/proposals", ProposeThemeAgain),
    post("/themes/{id}/assessments", AssessTheme),
    post("/themes/{id}/network-type", AlignThemeNetworkType),
    post("/themes/{id}/qualification", QualifyTheme),
    post("/themes/{id}/decision", DecideTheme),
    post("/theme-rounds", OpenThemeRound, key="{half_year}"),
    put("/theme-rounds/{half_year}/themes/{theme_id}", AddThemeToRound),
    put("/theme-rounds/{half_year}/ranking", PrioritiseThemes),
)
