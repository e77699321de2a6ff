"""January 2014: the next round, with what was left over and a theme that is proposed again."""

from deploy.local.demo.api import until
from deploy.local.demo.cast import NURSE, SECRETARIAT
from deploy.local.demo.play import Play
from deploy.local.demo.portfolio import RANKING, SELECTED, VOLUNTEERING
from deploy.local.demo.theme_round import Ids

HALF_YEAR = "2014-H1"
LEFT_OVER = tuple(theme for theme in RANKING if theme not in SELECTED)


async def open_next_round(play: Play, ids: Ids) -> None:
    """What the last round left undecided is in the next one, without anybody asking (R51)."""
    await play.post(
        SECRETARIAT,
        f"opens the round {HALF_YEAR}",
        "/theme-rounds",
        {"half_year": HALF_YEAR, "proposals_due": "2014-02-14", "discussion_on": "2014-02-28"},
    )

    async def carried_over() -> bool:
        rows = await play.api.read_all(SECRETARIAT, "/themes", rounds=HALF_YEAR)
        return {ids[theme] for theme in LEFT_OVER} <= {row["theme_id"] for row in rows}

    await until("what was left over to be in the next round", carried_over)
    titles = " and ".join(f"“{theme.title}”" for theme in LEFT_OVER)
    play.say(f"{titles} are in it, carried over from the last one")


async def propose_again(play: Play, ids: Ids) -> None:
    """A theme that was declined comes again, sharper, and keeps its history (R67)."""
    theme = f"/themes/{ids[VOLUNTEERING]}"
    await play.turned_away(
        NURSE,
        f"change “{VOLUNTEERING.title}” as it stands",
        "POST",
        f"{theme}/refinements",
        {"change": "Skærpet", "burning_platform": VOLUNTEERING.platform},
    )
    again = {
        **VOLUNTEERING.proposal,
        "burning_platform": "Hver tredje frivillige holder op igen, og ingen ved hvorfor.",
        "hypotheses": "Måske siger vi ikke tydeligt nok, hvad de kan bidrage med.",
    }
    answer = await play.post(
        NURSE, f"proposes “{VOLUNTEERING.title}” again (genforeslået)", f"{theme}/proposals", again
    )
    await play.hears("/themes", [answer.position])
    await play.put(
        SECRETARIAT,
        "puts it up for discussion in the new round",
        f"/theme-rounds/{HALF_YEAR}/themes/{ids[VOLUNTEERING]}",
    )
    (earlier,) = (await play.api.read(SECRETARIAT, theme))["item"]["earlier"]
    play.say(f"Its page shows the proposal before: declined, because: {earlier['reason']}")
