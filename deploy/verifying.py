"""`netvaerk verify`: every service's store, topics and views compared."""

from collections.abc import Iterable

from deploy.operating import operating
from shared.contracts.registry import CODEC
from shared.projections.verify import Difference, verify


def grave(found: Iterable[Difference]) -> list[Difference]:
    """Those that no reader is made to live with; any of them is a failure."""
    return [each for each in found if not each.harmless]


async def differences(*names: str) -> list[Difference]:
    """What differs in the named services, or in all of them."""
    found: list[Difference] = []
    async with operating(*names) as services:
        for each in services:
            where = each.servers
            found += await verify(
                each.service, each.database, where.kafka_bootstrap, CODEC, where.prefix
            )
    return found
