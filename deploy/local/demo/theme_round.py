"""August 2013: themes are proposed, assessed, qualified and ranked, and the chief forum chooses."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from deploy.local.demo.api import until
from deploy.local.demo.cast import (
    CHIEF_FORUM,
    CHIEF_OF_CHILDREN,
    CHIEF_OF_HEALTH,
    NURSE,
    SECRETARIAT,
)
from deploy.local.demo.play import Play
from deploy.local.demo.portfolio import (
    ELDERLY,
    HALF_YEAR,
    RANKING,
    SELECTED,
    THEMES,
    VOLUNTEERING,
    Theme,
)
from shared.contracts.vocabulary import NetworkState, ThemeDecision

ROUND = f"/theme-rounds/{HALF_YEAR}"
DECIDERS = [str(chief.id) for chief in CHIEF_FORUM]
NETWORKS_START = date(2013, 9, 5)

Ids = Mapping[Theme, str]


async def open_round(play: Play) -> None:
    """The secretariat opens the half-year's round."""
    await play.post(
        SECRETARIAT,
        f"opens the round {HALF_YEAR} (temarunde)",
        "/theme-rounds",
        {"half_year": HALF_YEAR, "proposals_due": "2013-08-16", "discussion_on": "2013-08-29"},
    )


async def propose_themes(play: Play) -> Ids:
    """Employees describe burning platforms that could be solved in a network."""
    ids: dict[Theme, str] = {}
    for theme in THEMES:
        answer = await play.post(
            theme.proposer, f"proposes the theme “{theme.title}”", "/themes", theme.proposal
        )
        ids[theme] = answer.id
        await play.hears("/themes", [answer.position])
        await play.put(
            SECRETARIAT, "puts it up for discussion in the round", f"{ROUND}/themes/{answer.id}"
        )
    await play.told("N1.receipt", *{theme.proposer for theme in THEMES})
    return ids


async def discuss_at_home(play: Play, ids: Ids) -> None:
    """Every chief is to discuss the themes at home; one asks for help, and tells what came of it."""
    own: Mapping[str, Any] = {
        "org_unit_id": str(CHIEF_OF_HEALTH.unit),
        "member_id": str(CHIEF_OF_HEALTH.id),
    }
    await play.post(
        CHIEF_OF_HEALTH,
        "asks the secretariat for help with the discussion at home (temadrøftelse)",
        f"{ROUND}/local-discussions",
        {**own, "step": "support_requested"},
    )
    await play.post(
        CHIEF_OF_HEALTH,
        "tells that it was held, and which themes came of it",
        f"{ROUND}/local-discussions",
        {
            **own,
            "step": "held",
            "assisted": True,
            "theme_ids": [ids[ELDERLY], ids[VOLUNTEERING]],
        },
    )


async def assess_themes(play: Play, ids: Ids) -> None:
    """The chief forum sees how far the seven criteria are met, and which kind of network fits."""
    for theme in THEMES:
        await play.post(
            SECRETARIAT,
            f"fills in the seven criteria for “{theme.title}”",
            f"/themes/{ids[theme]}/assessments",
            theme.assessment,
        )
        await play.post(
            CHIEF_OF_CHILDREN,
            f"aligns its type with the forum: {theme.network_type.dansk}",
            f"/themes/{ids[theme]}/network-type",
            {
                "network_type": theme.network_type,
                "intended_difference": theme.difference,
                "aligned_by": DECIDERS,
            },
        )


async def qualify_themes(play: Play, ids: Ids) -> None:
    """Suited for a network is what meets the criteria; one theme does not."""
    for theme in RANKING:
        answer = await play.post(
            SECRETARIAT,
            f"records that the chief forum qualified “{theme.title}” (kvalificeret)",
            f"/themes/{ids[theme]}/qualification",
            {"decided_by": DECIDERS},
        )
        await play.hears("/themes", [answer.position])
    await play.turned_away(
        SECRETARIAT,
        f"record “{VOLUNTEERING.title}” as qualified too",
        "POST",
        f"/themes/{ids[VOLUNTEERING]}/qualification",
        {"decided_by": DECIDERS},
    )


async def rank_themes(play: Play, ids: Ids) -> None:
    """Ranking is the chief forum's; an employee who tries is turned away."""
    body = {"theme_ids": [ids[theme] for theme in RANKING], "decided_by": DECIDERS}
    await play.turned_away(NURSE, "rank the themes", "PUT", f"{ROUND}/ranking", body)
    await play.put(
        SECRETARIAT,
        f"records the chief forum's ranking of {len(RANKING)} themes (prioriteret)",
        f"{ROUND}/ranking",
        body,
    )


async def decide_themes(play: Play, ids: Ids) -> None:
    """Five are chosen; one is declined, and its proposer hears why; two may come again."""
    positions = []
    for theme in SELECTED:
        answer = await play.post(
            CHIEF_OF_CHILDREN,
            f"records the choice of “{theme.title}” (valgt)",
            f"/themes/{ids[theme]}/decision",
            {
                "decision": ThemeDecision.SELECTED,
                "decided_by": DECIDERS,
                "half_year": HALF_YEAR,
                "planned_start": NETWORKS_START.isoformat(),
            },
        )
        positions.append(answer.position)
    answer = await play.post(
        CHIEF_OF_CHILDREN,
        f"records that “{VOLUNTEERING.title}” was not chosen (fravalgt)",
        f"/themes/{ids[VOLUNTEERING]}/decision",
        {
            "decision": ThemeDecision.DECLINED,
            "decided_by": DECIDERS,
            "half_year": HALF_YEAR,
            "reason": "Afdelingerne kan løse opgaven i basis; der er kendte løsninger.",
        },
    )
    await play.told("N4.selected", *{theme.proposer for theme in SELECTED})
    await play.told("N4.declined", VOLUNTEERING.proposer)
    await play.hears("/themes", [*positions, answer.position])
    await play.post(
        SECRETARIAT, "closes the round; what is undecided goes on to the next", f"{ROUND}/close"
    )


async def networks_of(play: Play, ids: Ids) -> Ids:
    """Each chosen theme has become a planned network, without anybody asking for it (R68)."""

    async def planned() -> Ids | None:
        rows = await play.api.read_all(SECRETARIAT, "/networks", state=NetworkState.PLANNED)
        found = {row["theme_id"]: row["network_id"] for row in rows}
        networks = {theme: found[ids[theme]] for theme in SELECTED if ids[theme] in found}
        return networks if len(networks) == len(SELECTED) else None

    networks = await until("a planned network for each chosen theme", planned)
    play.say(f"{len(networks)} networks are planned, as the chosen themes asked for")
    return networks
