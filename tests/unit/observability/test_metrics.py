"""Metrics are named alike and carry nobody's name."""

import pytest
from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase

from shared.kernel.refusals import NotYet, Refused, Stale
from shared.observability import metrics
from shared.observability.counting import counting

OURS = [each for each in vars(metrics).values() if isinstance(each, MetricWrapperBase)]
LABELS = {
    *("service", "method", "route", "status", "command", "outcome", "topic", "partition"),
    *("reaction", "channel", "lease"),
}


def counted(outcome: str) -> float:
    labels = {"service": "gardens", "command": "PlantGarden", "outcome": outcome}
    return REGISTRY.get_sample_value("netvaerk_commands_total", labels) or 0.0


def test_every_metric_has_the_prefix_a_unit_and_known_labels() -> None:
    assert len(OURS) > 15
    for metric in OURS:
        assert metric._name.startswith("netvaerk_")
        assert "milli" not in metric._name
        assert set(metric._labelnames) <= LABELS


def test_a_command_is_counted_by_what_came_of_it() -> None:
    with counting("gardens", "PlantGarden") as count:
        count.outcome = "accepted"
    assert counted("accepted") == 1.0


@pytest.mark.parametrize(
    ("problem", "outcome"),
    [
        (Refused("too_many_beds"), "refused"),
        (Stale("version_stale"), "stale"),
        (NotYet("evidence_missing"), "not_yet"),
        (RuntimeError(), "failed"),
    ],
)
def test_what_is_turned_away_is_counted_and_still_raised(problem: Exception, outcome: str) -> None:
    before = counted(outcome)
    with pytest.raises(type(problem)), counting("gardens", "PlantGarden"):
        raise problem
    assert counted(outcome) == before + 1
