"""Every kind of fault there is, and the order in which they come."""

import random
from collections.abc import Callable, Iterator, Mapping

from tests.faults.fault import Fault, Site
from tests.faults.kills import (
    KillApi,
    KillBeforeMark,
    KillInTransaction,
    KillKafka,
    KillMongo,
    LateKafka,
    SecondWorker,
)
from tests.faults.pauses import PauseApi, PauseKafka, PauseMongo, PauseWorker
from tests.faults.plantings import Bytes, Duplicates, Fork, Gap, Poison
from tests.faults.system import APIS
from tests.faults.topics import TopicLost, TopicRecreated

Make = Callable[[Site, random.Random], Fault]

_TELLERS = ("themes", "networks", "training")
_SERVICES = ("themes", "networks", "training", "notifications")


def _api(kind: type[KillApi] | type[PauseApi]) -> Make:
    def make(site: Site, rng: random.Random) -> Fault:
        service = rng.choice(_TELLERS)
        return kind(site, service=service, instance=rng.randint(1, APIS[service]))

    return make


def _of_service(
    kind: type[KillBeforeMark | KillInTransaction | SecondWorker | PauseWorker],
) -> Make:
    return lambda site, rng: kind(site, service=rng.choice(_SERVICES))


def _of_topic(kind: type[TopicLost]) -> Make:
    return lambda site, rng: kind(site, service=rng.choice(_TELLERS))


def _plain(kind: type[Fault]) -> Make:
    return lambda site, _: kind(site)


KINDS: Mapping[str, Make] = {
    KillApi.kind: _api(KillApi),
    KillBeforeMark.kind: _of_service(KillBeforeMark),
    KillInTransaction.kind: _of_service(KillInTransaction),
    KillMongo.kind: _plain(KillMongo),
    KillKafka.kind: _plain(KillKafka),
    PauseApi.kind: _api(PauseApi),
    PauseWorker.kind: _of_service(PauseWorker),
    PauseMongo.kind: _plain(PauseMongo),
    PauseKafka.kind: _plain(PauseKafka),
    SecondWorker.kind: _of_service(SecondWorker),
    LateKafka.kind: _plain(LateKafka),
    TopicLost.kind: _of_topic(TopicLost),
    TopicRecreated.kind: _of_topic(TopicRecreated),
    Duplicates.kind: _plain(Duplicates),
    Gap.kind: _plain(Gap),
    Fork.kind: _plain(Fork),
    Poison.kind: _plain(Poison),
    Bytes.kind: _plain(Bytes),
}
"""A kind -> how one of it is made, with a target by chance."""


def rounds(rng: random.Random) -> Iterator[Make]:
    """Give kinds for ever: each once in every round, in an order by chance."""
    while True:
        order = list(KINDS.values())
        rng.shuffle(order)
        yield from order
