"""The checker: compares what a run has left behind, and shares no code with what it checks."""

import asyncio
import time

from tests.faults.checks.acknowledged import check_ledger
from tests.faults.checks.effects import check_doubled, check_mails, check_missing, check_slots
from tests.faults.checks.evidence import gathered
from tests.faults.checks.findings import Findings
from tests.faults.checks.people import check_people
from tests.faults.checks.reminders import check_reminders
from tests.faults.checks.rows import check_rows
from tests.faults.checks.run import Planted, Run
from tests.faults.checks.store import check_store
from tests.faults.checks.topics import check_topics
from tests.faults.checks.training_effects import check_cohorts, check_diplomas

__all__ = ["Findings", "Planted", "Run", "check", "check_settled"]

_PAUSE_S = 1.0


async def check(run: Run) -> Findings:
    """Compare ledger, stores, topics, views and mails, as they are now."""
    findings = Findings()
    async with gathered(run) as evidence:
        check_ledger(evidence, findings)
        check_store(evidence, findings)
        check_topics(evidence, findings)
        await check_people(evidence, findings)
        await check_rows(evidence, findings)
        check_doubled(evidence, findings)
        await check_missing(evidence, findings)
        check_slots(evidence, findings)
        check_cohorts(evidence, findings)
        check_diplomas(evidence, findings)
        check_reminders(evidence, findings)
        check_mails(evidence, findings)
    return findings


async def check_settled(run: Run, within_s: float = 30.0) -> Findings:
    """Look again until all is well or the time is over; services that run may still be moving."""
    deadline = time.monotonic() + within_s
    while True:
        findings = await check(run)
        if findings.ok or time.monotonic() > deadline:
            return findings
        await asyncio.sleep(_PAUSE_S)
