"""What the writers do with themes: from the proposal to a decision, and in a half-year's round."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.faults.desk import Asked, Declined, Desk
from tests.faults.ledger import Json, Principal
from tests.integration.services.bodies import BODIES
from tests.integration.services.municipality import UNIT

_FIRST_YEAR, _LAST_YEAR = 2001, 2025
"""The years that rounds are opened for; in the year that it is, the next one is still to come."""


async def a_theme(desk: Desk) -> None:
    """A theme is proposed, assessed by several at once, and declined."""
    path = await proposed(desk, desk.somebody())
    for _ in desk.several(4):
        await desk.together([Asked(desk.chief, *_assessment(path)) for _ in desk.several(3)])
        await desk.do(desk.chief, "POST", f"{path}/network-type", _aligned(desk, "welfare"))
    await _decline(desk, path)


async def a_changing_theme(desk: Desk) -> None:
    """A theme is refined by two at once, taken back or declined, and proposed again."""
    proposer = desk.somebody()
    path = await proposed(desk, proposer)
    for _ in desk.several(3):
        refined = [_refinement(path, who) for who in (proposer, desk.secretary)]
        await desk.together(refined)
        if desk.by_chance(0.4):
            await selected(desk, path, "welfare")
            await desk.do(*_refinement(path, proposer))
            await withdraw(desk, path)
        elif desk.by_chance(0.5):
            await withdraw(desk, path)
        else:
            await _decline(desk, path)
        await desk.do(proposer, "POST", f"{path}/proposals", _template())
    await withdraw(desk, path)


async def a_round(desk: Desk) -> None:
    """A half-year's themes are added, discussed and ranked by several at once; it may close."""
    year = desk.rng.randint(_FIRST_YEAR, _LAST_YEAR)
    half_year = f"{year}-H{desk.rng.randint(1, 2)}"
    path = f"/theme-rounds/{half_year}"
    try:
        await desk.do(
            desk.secretary, "POST", "/theme-rounds", {"half_year": half_year, **_dates(desk)}
        )
    except Declined:  # it was opened before, and may still be open
        await desk.do(desk.secretary, "PUT", path, _dates(desk))
    proposer = desk.somebody()
    themes = [await proposed(desk, proposer) for _ in range(3)]
    await _add(desk, path, themes)
    await _discuss(desk, path, themes)
    for _ in desk.several(2):
        await _rank(desk, path, themes)
    again, declined, _ = themes
    await withdraw(desk, again)
    await desk.do(proposer, "POST", f"{again}/proposals", _template())
    await _add(desk, path, [again])
    await _rank(desk, path, themes)
    await _decline(desk, declined, half_year=half_year)
    if desk.by_chance(0.3):
        closing = Asked(desk.secretary, "POST", f"{path}/close")
        await desk.together([closing, closing])


async def proposed(desk: Desk, who: Principal, **fields: Any) -> str:
    """Somebody proposes a theme; gives the path of its commands."""
    told = await desk.do(who, "POST", "/themes", {**_template(), **fields})
    return f"/themes/{told['id']}"


async def selected(desk: Desk, path: str, network_type: str) -> None:
    """The chief forum agrees on the type of a theme, finds it suited and chooses it."""
    chosen = {"decided_by": [str(desk.chief.person)]}
    await desk.do(desk.chief, "POST", f"{path}/network-type", _aligned(desk, network_type))
    override = {"rules": ["R48"], "reason": "Vi kender temaet."}
    await desk.do(desk.chief, "POST", f"{path}/qualification", {**chosen, "override": override})
    await desk.do(desk.chief, "POST", f"{path}/decision", {**chosen, "decision": "selected"})


async def withdraw(desk: Desk, path: str) -> None:
    """A theme is taken back."""
    await desk.do(desk.secretary, "POST", f"{path}/withdraw", {"reason": "Løst på anden vis."})


def _template() -> Json:
    said = {"title": "Ensomme ældre {key}", "affected_departments": [UNIT]}
    return {**BODIES["ProposeTheme"], **said}


def _refinement(path: str, who: Principal) -> Asked:
    said = {
        "change": "Skærpet {key}",
        "hypotheses": "Transport {key}",
        "professions": ["pædagog", "{key}"],
        "previous_attempts": None,
        "affected_departments": [UNIT, str(uuid4())],
    }
    return Asked(who, "POST", f"{path}/refinements", said)


def _aligned(desk: Desk, network_type: str) -> Json:
    return {
        "network_type": network_type,
        "intended_difference": "Færre er alene {key}",
        "aligned_by": [str(desk.chief.person)],
    }


def _assessment(path: str) -> tuple[str, str, Json]:
    said = {"criterion": "innovation", "verdict": "met", "rationale": "Nyt {key}"}
    return "POST", f"{path}/assessments", {"assessments": [said]}


async def _decline(desk: Desk, path: str, **fields: str) -> None:
    by = [str(desk.chief.person)]
    declined = {"decision": "declined", "decided_by": by, "reason": "Ikke nu.", **fields}
    await desk.do(desk.chief, "POST", f"{path}/decision", declined)


def _dates(desk: Desk) -> Json:
    """When a round's themes are discussed: far enough ahead for whoever awaits that."""
    due = datetime.now(UTC).date() + timedelta(days=desk.rng.randint(100, 400))
    discussed = due + timedelta(days=desk.rng.randint(0, 60))
    return {"proposals_due": due.isoformat(), "discussion_on": discussed.isoformat()}


async def _add(desk: Desk, path: str, themes: Sequence[str]) -> None:
    added = [
        Asked(desk.secretary, "PUT", f"{path}/themes/{each.rpartition('/')[2]}") for each in themes
    ]
    await desk.together(added)


async def _rank(desk: Desk, path: str, themes: Sequence[str]) -> None:
    """Two put the themes in order at the same moment, each as they see it."""
    ids = [each.rpartition("/")[2] for each in themes]
    orders = [desk.rng.sample(ids, len(ids)) for _ in range(2)]
    by = [str(desk.chief.person)]
    await desk.together(
        [
            Asked(desk.chief, "PUT", f"{path}/ranking", {"theme_ids": order, "decided_by": by})
            for order in orders
        ]
    )


async def _discuss(desk: Desk, path: str, themes: Sequence[str]) -> None:
    """A department wishes for help and discusses; so does one that nobody awaits."""
    for unit in (UNIT, str(uuid4())):
        about = {"org_unit_id": unit, "member_id": str(desk.somebody().person)}
        found = {"theme_ids": [themes[0].rpartition("/")[2]], "assisted": desk.by_chance(0.5)}
        told: list[Json] = [
            {**about, "step": "support_requested"},
            {**about, "step": "held"},
            {**about, "step": "held", **found},
        ]
        discussions = f"{path}/local-discussions"
        await desk.together([Asked(desk.secretary, "POST", discussions, each) for each in told])
