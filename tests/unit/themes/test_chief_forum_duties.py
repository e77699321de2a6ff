"""The chief forum has four duties, and may do what each of them takes (R200)."""

from types import SimpleNamespace
from typing import Any

import pytest

from services.networks.domain.network.crew import AssignNetworkLeader
from services.networks.domain.network.crew_reference import AssignReferenceLeader
from services.themes.domain.theme.deciding import DecideTheme
from services.themes.domain.theme.proposing import ProposeTheme
from services.themes.domain.theme.qualifying import QualifyTheme
from services.themes.domain.theme_round.ranking import PrioritiseThemes
from shared.kernel.commands import Command
from shared.testing import CHIEF

DUTIES: dict[str, tuple[type[Command[Any, Any]], ...]] = {
    "finde temaer": (ProposeTheme,),
    "kvalificere og prioritere dem": (QualifyTheme, PrioritiseThemes, DecideTheme),
    "være referenceledere": (AssignReferenceLeader,),
    "motivere og vælge netværksledere": (AssignNetworkLeader,),
}
"""In the order of the source."""


def test_there_are_four() -> None:
    assert len(DUTIES) == 4


@pytest.mark.parametrize("duty", DUTIES)
def test_a_chief_may_do_what_a_duty_takes(duty: str) -> None:
    for command in DUTIES[duty]:
        asked = SimpleNamespace(on_behalf_of=None)
        assert command.may.capacity(CHIEF, asked, {}) is not None, command.__name__
