"""What is awaited: the facts that set, move and cancel a reminder (the catalogue's T numbers)."""

from services.notifications.reactions.reminding.networks import OF_NETWORKS
from services.notifications.reactions.reminding.training import OF_TRAINING

REMINDING = (*OF_NETWORKS, *OF_TRAINING)
