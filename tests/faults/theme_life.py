"""Some of everything that happens with ideas, themes, rounds and the chief forum's slots."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from tests.integration.services.bodies import BODIES
from tests.integration.services.municipality import UNIT, Municipality
from tests.integration.services.town import Json

_HALF_YEARS = ("2015-H2", "2016-H1")
_AHEAD = datetime.now(UTC).date() + timedelta(days=150)
_FAR, _LATER = f"{_AHEAD:%Y-%m}", f"{_AHEAD:%Y-%m-20}"
_DENMARK = ZoneInfo("Europe/Copenhagen")


async def life_of_themes(here: Municipality, theme: str) -> dict[str, str]:
    """Give names to what was brought about; the theme is one that is in a network."""
    await _ideas(here)
    await _changes(here)
    ranked = await _rounds(here, theme)
    return {**ranked, **await _slots(here)}


async def _ideas(here: Municipality) -> None:
    """Ideas that wait, are answered, become a theme and are closed; one answers a call."""
    call = {**BODIES["OpenIdeaCall"], "closes_on": _LATER}
    opened = await here.do(here.secretary, "POST", "/idea-calls", call)
    await here.do(here.secretary, "PUT", f"/idea-calls/{opened['id']}", {**call, "text": "Nu"})
    told = {**BODIES["SubmitInquiry"], "forum": None, "discussed_on": None}
    answering = {**told, "channel": "open_call", "idea_call_id": opened["id"]}
    await here.do(here.proposer, "POST", "/inquiries", answering)
    over = await here.do(here.secretary, "POST", "/idea-calls", {**call, "title": "En til"})
    await here.do(here.secretary, "POST", f"/idea-calls/{over['id']}/close")
    idea = await here.do(here.proposer, "POST", "/inquiries", BODIES["SubmitInquiry"])
    described = {**BODIES["ProposeTheme"], "inquiry_id": idea["id"]}
    await here.do(here.proposer, "POST", "/themes", described)
    for outcome in ("answered", "closed"):
        sent = await here.do(here.leader, "POST", "/inquiries", BODIES["SubmitInquiry"])
        answer = {"outcome": outcome, "answer": "Tak"}
        await here.do(here.secretary, "POST", f"/inquiries/{sent['id']}/answer", answer)


async def _changes(here: Municipality) -> None:
    """A theme is refined, withdrawn and proposed again."""
    theme = (await here.do(here.proposer, "POST", "/themes", BODIES["ProposeTheme"]))["id"]
    sharper = {"change": "Skærpet", "hypotheses": None, "affected_departments": [str(uuid4())]}
    await here.do(here.proposer, "POST", f"/themes/{theme}/refinements", sharper)
    back = BODIES["WithdrawTheme"]
    await here.do(here.proposer, "POST", f"/themes/{theme}/withdraw", back)
    await here.do(here.proposer, "POST", f"/themes/{theme}/proposals", BODIES["ProposeThemeAgain"])


async def _rounds(here: Municipality, theme: str) -> dict[str, str]:
    """Two rounds, the first of which closes and leaves a theme to the second."""
    for half_year in _HALF_YEARS:
        opened = {"half_year": half_year, "discussion_on": _LATER}
        await here.do(here.secretary, "POST", "/theme-rounds", opened)
    first, second = (f"/theme-rounds/{each}" for each in _HALF_YEARS)
    dates = {"proposals_due": None, "discussion_on": f"{_AHEAD + timedelta(days=40)}"}
    await here.do(here.secretary, "PUT", second, dates)
    open_one = (await here.do(here.proposer, "POST", "/themes", BODIES["ProposeTheme"]))["id"]
    for each in (theme, open_one):
        await here.do(here.secretary, "PUT", f"{first}/themes/{each}")
    by = [str(here.chief.person)]
    for order in ([theme, open_one], [open_one, theme]):
        ranking = {"theme_ids": order, "decided_by": by}
        await here.do(here.chief, "PUT", f"{first}/ranking", ranking)
    told: Json = {"org_unit_id": UNIT, "member_id": str(here.chief.person)}
    for step in ("support_requested", "held"):
        discussion = {**told, "step": step}
        await here.do(here.secretary, "POST", f"{first}/local-discussions", discussion)
    await here.do(here.secretary, "POST", f"{first}/close")
    return {"half_year": _HALF_YEARS[0], "ranked": open_one}


async def _slots(here: Municipality) -> dict[str, str]:
    """Today's slot is held, and leaves something; another is cancelled and gets a time after all."""
    today = datetime.now(UTC).astimezone(_DENMARK)
    month = f"{today:%Y-%m}"
    path = f"/forum-slots/{month}"
    await here.do(here.secretary, "PUT", path, _scheduled(here, today))
    lead, guest = here.town.caller("employee", "secretariat_lead"), str(uuid4())
    named = {"municipal_director_id": str(uuid4()), "secretariat_lead_id": str(lead.person)}
    invited = {**named, "person_id": guest, "reason": "Kender netværket"}
    await here.do(lead, "POST", f"{path}/observers", invited)
    wrong = str(uuid4())
    await here.do(lead, "POST", f"{path}/observers", {**invited, "person_id": wrong})
    mistaken = BODIES["WithdrawForumObserver"]
    await here.do(lead, "DELETE", f"{path}/observers/{wrong}", mistaken)
    items = [await _add(here, path, kind) for kind in ("start", "closing")]
    there = [
        {"person_id": str(here.chief.person), "right": "member"},
        {"person_id": guest, "right": "observer"},
    ]
    held: Json = {"attendees": there, "treated": items[:1], "minutes_used": 15}
    await here.do(here.secretary, "POST", f"{path}/held", held)
    far = f"/forum-slots/{_FAR}"
    off, *_ = [await _add(here, far, kind) for kind in ("start", "closing")]
    await here.do(here.secretary, "DELETE", f"{far}/agenda/{off}")
    await here.do(here.secretary, "DELETE", far, {"reason": "Budgetseminar"})
    again = datetime.fromisoformat(f"{_LATER}T09:00:00+01:00")
    await here.do(here.secretary, "PUT", far, _scheduled(here, again))
    return {"month": month, "item": f"{month}/{items[0]}"}


def _scheduled(here: Municipality, starts_at: datetime) -> Json:
    return {"starts_at": starts_at.isoformat(), "attendees": [str(here.chief.person)]}


async def _add(here: Municipality, path: str, touchpoint: str) -> str:
    about = {"kind": f"touchpoint_{touchpoint}", "subject": str(uuid4()), "title": touchpoint}
    told = await here.do(here.secretary, "POST", f"{path}/agenda", about)
    return str(told["events"][0]["data"]["item"]["item_id"])
