"""What themes shows, and what it looks up when it decides."""

from services.themes.projections.board import THEME_BOARD
from services.themes.projections.known import KNOWN_THEMES
from services.themes.projections.rounds import ROUND_OVERVIEW
from shared.people import PEOPLE

VIEWS = (THEME_BOARD, ROUND_OVERVIEW, KNOWN_THEMES, PEOPLE)
