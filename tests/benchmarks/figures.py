"""What a figure is: repeats of ours, of what stands beside it, and what is aimed for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Literal

from tests.benchmarks.part import Json


@dataclass(frozen=True)
class Figure:
    """One line of the table; `ours` and `beside` are measured in turns, repeat by repeat.

    Where there is something beside it, what counts is the ratio of each pair, ours divided by the
    other's; otherwise ours alone. `aim` is a least value, or a greatest one where `less` is better.
    """

    name: str
    unit: str
    ours: Sequence[float]
    beside: Sequence[float] = ()
    against: str = ""
    """What `beside` is."""
    aim: float | None = None
    better: Literal["more", "less"] = "more"
    detail: Mapping[str, Any] = field(default_factory=dict)
    """What explains it: processor time, counts, other percentiles."""

    @property
    def ratios(self) -> list[float]:
        """Ours divided by the other's, for each repeat."""
        if not self.beside:
            return []
        return [mine / other for mine, other in zip(self.ours, self.beside, strict=True)]

    @property
    def measured(self) -> float:
        """The median of what counts."""
        return median(self.ratios or self.ours)

    @property
    def met(self) -> bool | None:
        """Whether the aim is met; None where there is none."""
        if self.aim is None:
            return None
        return self.measured >= self.aim if self.better == "more" else self.measured <= self.aim

    def as_json(self) -> dict[str, Any]:
        """All of it, with medians and spread."""
        return {
            "name": self.name,
            "unit": self.unit,
            "ours": spread(self.ours),
            "beside": spread(self.beside),
            "against": self.against,
            "ratio": spread(self.ratios),
            "aim": self.aim,
            "better": self.better,
            "met": self.met,
            "detail": dict(self.detail),
        }


def spread(values: Sequence[float]) -> dict[str, Any] | None:
    """Median, least and greatest, and every repeat; None where there are none."""
    if not values:
        return None
    rounded = [_rounded(each) for each in values]
    return {
        "median": _rounded(median(values)),
        "least": min(rounded),
        "greatest": max(rounded),
        "repeats": rounded,
    }


def both(name: str, ours: Sequence[Json], beside: Sequence[Json]) -> Json:
    """One of the values that parts told, of ours and of what stood beside it."""
    return {"ours": [each[name] for each in ours], "beside": [each[name] for each in beside]}


def line(name: str, ours: Json, beside: Json) -> str:
    """One turn for people: how many a second, and the processor time of each in microseconds."""
    (mine, my_cpu), (other, other_cpu) = (
        (each["per_s"], each["cpu_us"]) for each in (ours, beside)
    )
    return (
        f"{name}: {mine:,.0f}/s beside {other:,.0f}/s ({mine / other:.2f}); "
        f"processor {my_cpu:.0f} us beside {other_cpu:.0f} us ({other_cpu / my_cpu:.2f})"
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all is not above."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _rounded(value: float) -> float:
    return float(f"{value:.5g}")
