"""What is counted and measured, in base units; no ids and no names of persons as labels."""

from functools import cache

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

REQUESTS = Counter(
    "netvaerk_http_requests_total",
    "Requests answered, by route and status.",
    ("service", "method", "route", "status"),
)
REQUEST_SECONDS = Histogram(
    "netvaerk_http_request_duration_seconds",
    "How long requests took.",
    ("service", "method", "route"),
    buckets=_SECONDS,
)
COMMANDS = Counter(
    "netvaerk_commands_total",
    "Commands decided, from HTTP, reactions and deadlines, by what came of them.",
    ("service", "command", "outcome"),
)
COMMAND_SECONDS = Histogram(
    "netvaerk_command_duration_seconds",
    "From a command's arrival in dispatch to its answer.",
    ("service", "command"),
    buckets=_SECONDS,
)


@cache
def request_metrics(
    service: str, method: str, route: str, status: int
) -> tuple[Counter, Histogram]:
    """The two of a route, looked up once: that costs more than the counting."""
    labels = (service, method, route)
    return REQUESTS.labels(*labels, status), REQUEST_SECONDS.labels(*labels)


@cache
def command_metrics(service: str, command: str, outcome: str) -> tuple[Counter, Histogram]:
    """The two of a command, looked up once."""
    return COMMANDS.labels(service, command, outcome), COMMAND_SECONDS.labels(service, command)


COMMITS_PER_BATCH = Histogram(
    "netvaerk_commits_per_batch",
    "Commits that one insert carried (group commit).",
    ("service",),
    buckets=(1, 2, 4, 8, 16, 32, 64, 128),
)
PUBLISHED = Counter(
    "netvaerk_events_published_total", "Events acknowledged by the broker.", ("service",)
)
UNPUBLISHED = Gauge(
    "netvaerk_unpublished_commits", "Commits the relay has still to publish.", ("service",)
)
OLDEST_UNPUBLISHED_SECONDS = Gauge(
    "netvaerk_oldest_unpublished_seconds", "Age of the oldest unpublished commit.", ("service",)
)
PROJECTED = Counter(
    "netvaerk_events_projected_total",
    "Events taken by the projector, by what came of them.",
    ("service", "outcome"),
)
PROJECTOR_LAG_EVENTS = Gauge(
    "netvaerk_projector_lag_events", "Events not yet projected.", ("service", "topic", "partition")
)
PROJECTOR_LAG_SECONDS = Gauge(
    "netvaerk_projector_lag_seconds", "Age of the oldest event not yet projected.", ("service",)
)
TOPICS_BEGUN_AGAIN = Counter(
    "netvaerk_topics_begun_again_total",
    "Partitions read from the beginning because they were made anew or had lost records.",
    ("topic",),
)
PARKED_STREAMS = Gauge(
    "netvaerk_parked_streams", "Streams a view or a reaction cannot take.", ("service",)
)
READ_WAITS = Counter(
    "netvaerk_read_waits_total",
    "Reads and commands that waited for a position, by what came of it.",
    ("service", "outcome"),
)
REACTIONS = Counter(
    "netvaerk_reactions_total",
    "Commands sent by reactions, by what came of them.",
    ("service", "reaction", "outcome"),
)
DEADLINES = Counter(
    "netvaerk_deadlines_total",
    "Commands sent by deadlines, by what came of them.",
    ("service", "command", "outcome"),
)
DELIVERIES = Counter(
    "netvaerk_deliveries_total",
    "Notifications handed to a channel, by what came of them.",
    ("channel", "outcome"),
)
