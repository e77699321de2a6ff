"""What the writers do in training: cohorts from the plan to the diplomas, or to a cancellation."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import uuid4

from tests.faults.desk import Asked, Desk
from tests.faults.ledger import Json
from tests.integration.services.cohorts import PLACES
from tests.integration.services.municipality import UNIT

_DAYS = 5
_WAITING = 2
"""How many more than there are places ask for one."""
_COST_ORE = 1_000_001
"""What thirds do not divide."""
_OTHER_UNIT = str(uuid4())


class Class(NamedTuple):
    """A cohort and where it is."""

    id: str
    days: int

    @property
    def path(self) -> str:
        """Where its commands go."""
        return f"/cohorts/{self.id}"


async def a_cohort(desk: Desk) -> None:
    """A cohort of the diploma: more ask than there is room for, some leave, most pass."""
    to_be = desk.by_chance(0.8)
    people = await desk.former_co_drivers(PLACES + _WAITING)
    cohort = await _opened(desk, {"programme": "diploma", "title": "Hold {key}"}, past=to_be)
    await _ask_for_places(desk, cohort, people)
    await _change_places(desk, cohort, people)
    if not to_be:
        await desk.do(desk.secretary, "POST", f"{cohort.path}/cancel", {"reason": "For få."})
        return
    override = {"rules": ["R170"], "reason": "Holdet er lille."}
    confirmed = await desk.do(
        desk.secretary, "POST", f"{cohort.path}/confirm", {"override": override}
    )
    have: list[str] = confirmed["events"][0]["data"]["participants"]
    await desk.do(desk.secretary, "POST", f"{cohort.path}/start")
    await _attend(desk, cohort, have)
    await _pay(desk, cohort, have)
    late = have[: desk.rng.randrange(3)]
    await _examine(desk, cohort, [each for each in have if each not in late])
    await desk.do(desk.secretary, "POST", f"{cohort.path}/complete")
    await _examine(desk, cohort, late)


async def an_innovator_cohort(desk: Desk) -> None:
    """Innovators: a few days of their own, no bounds and no exam, and a corps that one joins."""
    plan = {"programme": "innovator", "title": "Innovatører {key}", "days": ["Start", "Slut"]}
    cohort = await _opened(desk, plan, past=True)
    people = [str(uuid4()) for _ in range(3)] + [str(desk.somebody().person)]
    await _ask_for_places(desk, cohort, people)
    if desk.by_chance(0.2):
        await desk.do(desk.secretary, "POST", f"{cohort.path}/cancel", {"reason": "Ingen penge."})
        return
    await desk.do(desk.secretary, "POST", *_leaving(cohort, people[0]))
    await desk.do(desk.secretary, "POST", f"{cohort.path}/confirm")
    await desk.do(desk.secretary, "POST", f"{cohort.path}/start")
    await _attend(desk, cohort, people[1:])
    await desk.do(desk.secretary, "POST", f"{cohort.path}/complete")


async def _opened(desk: Desk, plan: Json, *, past: bool) -> Class:
    """Plan a cohort with its days, which are over or lie well ahead, and open it."""
    planned = await desk.do(desk.secretary, "POST", "/cohorts", plan)
    cohort = Class(planned["id"], len(plan.get("days", range(_DAYS))))
    first = datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0)
    first += timedelta(days=-2 - cohort.days if past else 200)
    days = [
        Asked(desk.secretary, "PUT", f"{cohort.path}/days/{number}", _times(first, number))
        for number in (*range(1, cohort.days + 1), 1)
    ]
    await desk.together(days)
    by = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    await desk.do(desk.secretary, "POST", f"{cohort.path}/open", {"enrol_by": by})
    return cohort


def _times(first: datetime, number: int) -> Json:
    begins = first + timedelta(days=number - 1)
    ends = begins + timedelta(hours=7)
    place = "Rådhuset {key}"  # so that a day that is told twice has moved
    return {"starts_at": begins.isoformat(), "ends_at": ends.isoformat(), "place": place}


async def _ask_for_places(desk: Desk, cohort: Class, people: list[str]) -> None:
    """All of them at once, so that they race for the last place."""
    units = (UNIT, _OTHER_UNIT)
    await desk.together(
        [
            Asked(
                desk.secretary,
                "POST",
                f"{cohort.path}/enrolments",
                {"person_id": each, "department_id": desk.rng.choice(units)},
            )
            for each in people
        ]
    )


async def _change_places(desk: Desk, cohort: Class, people: list[str]) -> None:
    """Some leave at the same moment, and some of those come again at the end of the list."""
    leaving = desk.rng.sample(people, desk.rng.randint(2, 4))
    await desk.together([Asked(desk.secretary, "POST", *_leaving(cohort, e)) for e in leaving])
    again = leaving[: desk.rng.randrange(3)]
    if again:
        await _ask_for_places(desk, cohort, again)


def _leaving(cohort: Class, person: str) -> tuple[str, Json]:
    return f"{cohort.path}/enrolments/{person}/withdraw", {"reason": "Travlt {key}"}


async def _attend(desk: Desk, cohort: Class, have: list[str]) -> None:
    """Somebody is missing on each day, and on one of them was there after all."""
    missing = desk.rng.choices(have, k=cohort.days)
    lists = [
        Asked(
            desk.secretary,
            "PUT",
            f"{cohort.path}/days/{day}/attendance",
            {"present": [each for each in have if each != ill]},
        )
        for day, ill in enumerate(missing, start=1)
    ]
    await desk.together(lists)
    there = f"{cohort.path}/days/1/attendance/{missing[0]}"
    await desk.do(desk.secretary, "PUT", there, {"present": True})


async def _pay(desk: Desk, cohort: Class, have: list[str]) -> None:
    """The cost is allocated by two at the same moment; then some of it was wrong."""
    each = {"cost_per_participant_ore": _COST_ORE}
    cost = Asked(desk.secretary, "POST", f"{cohort.path}/costs", each)
    await desk.together([cost, cost])
    wrong: list[Json] = [
        {"cost_ore": desk.rng.randrange(_COST_ORE), "reason": "Rabat {key}"},
        {"department_id": str(uuid4()), "reason": "Flyttet {key}"},
    ]
    await desk.together(
        [
            Asked(
                desk.secretary,
                "POST",
                f"{cohort.path}/costs/{desk.rng.choice(have)}/correction",
                correction,
            )
            for correction in wrong
        ]
    )


async def _examine(desk: Desk, cohort: Class, people: list[str]) -> None:
    """Both parts at the same moment; who fails one tries it again, and some never pass."""
    for person in people:
        failing = desk.rng.choice(["written", "oral"]) if desk.by_chance(0.2) else ""
        parts = [
            _part(desk, cohort, person, part, failed=part == failing)
            for part in ("written", "oral")
        ]
        await desk.together(parts)
        if failing and desk.by_chance(0.7):
            again = _part(desk, cohort, person, failing, failed=False, attempt=2)
            await desk.do(*again)


def _part(
    desk: Desk, cohort: Class, person: str, part: str, *, failed: bool, attempt: int = 1
) -> Asked:
    held_on = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    said = {"attempt": attempt, "result": "failed" if failed else "passed", "held_on": held_on}
    return Asked(desk.secretary, "PUT", f"/exams/{cohort.id}/{person}/{part}", said)
