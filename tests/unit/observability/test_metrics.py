"""Metrics are named alike and carry nobody's name."""

from prometheus_client.metrics import MetricWrapperBase

from shared.observability import metrics

OURS = [each for each in vars(metrics).values() if isinstance(each, MetricWrapperBase)]
LABELS = {
    *("service", "method", "route", "status", "command", "outcome", "topic", "partition"),
    *("reaction", "channel", "lease"),
}


def test_every_metric_has_the_prefix_a_unit_and_known_labels() -> None:
    assert len(OURS) > 15
    for metric in OURS:
        assert metric._name.startswith("netvaerk_")
        assert "milli" not in metric._name
        assert set(metric._labelnames) <= LABELS
