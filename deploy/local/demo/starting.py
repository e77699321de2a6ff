"""September 2013: five networks get their crews and start."""

from deploy.local.demo.api import until
from deploy.local.demo.cast import (
    CHIEF_FORUM,
    CHIEF_OF_CHILDREN,
    CHIEF_OF_CULTURE,
    CHIEF_OF_HEALTH,
    CO_DRIVER,
    LEADER_IN_CULTURE,
    LEADER_IN_HEALTH,
    LEADER_IN_SCHOOLS,
    PROCESS_LEADER,
    PROJECT_LEADER,
    SECOND_CO_DRIVER,
    SECRETARIAT,
    Person,
)
from deploy.local.demo.crew import (
    choose_co_driver,
    choose_leader,
    choose_without_assessment,
    couple_to_base,
    find_unqualified,
)
from deploy.local.demo.play import Play
from deploy.local.demo.portfolio import (
    ELDERLY,
    FAMILIES,
    PROCESSES,
    PROJECTS,
    SCHOOL_START,
    SELECTED,
    Theme,
)
from deploy.local.demo.theme_round import Ids
from shared.contracts.vocabulary import ActorGroup, NetworkType, ThemeState

LEADERS: dict[Theme, Person] = {
    ELDERLY: LEADER_IN_HEALTH,
    SCHOOL_START: LEADER_IN_SCHOOLS,
    FAMILIES: LEADER_IN_CULTURE,
    PROJECTS: PROJECT_LEADER,
    PROCESSES: PROCESS_LEADER,
}
REFERENCE_LEADERS: dict[Theme, Person] = {
    ELDERLY: CHIEF_OF_HEALTH,
    SCHOOL_START: CHIEF_OF_CHILDREN,
    FAMILIES: CHIEF_OF_CULTURE,
}
CO_DRIVERS: dict[Theme, Person] = {ELDERLY: CO_DRIVER, SCHOOL_START: SECOND_CO_DRIVER}


async def find_crews(play: Play, networks: Ids) -> None:
    """Everybody who carries a network is chosen before it starts."""
    for theme, network in networks.items():
        play.say(f"The network “{theme.title}” ({theme.network_type.dansk})")
        if theme in REFERENCE_LEADERS:
            await couple_to_base(play, network, REFERENCE_LEADERS[theme])
        if theme is ELDERLY:
            await find_unqualified(play, network, PROJECT_LEADER)
        if theme is PROCESSES:
            why = "Har ledet processer i mange år."
            await choose_without_assessment(play, network, LEADERS[theme], why)
        else:
            await choose_leader(play, network, LEADERS[theme])
        if theme in CO_DRIVERS:
            await choose_co_driver(play, network, LEADERS[theme], CO_DRIVERS[theme])


async def start_networks(play: Play, networks: Ids) -> None:
    """Each leader starts the own network, and its theme is taken up."""
    for theme, network in networks.items():
        answer = await play.post(
            LEADERS[theme],
            f"starts the network “{theme.title}”",
            f"/networks/{network}/start",
            {"purpose": theme.difference, "actor_groups": [ActorGroup.EMPLOYEE, *theme.actors]},
        )
        # The next start is remarked on when it makes the half-year's mix unusual (R72).
        await play.hears("/networks", [answer.position])
    await play.told("N15.leader", *(LEADERS[theme] for theme in networks))
    learning = [theme for theme in networks if theme.network_type is NetworkType.LEARNING]
    await play.told("N15.started", *CHIEF_FORUM, times=len(learning))

    async def taken_up() -> bool:
        rows = await play.api.read_all(SECRETARIAT, "/themes", state=ThemeState.IN_NETWORK)
        return len(rows) == len(SELECTED)

    await until("the themes of the started networks to be taken up", taken_up)
