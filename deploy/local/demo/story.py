"""The half-year from 1 August 2013 to the day the first welfare network closes, in order."""

from dataclasses import dataclass
from datetime import date

from deploy.local.demo import (
    closing,
    cohort,
    next_round,
    preparations,
    starting,
    theme_round,
    whole_network,
)
from deploy.local.demo.closing import reach_stage
from deploy.local.demo.play import Play
from deploy.local.demo.portfolio import ELDERLY
from shared.contracts.vocabulary import PathStage


@dataclass(frozen=True)
class Told:
    """What the story leaves behind to be looked at: the ids of what went the whole way."""

    network: str
    cohort: str


async def play_half_year(play: Play) -> Told:
    """Play it all."""
    play.chapter("The network structure begins")
    await preparations.import_directory(play)
    await preparations.publish_rules(play)
    await preparations.qualify_leaders(play)
    await preparations.register_interests(play)
    await reach_stage(play, PathStage.CANDIDATE)
    await preparations.import_campus(play)
    await cohort.record_former_co_drivers(play)

    play.chapter("Themes for the half-year")
    await play.move_to(date(2013, 8, 5))
    await theme_round.open_round(play)
    themes = await theme_round.propose_themes(play)
    await theme_round.discuss_at_home(play, themes)
    await play.move_to(date(2013, 8, 19))
    await theme_round.assess_themes(play, themes)
    await play.move_to(date(2013, 8, 29))
    await theme_round.qualify_themes(play, themes)
    await theme_round.rank_themes(play, themes)
    await theme_round.decide_themes(play, themes)
    networks = await theme_round.networks_of(play, themes)

    play.chapter("A cohort of the diploma (diplomuddannelsen)")
    hold = await cohort.plan(play)

    play.chapter("Crews, contract and plan")
    network = networks[ELDERLY]
    await play.move_to(date(2013, 9, 2))
    await starting.find_crews(play, networks)
    await reach_stage(play, PathStage.CO_DRIVING)
    await whole_network.draft_contract(play, network)
    await whole_network.plan_course(play, network)
    await play.move_to(theme_round.NETWORKS_START)
    await starting.start_networks(play, networks)

    await _whole_way(play, network, hold)

    play.chapter("The next round")
    await next_round.open_next_round(play, themes)
    await next_round.propose_again(play, themes)

    await _into_base(play, network, hold)
    await closing.what_follows(play, themes)
    await closing.complete_path(play)
    return Told(network, hold)


async def _whole_way(play: Play, network: str, hold: str) -> None:
    play.chapter(f"“{ELDERLY.title}” goes the whole way")
    await whole_network.reminders_fall_due(play)
    await whole_network.first_period(play, network)
    await cohort.enrol(play, hold)
    await whole_network.run_period(play, network, whole_network.SECOND)
    await cohort.first_day(play, hold)
    await whole_network.take_break(play, network)
    await whole_network.run_period(play, network, whole_network.THIRD)
    await cohort.further_day(play, hold, 2)
    await whole_network.run_period(play, network, whole_network.FOURTH)
    for number in (3, 4, 5):
        await cohort.further_day(play, hold, number)


async def _into_base(play: Play, network: str, hold: str) -> None:
    play.chapter("Test, hand-over and closing")
    await closing.try_in_practice(play, network)
    output = await closing.hand_over(play, network)
    await cohort.examine(play, hold)
    await closing.put_into_base(play, network, output)
    await cohort.examine_again(play, hold)
    await closing.close_network(play, network)
