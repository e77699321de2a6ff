"""Run notifications: `python -m services.notifications [api|worker]`."""

from services.notifications.service import SERVICE
from shared.runtime.process import main

main(SERVICE)
