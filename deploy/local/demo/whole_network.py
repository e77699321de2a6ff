"""One welfare network from its contract to its last period: autumn 2013."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from deploy.local.demo.cast import (
    CHIEF_OF_HEALTH,
    CO_DRIVER,
    LEADER_IN_HEALTH,
    MANAGER_IN_HEALTH,
    SECOND_SECRETARY,
    Person,
)
from deploy.local.demo.play import Play
from shared.contracts.vocabulary import Intensity, MandateParty, PhaseKey

LEADER = LEADER_IN_HEALTH
CREW = (CHIEF_OF_HEALTH, LEADER, CO_DRIVER)
PARTIES: dict[MandateParty, Person] = {
    MandateParty.NETWORK_LEADER: LEADER,
    MandateParty.REFERENCE_LEADER: CHIEF_OF_HEALTH,
    MandateParty.SECRETARIAT: SECOND_SECRETARY,
    MandateParty.LINE_MANAGER: MANAGER_IN_HEALTH,
}
BROUGHT: dict[MandateParty, str] = {
    MandateParty.NETWORK_LEADER: "Leder netværket og holder retningen.",
    MandateParty.REFERENCE_LEADER: "Kobler til basis og sikrer midler til test.",
    MandateParty.LINE_MANAGER: "Giver plads i hverdagen til netværkets arbejde.",
    MandateParty.SECRETARIAT: "Sparrer, hjælper med værktøjer og følger op.",
}


@dataclass(frozen=True)
class Period:
    """A phase of the course as it is planned, and the day it ends."""

    phase: PhaseKey
    label: str
    begins: date
    ends: date
    weeks: float
    intensity: Intensity

    @property
    def plan(self) -> dict[str, Any]:
        """The line in the phase plan."""
        return {
            "phase": self.phase,
            "label": self.label,
            "planned_start": self.begins.isoformat(),
            "estimated_weeks": self.weeks,
            "intensity": self.intensity,
        }


FIRST = Period(
    "intensive_1",
    "1. intensive periode",
    date(2013, 9, 16),
    date(2013, 10, 2),
    2.25,
    Intensity.HIGH,
)
SECOND = Period(
    "intensive_2",
    "2. intensive periode",
    date(2013, 10, 7),
    date(2013, 10, 22),
    2.25,
    Intensity.HIGH,
)
THIRD = Period(
    "intensive_3",
    "3. intensive periode",
    date(2013, 11, 11),
    date(2013, 11, 26),
    2.25,
    Intensity.HIGH,
)
FOURTH = Period(
    "intensive_4",
    "4. intensive periode",
    date(2013, 12, 2),
    date(2013, 12, 17),
    2.25,
    Intensity.MEDIUM,
)
TEST = Period("test", "Test", date(2014, 1, 13), date(2014, 2, 3), 3, Intensity.LOW)
INTO_BASE = Period(
    "implementation", "Implementering", date(2014, 2, 10), date(2014, 3, 7), 4, Intensity.LOW
)
COURSE = (FIRST, SECOND, THIRD, FOURTH, TEST, INTO_BASE)


async def draft_contract(play: Play, network: str) -> None:
    """The leader writes the mandate contract; three parties agree at once, one is late."""
    sections = {
        party: {
            "content": text,
            "role": party.dansk.capitalize(),
            "responsibility": "Siger til i tide, når noget ændrer sig.",
        }
        for party, text in BROUGHT.items()
    }
    await play.put(
        LEADER,
        "drafts the mandate contract (mandatkontrakt)",
        f"/networks/{network}/mandate-contract",
        {"sections": sections},
    )
    await play.told("N13.waits", None, CHIEF_OF_HEALTH, LEADER, MANAGER_IN_HEALTH)
    # A party's agreement takes back what was scheduled for it, so that has to be there first.
    await play.reminders_are("scheduled", "T14", f"network-{network}", *PARTIES)
    in_time = [party for party in PARTIES if party is not MandateParty.LINE_MANAGER]
    for party in in_time:
        await agree_contract(play, network, party)
    await play.reminders_are("cancelled", "T14", f"network-{network}", *in_time)


async def agree_contract(play: Play, network: str, party: MandateParty) -> None:
    """A party agrees, for its own part alone."""
    await play.post(
        PARTIES[party],
        f"agrees to the contract as {party.dansk}",
        f"/networks/{network}/mandate-contract/agreements",
        {"party": party, "version": 1},
    )


async def plan_course(play: Play, network: str) -> None:
    """The crew plans when each period is, so that others can make room for it (R97)."""
    await play.put(
        CO_DRIVER,
        "plans the course: four periods, test and implementation (faseplan)",
        f"/networks/{network}/phase-plan",
        {"phases": [period.plan for period in COURSE], "reason": "Breaks omkring ferierne."},
    )
    phases = (period.phase for period in COURSE)
    await play.reminders_are("scheduled", "T11", f"network-{network}", *phases)


async def reminders_fall_due(play: Play) -> None:
    """A week before the first period, and a week after the draft: the clock alone makes it so."""
    await play.move_to(date(2013, 9, 9))
    await play.told("N18.phase_soon", *CREW)
    play.say("Nobody does anything, but two reminders fall due:")
    play.add("T11 tells the crew that the first period begins in a week (N18)")
    await play.told("N13.still_waits", MANAGER_IN_HEALTH)
    play.add(f"T14 tells {MANAGER_IN_HEALTH.name} that the contract still waits (N13)")


async def first_period(play: Play, network: str) -> None:
    """The first period cannot end without the contract; then the late party agrees."""
    await start_period(play, network, FIRST)
    await play.move_to(FIRST.ends)
    await play.turned_away(
        LEADER,
        "complete the first period",
        "POST",
        f"/networks/{network}/phases/intensive_1/complete",
    )
    await agree_contract(play, network, MandateParty.LINE_MANAGER)
    await play.reminders_are("cancelled", "T14", f"network-{network}", MandateParty.LINE_MANAGER)
    await complete_period(play, network, FIRST)


async def run_period(play: Play, network: str, period: Period) -> None:
    """A period begins, draws on its people, and ends."""
    await start_period(play, network, period)
    await play.move_to(period.ends)
    await complete_period(play, network, period)


async def start_period(play: Play, network: str, period: Period) -> None:
    """A period begins as planned."""
    await play.move_to(period.begins)
    await play.post(
        LEADER, f"starts: {period.label}", f"/networks/{network}/phases/{period.phase}/start"
    )
    await play.told("N18.phase_started", *CREW, times=COURSE.index(period) + 1)


async def complete_period(play: Play, network: str, period: Period) -> None:
    """A period ends, with the weeks it took."""
    await play.post(
        LEADER,
        f"completes: {period.label}",
        f"/networks/{network}/phases/{period.phase}/complete",
        {"actual_weeks": period.weeks, "learning": "Det hjælper at mødes ude hos borgeren."},
    )
    await play.told("N18.phase_completed", *CREW, times=COURSE.index(period) + 1)


async def take_break(play: Play, network: str) -> None:
    """Rest between the periods; and a lost answer, asked for again, is the first one."""
    await play.move_to(date(2013, 10, 23))
    await play.post(
        CO_DRIVER,
        "gives the network a break",
        f"/networks/{network}/breaks",
        {"reason": "Alle skal hjem til basis.", "expected_end": "2013-11-10"},
    )
    await play.told("N18.break_started", *CREW)
    path = f"/networks/{network}/phases/{THIRD.phase}/start"
    await play.turned_away(LEADER, "start the third period meanwhile", "POST", path)
    await play.move_to(date(2013, 11, 10))
    key = str(uuid4())
    ended = [
        await play.api.send(CO_DRIVER, "POST", f"/networks/{network}/breaks/end", key=key)
        for _ in range(2)
    ]
    first, again = ended
    play.say(f"{CO_DRIVER.name} ends the break, loses the answer and asks again:")
    same = first.position == again.position and again.repeated
    play.add(f"the {'same' if same else 'WRONG'} answer, {again.position}: it happened once")
    await play.told("N18.break_ended", *CREW)
