"""What follows from a fact: somebody is told, something is awaited or no longer is."""

from services.notifications.reactions.reminding import REMINDING
from services.notifications.reactions.telling import TELLING

REACTIONS = (*TELLING, *REMINDING)
