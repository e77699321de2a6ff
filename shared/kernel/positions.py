"""Places in a stream, as clients see and send them."""

import re
from dataclasses import dataclass

from shared.kernel.refusals import Malformed

_FORM = re.compile(r"(?P<stream>[a-z][a-z_-]*(?:-[A-Za-z0-9_.:-]+)?)@(?P<version>[0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Position:
    """The place just after event `version` of `stream`; version 0 is before the first."""

    stream: str
    version: int

    def __str__(self) -> str:
        return f"{self.stream}@{self.version}"

    @classmethod
    def parse(cls, text: str) -> "Position":
        """Read `<stream>@<version>`; raises Malformed (`position_malformed`) on anything else."""
        # The length comes first: matching a long text would take its square.
        found = _FORM.fullmatch(text) if len(text) <= 200 else None
        if found is None:
            raise Malformed("position_malformed", given=text[:200])
        return cls(found["stream"], int(found["version"]))
