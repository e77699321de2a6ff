"""The rig: the system under load, faults one after the other, and then the reckoning."""

import asyncio
import json
import secrets
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from deploy.local.processes import Child
from deploy.local.services import PROJECT
from tests.faults.checker import Findings, Planted, Run, check
from tests.faults.client import Client
from tests.faults.fault import Fault, Outcome, Site
from tests.faults.ledger import Ledger, Principal
from tests.faults.operating import Verified, mend, verify
from tests.faults.plantings import Planting
from tests.faults.quiet import until_quiet
from tests.faults.recovery import Probes
from tests.faults.system import System, system
from tests.faults.writers import WRITING, WRITTEN, Plan
from tests.integration.services.municipality import UNIT

PEOPLE = 12
_LEAVE_S = 120.0


@dataclass(frozen=True)
class Reckoning:
    """What a run came to: the checker's findings before and after mending, and verify's."""

    with_planted: Findings
    mended: int
    findings: Findings
    verified: Verified
    written: dict[str, Any]

    @property
    def ok(self) -> bool:
        """Whether nothing at all is wrong."""
        return (
            self.with_planted.ok
            and self.findings.ok
            and self.verified.code == 0
            and not self.written.get("answered differently", 0)
        )


@dataclass
class Rig:
    """A system, its writers, and whoever asks it whether it is well."""

    system: System
    site: Site
    ledger: Path
    secretary: Principal
    chief: Principal
    people: list[Principal]
    rate_per_s: float
    seed: int
    patience_s: float = 60.0
    """After which something has not recovered."""
    planted: list[Planted] = field(default_factory=list)
    written: dict[str, Any] = field(default_factory=dict)
    _writers: Child | None = None

    async def suffer(self, fault: Fault) -> Outcome:
        """Let a fault happen and wait until all is well again; raises NotRecovered.

        What is cleared away after it may still be missed for a while: see `Fault.aftermath`.
        """
        await fault.prepare()
        await fault.strike()
        struck = time.monotonic()
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        well = asyncio.create_task(
            self.site.probes.recovery(struck, fault.touched, fault.doors, self.patience_s)
        )
        try:
            await fault.heal()
            back_s = time.monotonic() - struck
            recovery = await well
        finally:
            well.cancel()
            await fault.clear()
        if isinstance(fault, Planting):
            self.planted.append(fault.planted)
            back_s = 0.0
        return Outcome(
            kind=fault.kind,
            target=fault.target,
            back_s=back_s,
            command_s=recovery.command_s,
            fresh_s=recovery.fresh_s,
            evidence=fault.evidence,
            at=at,
        )

    async def start_writers(self) -> None:
        """Begin the load."""
        begun = self.system.folder / WRITING
        begun.unlink(missing_ok=True)
        plan = self.system.folder / "writers.json"
        Plan(
            ledger=str(self.ledger),
            doors=self.system.doors,
            secretary=_named(self.secretary),
            chief=_named(self.chief),
            people=[_named(each) for each in self.people],
            rate_per_s=self.rate_per_s,
            seed=self.seed,
        ).write(plan)
        command = [sys.executable, "-m", "tests.faults.writers", str(plan)]
        log = self.system.folder / "logs" / "writers.log"
        self._writers = Child("writers", command, log=log, cwd=PROJECT)

        async def writes() -> bool:
            return begun.exists()

        await self._writers.until(writes)

    async def stop_writers(self) -> None:
        """End the load: every command that is under way gets its answer."""
        writers, self._writers = self._writers, None
        assert writers is not None
        assert writers.exit_code is None, writers.said()
        writers.signal(signal.SIGTERM)
        code = await asyncio.wait_for(writers.exited(), _LEAVE_S)
        assert code == 0, writers.said()
        for name, number in json.loads((self.system.folder / WRITTEN).read_text()).items():
            self.written[name] = self.written.get(name, 0) + number

    async def reckon(self) -> Reckoning:
        """Stop the writers, wait until all is told and read, and compare everything twice.

        First with what was planted where it lies, then after an operator has put it right.
        """
        if self._writers is not None:
            await self.stop_writers()
        await until_quiet(self.system)
        with_planted = await check(self._run(tuple(self.planted)))
        spoilt = ("themes", "networks") if self.planted else ()
        mended = await mend(self.system, *spoilt)
        await until_quiet(self.system)
        self.planted = [Planted(each.stream, each.what) for each in self.planted]
        findings = await check(self._run(tuple(self.planted)))
        return Reckoning(
            with_planted, mended, findings, await verify(self.system), dict(self.written)
        )

    async def import_people(self) -> None:
        """Put everybody into the directory."""
        for number, each in enumerate([self.secretary, self.chief, *self.people]):
            listed = {
                "name": f"Person {number}",
                "email": f"person{number}@kommune.example",
                "org_unit_id": UNIT,
                "forums": ["chiefs"] if each is self.chief else [],
            }
            client = self.site.probes.client
            put = client.request(
                self.secretary, "training", "PUT", f"/people/{each.person}", listed
            )
            reply = await client.settle(put)
            assert reply.accepted, reply

    def _run(self, planted: tuple[Planted, ...]) -> Run:
        place = self.system
        mails = place.folder / "mails"
        return Run(
            self.ledger, place.mongo.uri, place.kafka.bootstrap, place.prefix, mails, planted
        )


@asynccontextmanager
async def rig(
    folder: Path, *, rate_per_s: float = 25.0, seed: int = 0, patience_s: float = 60.0
) -> AsyncIterator[Rig]:
    """A system at work, with people and load; all of it is ended with the block."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    prefix = f"f{secrets.token_hex(3)}-"
    async with system(folder, prefix) as place:
        ledger = folder / "ledger.jsonl"
        writing = Ledger(ledger, "rig")
        client = Client(writing, place.doors, try_s=1.0, pause_s=(0.03, 0.1))
        secretary = _principal(place, "secretariat", "secretariat_lead")
        chief = _principal(place, "chefforum")
        made = Rig(
            system=place,
            site=Site(place, Probes(client, place.doors, secretary)),
            ledger=ledger,
            secretary=secretary,
            chief=chief,
            people=[_principal(place) for _ in range(PEOPLE)],
            rate_per_s=rate_per_s,
            seed=seed,
            patience_s=patience_s,
        )
        try:
            await made.import_people()
            await made.site.probes.prepare()
            await made.start_writers()
            yield made
        finally:
            if made._writers is not None:
                await made._writers.kill()
            await client.close()
            writing.close()


def _principal(place: System, *roles: str) -> Principal:
    caller = place.town.caller("employee", *roles, person=uuid4())
    return Principal(caller.person, caller.token)


def _named(principal: Principal) -> tuple[str, str]:
    return str(principal.person), principal.token
