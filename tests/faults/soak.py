"""The long form: `make soak MINUTES=10`, or `python -m tests.faults.soak --minutes 10 --seed N`.

Faults one after the other under load, then the reckoning; a table, `.local/soak.json`, and exit
code 1 when anything is violated or a recovery was too late.
"""

import argparse
import asyncio
import json
import logging
import os
import random
import secrets
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from deploy.local.services import PROJECT
from tests.faults.fault import MARGIN_S, Fault, Outcome
from tests.faults.nemesis import KINDS, rounds
from tests.faults.rig import Reckoning, Rig, rig

LOCAL = PROJECT / ".local"
_PAUSE_S = (0.3, 1.5)
_MOST_PER_MINUTE = 30


@dataclass
class Soak:
    """What happened in a run."""

    seed: int
    minutes: float
    began: str
    load: tuple[float, float, float]
    outcomes: list[Outcome] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    """What did not recover, or could not be done."""
    reckoning: Reckoning | None = None

    @property
    def late(self) -> list[Outcome]:
        """Recoveries that took too long."""
        return [each for each in self.outcomes if each.too_late_s > 0]

    @property
    def ok(self) -> bool:
        """Whether every promise was kept."""
        kept = self.reckoning is not None and self.reckoning.ok
        return kept and bool(self.outcomes) and not self.failures and not self.late

    def as_json(self) -> dict[str, Any]:
        """Everything, for `.local/soak.json`."""
        return {
            "ok": self.ok,
            "seed": self.seed,
            "minutes": self.minutes,
            "began": self.began,
            "cpus": os.cpu_count(),
            "load_at_begin": self.load,
            "load_at_end": os.getloadavg(),
            "faults": [{**asdict(each), "too_late_s": each.too_late_s} for each in self.outcomes],
            "failures": self.failures,
            "reckoning": _reckoned(self.reckoning),
        }


def _reckoned(reckoning: Reckoning | None) -> dict[str, Any]:
    if reckoning is None:
        return {}
    return {
        "ok": reckoning.ok,
        "with_planted": dict(reckoning.with_planted.counts),
        "mended_streams": reckoning.mended,
        "violations": dict(reckoning.findings.counts),
        "examples": {**reckoning.with_planted.examples, **reckoning.findings.examples},
        "shown": dict(reckoning.findings.shown),
        "written": reckoning.written,
        "verify": {"code": reckoning.verified.code, "said": reckoning.verified.said},
    }


async def soak(minutes: float, seed: int, folder: Path, rate_per_s: float, out: Console) -> Soak:
    """Run for so many minutes of faults, and reckon."""
    rng = random.Random(seed)
    run = Soak(seed, minutes, datetime.now(UTC).isoformat(timespec="seconds"), os.getloadavg())
    async with rig(folder, rate_per_s=rate_per_s, seed=seed) as here:
        end = time.monotonic() + 60 * minutes
        for number, make in enumerate(rounds(rng)):
            if time.monotonic() >= end or number >= _MOST_PER_MINUTE * minutes:
                break
            fault = make(here.site, rng)
            await _suffer(here, fault, run, out)
            await asyncio.sleep(rng.uniform(*_PAUSE_S))
        out.print("reckoning …")
        try:
            run.reckoning = await here.reckon()
        except Exception as problem:  # noqa: BLE001 - the table is wanted then more than ever
            run.failures.append(f"reckoning: {problem!r}")
    return run


async def _suffer(here: Rig, fault: Fault, run: Soak, out: Console) -> None:
    try:
        outcome = await here.suffer(fault)
        await fault.aftermath()
    except Exception as problem:  # noqa: BLE001 - whatever it is, the run goes on and says so
        run.failures.append(f"{fault.kind}, {fault.target}: {problem!r}")
        out.print(f"[red]{fault.kind}, {fault.target}: {problem}")
        return
    run.outcomes.append(outcome)
    if not fault.happened:
        run.failures.append(f"{fault.kind}, {fault.target}: missed the moment: {fault.evidence}")
    late = f"  [red]{outcome.too_late_s:.1f} s too late" if outcome.too_late_s else ""
    out.print(
        f"{outcome.kind} ({outcome.target}): back {outcome.back_s:.1f} s, "
        f"command {outcome.command_s:.1f} s, fresh {outcome.fresh_s:.1f} s{late}",
        highlight=False,
    )


def show(run: Soak, out: Console) -> None:
    """Print the table and the totals."""
    table = Table(
        "fault", "count", "back", "command", "fresh", "late", title="seconds: median / worst"
    )
    for column in table.columns[1:]:
        column.justify = "right"
    for kind in KINDS:
        those = [each for each in run.outcomes if each.kind == kind]
        if those:
            table.add_row(kind, *_row(those))
    table.add_section()
    if run.outcomes:
        table.add_row("all", *_row(run.outcomes))
    out.print(table)
    taken = [e.evidence["taken_over_s"] for e in run.outcomes if "taken_over_s" in e.evidence]
    if taken:
        out.print(f"a worker that leaves for good is taken over from after {_spread(taken)} s")
    out.print(f"late: more than {MARGIN_S:g} s after what was struck answered again by itself")
    for failure in run.failures:
        out.print(f"[red]not recovered: {failure}")
    if run.reckoning is not None:
        _show_reckoning(run.reckoning, out)
    out.print(f"{len(run.outcomes)} faults in {run.minutes:g} minutes, seed {run.seed}")
    out.print("soak: ok" if run.ok else "soak: FAILED")


def _row(outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    return (
        str(len(outcomes)),
        _spread([each.back_s for each in outcomes]),
        _spread([each.command_s for each in outcomes]),
        _spread([each.fresh_s for each in outcomes]),
        str(sum(each.too_late_s > 0 for each in outcomes)),
    )


def _spread(seconds: Sequence[float]) -> str:
    return f"{median(seconds):.1f} / {max(seconds):.1f}"


def _show_reckoning(reckoning: Reckoning, out: Console) -> None:
    findings = reckoning.findings if reckoning.with_planted.ok else reckoning.with_planted
    out.print(findings.table(), markup=False, highlight=False)
    out.print(f"written: {reckoning.written}", highlight=False)
    out.print(f"parked as planted, and mended by the operator: {reckoning.mended}")
    said = reckoning.verified.said.strip().splitlines()
    out.print(f"netvaerk verify: exit code {reckoning.verified.code}: {said[-1:]}", markup=False)


def main() -> None:
    """Read the command line, run, and tell."""
    parser = argparse.ArgumentParser(prog="tests.faults.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="how long faults happen")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--rate", type=float, default=25.0, help="commands a second of the writers")
    parser.add_argument("--keep", action="store_true", help="keep data and logs in any case")
    asked = parser.parse_args()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # its servers come and go
    out = Console() if sys.stdout.isatty() else Console(width=140, height=50)
    folder = LOCAL / "soak"
    shutil.rmtree(folder, ignore_errors=True)
    out.print(f"seed {asked.seed}, {asked.minutes:g} minutes, data in {folder}")
    run = asyncio.run(soak(asked.minutes, asked.seed, folder, asked.rate, out))
    show(run, out)
    (LOCAL / "soak.json").write_text(json.dumps(run.as_json(), indent=2) + "\n")
    if run.ok and not asked.keep:
        shutil.rmtree(folder)
    sys.exit(not run.ok)


if __name__ == "__main__":
    main()
