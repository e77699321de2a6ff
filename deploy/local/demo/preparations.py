"""1 August 2013: who there is, who can lead, which rules apply, and Campus, which runs already."""

from datetime import date

from deploy.local.demo.api import Answer
from deploy.local.demo.cast import (
    CAST,
    CHILDREN,
    CO_DRIVER,
    DIRECTOR,
    EXPERIENCED,
    LEADER_OF_CAMPUS,
    PROJECT_LEADER,
    SECOND_CO_DRIVER,
    SECRETARIAT,
    Person,
    directory_table,
    units_table,
)
from deploy.local.demo.play import Play
from deploy.operating import publish_policies
from shared.contracts.vocabulary import LeaderWish, NetworkType, PoolBasis, PriorExperience

STRUCTURE_STARTS = date(2013, 8, 1)


async def import_directory(play: Play) -> None:
    """The secretariat hands in the registry's table, and every service comes to know the people."""
    report = await play.api.upload(SECRETARIAT, "/org-units/imports", units_table())
    play.say(f"{SECRETARIAT.name} imports the organisation: {report['added']} units added")
    report = await play.api.upload(SECRETARIAT, "/people/imports", directory_table())
    play.say(f"{SECRETARIAT.name} imports the directory: {report['added']} of {len(CAST)} added")
    positions = [row["position"] for row in report["rows"]]
    for path in ("/themes", "/networks", "/deliveries"):
        await play.hears(path, positions)


async def publish_rules(play: Play) -> None:
    """The operator tells everyone which rule set applies."""
    play.say(f"The operator publishes {await publish_policies(None)} rule set (NS3)")


async def qualify_leaders(play: Play) -> None:
    """Those who led networks before the structure began are in the pool from its first day."""
    known: list[Answer] = []
    for person in EXPERIENCED:
        for what, on in (
            (PriorExperience.DIPLOMA, date(2012, 6, 22)),
            (PriorExperience.LEADER, date(2012, 12, 14)),
        ):
            answer = await play.post(
                SECRETARIAT,
                f"records for {person.name}: {what.dansk}",
                f"/leaders/{person.id}/prior-qualifications",
                {"on": on.isoformat(), "what": what, "evidence": "Set og godkendt."},
            )
        known.append(answer)
        await play.put(
            SECRETARIAT,
            f"admits {person.name} to the pool (puljen af netværksledere)",
            f"/leader-pool/{person.id}",
            {"in_pool": True, "basis": PoolBasis.EXPERIENCED, "generation": 1},
        )
    await play.hears("/networks", [answer.position for answer in known])


async def register_interests(play: Play) -> None:
    """Some would like to lead or co-drive, and say so themselves."""
    wishes: tuple[tuple[Person, LeaderWish], ...] = (
        (CO_DRIVER, LeaderWish.CO_DRIVE),
        (SECOND_CO_DRIVER, LeaderWish.EITHER),
        (PROJECT_LEADER, LeaderWish.LEAD),
    )
    for person, wish in wishes:
        await play.post(
            person,
            f"registers an interest ({wish.dansk})",
            f"/leaders/{person.id}/interests",
            {"wish": wish},
        )


async def import_campus(play: Play) -> None:
    """The innovation network Campus was begun under the former organisation, and goes on."""
    await play.post(
        SECRETARIAT,
        "imports Campus as a running innovationsnetværk (R104)",
        "/networks/import",
        {
            "title": "Campus",
            "purpose": "Et fælles uddannelsesmiljø på tværs af skoler og virksomheder.",
            "network_type": NetworkType.INNOVATION,
            "started_on": "2013-02-01",
            "leader_id": str(LEADER_OF_CAMPUS.id),
            "reference_leader_id": str(DIRECTOR.id),
            "base_anchor": str(CHILDREN),
            "phases_completed": ["intensive_1", "intensive_2"],
        },
    )
