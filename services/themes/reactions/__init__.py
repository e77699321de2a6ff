"""What follows in themes from what networks tell, and from its own facts."""

from services.themes.reactions.agenda import ON_THE_AGENDA
from services.themes.reactions.ideas import OF_IDEAS
from services.themes.reactions.themes import OF_THEMES

REACTIONS = (*OF_THEMES, *OF_IDEAS, *ON_THE_AGENDA)
