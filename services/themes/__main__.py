"""Run themes: `python -m services.themes [api|worker]`."""

from services.themes.service import SERVICE
from shared.runtime.process import main

main(SERVICE)
