"""The four services, for whoever has to look at all of them."""

from services.networks.service import SERVICE as NETWORKS
from services.notifications.service import SERVICE as NOTIFICATIONS
from services.themes.service import SERVICE as THEMES
from services.training.service import SERVICE as TRAINING

SERVICES = (THEMES, NETWORKS, TRAINING, NOTIFICATIONS)
