"""Every kind of fault there is, and the order in which they come."""

import random
from collections.abc import Callable, Iterator, Mapping
from itertools import cycle

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


_OFTEN = (KillApi.kind, KillBeforeMark.kind, KillInTransaction.kind)
"""What comes twice in every round."""
_BY_TURNS = (SecondWorker.kind, PauseWorker.kind)
"""What takes half a minute, since a session has to run out: one of these in every round."""


def rounds(rng: random.Random) -> Iterator[Make]:
    """Give kinds for ever, round by round, each round in an order by chance."""
    for turn in cycle(_BY_TURNS):
        left_out = set(_BY_TURNS) - {turn}
        order = [kind for kind in (*KINDS, *_OFTEN) if kind not in left_out]
        rng.shuffle(order)
        yield from (KINDS[kind] for kind in order)
