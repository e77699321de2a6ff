"""Run networks: `python -m services.networks [api|worker]`."""

from services.networks.service import SERVICE
from shared.runtime.process import main

main(SERVICE)
