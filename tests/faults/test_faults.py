"""The short form of every fault: it happens under load, and all is well again without a human.

How soon is measured by `make soak`. One system suffers them all; what it has lost or doubled by
them is reckoned at the end.
"""

import pytest

from tests.faults.fault import Fault
from tests.faults.kills import (
    KillApi,
    KillBeforeMark,
    KillInTransaction,
    KillKafka,
    KillMongo,
    LateKafka,
    SecondWorker,
)
from tests.faults.nemesis import KINDS
from tests.faults.pauses import PauseApi, PauseKafka, PauseMongo, PauseWorker
from tests.faults.plantings import Bytes, Duplicates, Fork, Gap, Planting, Poison
from tests.faults.rig import Rig
from tests.faults.topics import TopicLost, TopicRecreated

KILLED_OR_STOPPED: tuple[type[Fault], ...] = (
    KillMongo,
    KillKafka,
    PauseApi,
    PauseMongo,
    PauseKafka,
    PauseWorker,
    SecondWorker,
    LateKafka,
    TopicLost,
    TopicRecreated,
)
PLANTED: tuple[type[Planting], ...] = (Duplicates, Gap, Fork, Poison, Bytes)


def kind_of(fault: type[Fault]) -> str:
    return fault.kind


async def test_an_api_process_killed_with_commands_in_flight_is_missed_by_none(here: Rig) -> None:
    fault = KillApi(here.site)
    await here.suffer(fault)
    assert fault.happened, fault.evidence


async def test_a_worker_killed_between_publish_and_mark_has_a_successor(here: Rig) -> None:
    fault = KillBeforeMark(here.site)
    await here.suffer(fault)
    assert fault.happened, fault.evidence


async def test_a_worker_killed_inside_a_transaction_leaves_nothing_blocked(here: Rig) -> None:
    fault = KillInTransaction(here.site, service="networks")
    await here.suffer(fault)
    assert fault.happened, fault.evidence


@pytest.mark.parametrize("fault", KILLED_OR_STOPPED, ids=kind_of)
async def test_all_is_well_again_by_itself_after(here: Rig, fault: type[Fault]) -> None:
    struck = fault(here.site)
    await here.suffer(struck)
    assert struck.happened, struck.evidence


@pytest.mark.parametrize("fault", PLANTED, ids=kind_of)
async def test_only_its_own_stream_is_stopped_by(here: Rig, fault: type[Planting]) -> None:
    await here.suffer(fault(here.site))


async def test_every_kind_of_fault_has_a_short_form() -> None:
    here = {each.kind for each in (KillApi, KillBeforeMark, KillInTransaction)}
    assert here | {each.kind for each in (*KILLED_OR_STOPPED, *PLANTED)} == set(KINDS)


async def test_after_all_that_nothing_is_lost_doubled_reordered_or_answered_otherwise(
    here: Rig,
) -> None:
    reckoning = await here.reckon()
    await here.start_writers()
    assert reckoning.with_planted.ok, reckoning.with_planted.table()
    assert reckoning.findings.ok, reckoning.findings.table()
    assert reckoning.verified.code == 0, reckoning.verified.said
    assert reckoning.written["acknowledged"] > 0
    assert reckoning.written["repeats"] > 0
    assert "answered differently" not in reckoning.written
