"""What a process says of itself when it is asked whether it is ready."""

import asyncio
from collections.abc import Mapping
from typing import Any

from shared.eventstore.producer import answers
from shared.kernel.refusals import NotYet
from shared.observability.metrics import OLDEST_UNPUBLISHED_SECONDS, UNPUBLISHED
from shared.runtime.assembly import Assembly

_LOOK_S = 2.0


async def health(assembly: Assembly) -> Mapping[str, Mapping[str, Any]]:
    """Look at MongoDB, Kafka, the relay and the projector; none of it is waited for long."""
    mongodb, kafka = await asyncio.gather(
        _mongodb(assembly), answers(assembly.settings.kafka_bootstrap, within_s=_LOOK_S)
    )
    return {
        "mongodb": mongodb,
        "kafka": {"ok": kafka},
        "projector": {
            "ok": True,  # what it has trouble with lags, and says so; the service answers
            "lag_events": assembly.projector.lag_events,
            "parked_streams": assembly.projector.parked_streams,
            "trouble": assembly.projector.trouble,
        },
    }


async def _mongodb(assembly: Assembly) -> Mapping[str, Any]:
    if not assembly.prepared.is_set():
        return {"ok": False}
    try:
        async with asyncio.timeout(_LOOK_S):
            backlog = await assembly.relay.backlog()
    except (NotYet, TimeoutError):
        return {"ok": False}
    UNPUBLISHED.labels(assembly.service.name).set(backlog.commits)
    OLDEST_UNPUBLISHED_SECONDS.labels(assembly.service.name).set(backlog.oldest_s)
    return {
        "ok": True,
        "unpublished_commits": backlog.commits,
        "oldest_unpublished_s": round(backlog.oldest_s, 3),
    }
