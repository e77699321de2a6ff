"""The table on the terminal, and the file that is kept."""

import asyncio
import json
import os
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from deploy.local.services import PROJECT
from tests.benchmarks.figures import Figure

FOLDER = PROJECT / "benchmarks"
_PACKAGES = ("aiokafka", "fastapi", "motor", "pydantic", "pymongo", "uvicorn", "uvloop")


def show(figures: Sequence[Figure], console: Console) -> None:
    """Print the table: medians, and the least and the greatest in brackets."""
    table = Table(title="Medians (least to greatest)")
    for heading in ("figure", "ours", "beside", "ratio", "aim", ""):
        table.add_column(heading, justify="left" if heading == "figure" else "right")
    for each in figures:
        table.add_row(
            each.name,
            _said(each.ours, each.unit),
            f"{_said(each.beside, each.unit)}\n{each.against}" if each.beside else "-",
            _said(each.ratios) if each.beside else "-",
            _aim(each),
            {True: "met", False: "[red]short[/red]", None: "shown"}[each.met],
        )
    console.print(table)


def _said(values: Sequence[float], unit: str = "") -> str:
    return f"{_number(median(values))} {unit} ({_number(min(values))} to {_number(max(values))})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _aim(figure: Figure) -> str:
    if figure.aim is None:
        return "-"
    return f"{'≥' if figure.better == 'more' else '≤'} {figure.aim:g}"


_MEASURED = ("services", "shared", "deploy", "tests/benchmarks", "uv.lock")


async def write(
    figures: Sequence[Figure], how: dict[str, Any], machine: Mapping[str, float]
) -> Path:
    """Keep the figures, with the machine and the commit they were measured on."""
    commit = await _git("rev-parse", "--short", "HEAD")
    changed = await _git("status", "--porcelain", "--", *_MEASURED)
    now = datetime.now(UTC)
    written = {
        "at": now.isoformat(timespec="seconds"),
        "commit": commit,
        "uncommitted_changes": bool(changed),
        "how": how,
        "machine": {
            "cores": os.cpu_count(),
            "processor": _processor(),
            "python": platform.python_version(),
            **machine,
        },
        "packages": {name: version(name) for name in _PACKAGES},
        "figures": [each.as_json() for each in figures],
    }
    path = FOLDER / f"{now:%Y-%m-%dT%H%M}-{commit}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(written, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return path


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    found = (each.partition(":")[2].strip() for each in lines if each.startswith("model name"))
    return next(found, platform.processor())


async def _git(*arguments: str) -> str:
    process = await asyncio.create_subprocess_exec(
        "git", *arguments, cwd=PROJECT, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    return said.decode().strip()
