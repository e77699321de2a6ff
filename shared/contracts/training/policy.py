"""Which rule set applies when."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from shared.kernel.events import Event


class PolicySetPublished(Event):
    """A rule set applies in a period; told again when its end is set or moved (R230).

    Every service reads its own policy file; the fact tells everyone else what applies when.
    `values` are the file's values as they stood, by its own keys; `on` is the day of publishing.
    """

    policy_version: str
    applies_from: date
    applies_to: date | None = None
    values: Mapping[str, Any]


PolicyEvent = PolicySetPublished
