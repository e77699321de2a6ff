"""The welfare network's solution is tested and handed over, and the network closes: early 2014."""

from datetime import date

from deploy.local.demo.api import until
from deploy.local.demo.cast import (
    CHIEF_OF_HEALTH,
    CO_DRIVER,
    HEALTH,
    LEADER_IN_HEALTH,
    SECRETARIAT,
)
from deploy.local.demo.play import Play
from deploy.local.demo.portfolio import ELDERLY
from deploy.local.demo.theme_round import Ids
from deploy.local.demo.whole_network import CREW, INTO_BASE, TEST, complete_period
from shared.contracts.vocabulary import (
    EvaluationMoment,
    FundingSource,
    NetworkResult,
    OutcomeSoFar,
    OutputKind,
    PathStage,
    PoolBasis,
    SolutionStep,
    ThemeState,
)

LEADER = LEADER_IN_HEALTH


async def try_in_practice(play: Play, network: str) -> None:
    """The reference leader finds the money, and a unit of the base tries the idea."""
    await play.move_to(date(2014, 1, 6))
    await play.put(
        CHIEF_OF_HEALTH,
        "secures the money for the test",
        f"/networks/{network}/test-funding",
        {
            "source": FundingSource.INTERNAL,
            "amount_ore": 7_500_000,
            "responsible_id": str(CHIEF_OF_HEALTH.id),
        },
    )
    await play.move_to(TEST.begins)
    await play.post(
        LEADER,
        "starts the test (testfase)",
        f"/networks/{network}/phases/test/start",
        {"idea_titles": ["Ét nummer at ringe til"], "receiving_units": [str(HEALTH)]},
    )
    await play.move_to(TEST.ends)
    await complete_period(play, network, TEST)


async def hand_over(play: Play, network: str) -> str:
    """What came of it is recorded and handed over to the base; gives the output's id."""
    answer = await play.post(
        CO_DRIVER,
        f"records the output ({OutputKind.NEW_SERVICE_PROPOSAL.dansk})",
        f"/networks/{network}/outputs",
        {
            "kind": OutputKind.NEW_SERVICE_PROPOSAL,
            "title": "Ét nummer at ringe til",
            "text": "Ældre og pårørende får én indgang til al hjælp.",
            "agenda_ref": "Velfærd på ny",
        },
    )
    await advance(play, network, answer.id, SolutionStep.HANDED_OVER)
    return answer.id


async def advance(play: Play, network: str, output: str, step: SolutionStep) -> None:
    """The solution comes one step further into the base."""
    await play.post(
        CHIEF_OF_HEALTH,
        f"takes it a step further in the department: {step.dansk}",
        f"/outputs/{output}/steps",
        {"network_id": network, "step": step, "org_unit_id": str(HEALTH)},
    )


async def put_into_base(play: Play, network: str, output: str) -> None:
    """The base takes the solution in."""
    await play.move_to(INTO_BASE.begins)
    await play.post(
        LEADER,
        "starts the implementation (implementering)",
        f"/networks/{network}/phases/implementation/start",
        {
            "receiving_units": [str(HEALTH)],
            "test_result": "Ni ud af ti fandt hjælp ved første opkald.",
        },
    )
    await play.move_to(date(2014, 3, 3))
    await advance(play, network, output, SolutionStep.ADOPTED)


async def close_network(play: Play, network: str) -> None:
    """Evaluated, announced and closed; everyone concerned hears of it."""
    evaluated = await play.post(
        LEADER,
        "records the evaluation (evaluering)",
        f"/networks/{network}/evaluations",
        {
            "moment": EvaluationMoment.CLOSING,
            "template_version": 1,
            "went_well": "Borgere og pårørende var med fra begyndelsen.",
            "went_badly": "Kontrakten kom sent på plads.",
            "effects": "Færre opkald, der ender det forkerte sted.",
            "outcome_so_far": OutcomeSoFar.SOME,
        },
    )
    await play.hears("/networks", [evaluated.position])
    await play.post(
        LEADER,
        "announces the closing",
        f"/networks/{network}/closing",
        {"planned_close": INTO_BASE.ends.isoformat()},
    )
    await play.move_to(INTO_BASE.ends)
    await play.post(
        LEADER,
        f"closes the network: {NetworkResult.ADOPTED.dansk}",
        f"/networks/{network}/close",
        {
            "result": NetworkResult.ADOPTED,
            "lessons": "Aftal mandatet, før arbejdet begynder.",
            "receiving_units": [str(HEALTH)],
        },
    )
    await play.told("N24.closed", *CREW, None)


async def what_follows(play: Play, ids: Ids) -> None:
    """The theme is concluded and the co-driver has driven a network; nobody typed that in."""
    theme = f"/themes/{ids[ELDERLY]}"

    async def concluded() -> bool:
        row = (await play.api.read(SECRETARIAT, theme))["item"]
        return bool(row["state"] == ThemeState.CONCLUDED)

    await until("the theme to be concluded", concluded)
    await play.told("N4.concluded", ELDERLY.proposer)
    play.say(f"The theme “{ELDERLY.title}” is concluded (afsluttet), as its network told")
    await reach_stage(play, PathStage.QUALIFIED)


async def complete_path(play: Play) -> None:
    """With diploma and network the co-driver can be asked to lead the next one."""
    await play.put(
        SECRETARIAT,
        f"admits {CO_DRIVER.name} to the pool ({PoolBasis.TRAINED_CO_DRIVER.dansk})",
        f"/leader-pool/{CO_DRIVER.id}",
        {"in_pool": True, "basis": PoolBasis.TRAINED_CO_DRIVER},
    )
    await reach_stage(play, PathStage.IN_POOL)


async def reach_stage(play: Play, stage: PathStage) -> None:
    """The co-driver has come so far on the way to network leader."""

    async def reached() -> bool:
        row = (await play.api.read(SECRETARIAT, f"/leaders/{CO_DRIVER.id}"))["item"]
        return bool(row["stage"] == stage)

    await until(f"{CO_DRIVER.name} to reach {stage}", reached)
    play.add(f"→ {CO_DRIVER.name} is now: {stage.dansk}")
