"""A cohort of the diploma, from enrolment to diploma, beside the networks: autumn 2013."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from deploy.local.demo.api import until
from deploy.local.demo.cast import (
    CO_DRIVER,
    GARDENER,
    PARTICIPANTS,
    SECOND_CO_DRIVER,
    SECRETARIAT,
    Person,
)
from deploy.local.demo.closing import reach_stage
from deploy.local.demo.play import Play
from shared.contracts.vocabulary import (
    CohortState,
    ExamPart,
    ExamResult,
    PathStage,
    PriorExperience,
    Programme,
)
from shared.policy.periods import COPENHAGEN

ENROL_BY = date(2013, 10, 4)
DAYS = (
    date(2013, 10, 23),
    date(2013, 11, 28),
    date(2013, 12, 18),
    date(2013, 12, 19),
    date(2014, 1, 3),
)
WRITTEN, ORAL, COMPLETED, ORAL_AGAIN = (
    date(2014, 2, 4),
    date(2014, 2, 5),
    date(2014, 2, 6),
    date(2014, 3, 4),
)
COST_ORE = 1_000_001
"""What one participant costs: 10,000.01 kroner, which thirds do not divide."""

ENROLLING = (CO_DRIVER, SECOND_CO_DRIVER, *PARTICIPANTS)
"""One more than there are places."""
WITHDRAWING, WAITING = PARTICIPANTS[4], PARTICIPANTS[-1]
ATTENDING = tuple(each for each in ENROLLING if each is not WITHDRAWING)
FAILING = PARTICIPANTS[0]
"""Who fails the oral part at first."""


async def record_former_co_drivers(play: Play) -> None:
    """Those who co-drove networks before the structure began may train now."""
    for person in PARTICIPANTS:
        await play.api.send(
            SECRETARIAT,
            "POST",
            f"/leaders/{person.id}/prior-qualifications",
            {"on": "2012-12-14", "what": PriorExperience.CO_DRIVER, "evidence": "Set i arkivet."},
        )
    first, last = PARTICIPANTS[0], PARTICIPANTS[-1]
    play.say(f"{SECRETARIAT.name} records that {first.name} to {last.name} co-drove networks")


async def plan(play: Play) -> str:
    """The secretariat plans a cohort with its five days and opens it; gives its id."""
    planned = await play.post(
        SECRETARIAT,
        f"plans a cohort (hold): {Programme.DIPLOMA.dansk}",
        "/cohorts",
        {"programme": Programme.DIPLOMA, "first_day": DAYS[0].isoformat()},
    )
    cohort = f"/cohorts/{planned.id}"
    for number, day in enumerate(DAYS, start=1):
        await play.put(
            SECRETARIAT,
            f"schedules training day {number}: {day}",
            f"{cohort}/days/{number}",
            {"starts_at": _at(day, 8), "ends_at": _at(day, 15), "place": "Rådhuset"},
        )
    await play.post(
        SECRETARIAT,
        f"opens it for enrolment until {ENROL_BY}",
        f"{cohort}/open",
        {"enrol_by": ENROL_BY.isoformat()},
    )
    return planned.id


async def enrol(play: Play, cohort: str) -> None:
    """Sixteen enrol for fifteen places, one gives up, and the one who waits moves up (R170)."""
    path = f"/cohorts/{cohort}/enrolments"
    await play.move_to(ENROL_BY)
    await play.turned_away(GARDENER, "enrol", "POST", path, _about(GARDENER))
    for person in ENROLLING:
        answer = await play.api.send(person, "POST", path, _about(person))
        if "EnrolmentWaitlisted" in answer.events:
            play.say(f"{person.name} is number {len(ENROLLING)} and waits (venteliste)")
    play.say(f"{len(ENROLLING)} have enrolled for 15 places")
    withdrawn = await play.post(
        WITHDRAWING, "gives up the place", f"{path}/{WITHDRAWING.id}/withdraw"
    )
    assert "EnrolmentConfirmed" in withdrawn.events
    play.add(f"→ {WAITING.name} has moved up from the waiting list")
    await play.post(SECRETARIAT, "confirms the cohort", f"/cohorts/{cohort}/confirm")


async def first_day(play: Play, cohort: str) -> None:
    """On the morning of the first day the cohort starts by itself; then the cost is shared out."""
    await play.move_to(DAYS[0])
    await reach_state(play, cohort, CohortState.RUNNING)
    await attend(play, cohort, 1, ATTENDING)
    await play.post(
        SECRETARIAT,
        "allocates the cost: two thirds to each department, one third to the secretariat",
        f"/cohorts/{cohort}/costs",
        {"cost_per_participant_ore": COST_ORE},
    )


async def further_day(play: Play, cohort: str, number: int) -> None:
    """Another training day; one is ill on the second."""
    await play.move_to(DAYS[number - 1])
    present = ATTENDING if number != 2 else tuple(each for each in ATTENDING if each != FAILING)
    await attend(play, cohort, number, present)


async def attend(play: Play, cohort: str, number: int, present: Iterable[Person]) -> None:
    """The secretariat records who was there."""
    there = [str(each.id) for each in present]
    await play.put(
        SECRETARIAT,
        f"records attendance on training day {number}: {len(there)} of {len(ATTENDING)}",
        f"/cohorts/{cohort}/days/{number}/attendance",
        {"present": there},
    )


async def examine(play: Play, cohort: str) -> None:
    """Both parts of the exam; who passes both has the diploma, and one lapses for now."""
    for part, held_on in ((ExamPart.WRITTEN, WRITTEN), (ExamPart.ORAL, ORAL)):
        await play.move_to(held_on)
        for person in ATTENDING:
            failed = part is ExamPart.ORAL and person is FAILING
            result = ExamResult.FAILED if failed else ExamResult.PASSED
            await record(play, cohort, person, part, held_on, result, attempt=1)
        play.say(f"{SECRETARIAT.name} records the results: {part.dansk}")
    await reach_stage(play, PathStage.DIPLOMA_ONLY)
    await _until_passed(play, cohort, len(ATTENDING) - 1)
    await play.move_to(COMPLETED)
    await play.post(SECRETARIAT, "completes the cohort", f"/cohorts/{cohort}/complete")
    await reach_state(play, cohort, CohortState.COMPLETED)


async def examine_again(play: Play, cohort: str) -> None:
    """Who failed passes at the second attempt, after the cohort has ended (R181)."""
    await play.move_to(ORAL_AGAIN)
    oral = ExamPart.ORAL
    await record(play, cohort, FAILING, oral, ORAL_AGAIN, ExamResult.PASSED, attempt=2)
    play.say(f"{FAILING.name} passes at the second attempt: {oral.dansk}")
    await _until_passed(play, cohort, len(ATTENDING))


async def record(
    play: Play,
    cohort: str,
    person: Person,
    part: ExamPart,
    held_on: date,
    result: ExamResult,
    *,
    attempt: int,
) -> None:
    """The secretariat records how a part of the exam went."""
    said = {"attempt": attempt, "result": result, "held_on": held_on.isoformat()}
    await play.api.send(SECRETARIAT, "PUT", f"/exams/{cohort}/{person.id}/{part}", said)


async def reach_state(play: Play, cohort: str, state: CohortState) -> None:
    """The cohort has come so far."""

    async def reached() -> bool:
        row = (await play.api.read(SECRETARIAT, f"/cohorts/{cohort}"))["item"]
        return bool(row["state"] == state)

    await until(f"the cohort to be {state}", reached)
    play.add(f"→ the cohort is now: {state.dansk}")


async def _until_passed(play: Play, cohort: str, count: int) -> None:
    async def so_many() -> bool:
        rows = await play.api.read_all(SECRETARIAT, f"/cohorts/{cohort}/results")
        return sum(row["diploma_on"] is not None for row in rows) == count

    await until(f"{count} diplomas", so_many)
    play.add(f"→ {count} of {len(ATTENDING)} have the diploma, and nobody typed that in")


def _about(person: Person) -> dict[str, Any]:
    return {"person_id": str(person.id)}


def _at(day: date, hour: int) -> str:
    return datetime.combine(day, time(hour), COPENHAGEN).isoformat()
