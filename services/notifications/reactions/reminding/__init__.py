"""What is awaited: the facts that set, move and cancel a reminder (the catalogue's T numbers)."""

from services.notifications.reactions.reminding.forum import OF_THE_FORUM
from services.notifications.reactions.reminding.networks import OF_NETWORKS
from services.notifications.reactions.reminding.rounds import OF_ROUNDS
from services.notifications.reactions.reminding.themes import OF_THEMES
from services.notifications.reactions.reminding.training import OF_TRAINING

REMINDING = (*OF_NETWORKS, *OF_TRAINING, *OF_THEMES, *OF_ROUNDS, *OF_THE_FORUM)
