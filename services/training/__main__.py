"""Run training: `python -m services.training [api|worker]`."""

from services.training.service import SERVICE
from shared.runtime.process import main

main(SERVICE)
