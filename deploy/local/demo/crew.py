"""Who carries a network: its reference leader, its leader, and a co-driver."""

from uuid import UUID, uuid5

from deploy.local.demo.cast import CHIEF_OF_HEALTH, SECRETARIAT, Person
from deploy.local.demo.play import Play
from deploy.local.demo.theme_round import DECIDERS
from shared.contracts.vocabulary import Competence, OptInChoice

_ASSESSMENTS = UUID("a55e5500-0000-4000-8000-000000000000")


def assessment_of(person: Person) -> str:
    """The assessment of the ten competences that a choice rests on."""
    return str(uuid5(_ASSESSMENTS, person.name))


async def couple_to_base(play: Play, network: str, chief: Person) -> None:
    """A member of the chief forum opts in, and becomes the network's reference leader."""
    await play.put(
        chief,
        "opts in as reference leader (tilvalgt)",
        f"/networks/{network}/reference-leadership",
        {"choice": OptInChoice.OPT_IN, "stake": "Temaet ligger midt i mit ansvar."},
    )
    await play.put(
        SECRETARIAT,
        f"assigns {chief.name} as reference leader (referenceleder)",
        f"/networks/{network}/reference-leader",
        {"person_id": str(chief.id)},
    )


async def choose_leader(play: Play, network: str, person: Person) -> None:
    """The chief forum gives the network its leader."""
    await play.put(
        CHIEF_OF_HEALTH,
        f"chooses {person.name} as leader (netværksleder)",
        f"/networks/{network}/leader",
        {
            "person_id": str(person.id),
            "decided_by": DECIDERS,
            "assessment_id": assessment_of(person),
        },
    )
    await play.told("N11.leader", person)


async def choose_without_assessment(play: Play, network: str, person: Person, why: str) -> None:
    """By default a choice rests on an assessment; who sets that aside says why (R124)."""
    await play.put(
        CHIEF_OF_HEALTH,
        f"chooses {person.name} as leader without an assessment, and says why",
        f"/networks/{network}/leader",
        {
            "person_id": str(person.id),
            "decided_by": DECIDERS,
            "override": {"rules": ["R124"], "reason": why},
        },
    )
    play.add(f"{why} (the event's envelope keeps rule, role and reason)")
    await play.told("N11.leader", person)


async def find_unqualified(play: Play, network: str, person: Person) -> None:
    """Who has neither diploma nor a driven network does not lead a welfare network."""
    await play.turned_away(
        CHIEF_OF_HEALTH,
        f"choose {person.name} as leader",
        "PUT",
        f"/networks/{network}/leader",
        {
            "person_id": str(person.id),
            "decided_by": DECIDERS,
            "assessment_id": assessment_of(person),
        },
    )


async def choose_co_driver(play: Play, network: str, leader: Person, person: Person) -> None:
    """The leader chooses somebody who complements them."""
    await play.put(
        leader,
        f"chooses {person.name} as co-driver",
        f"/networks/{network}/co-driver",
        {
            "person_id": str(person.id),
            "theme_expertise": True,
            "complements": [Competence.CURIOUS_DIALOGUE, Competence.COURAGE_TO_EXPERIMENT],
            "rationale": "Kender hverdagen indefra og spørger, hvor jeg svarer.",
            "assessment_id": assessment_of(person),
        },
    )
    await play.told("N12.assigned", person, leader)
