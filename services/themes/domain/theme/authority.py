"""Who decides on a theme, and who may set its rules aside (P6, P53)."""

from typing import Annotated

from pydantic import Field

from shared.contracts.vocabulary import PersonId
from shared.kernel.commands import Context
from shared.kernel.permissions import May, role
from shared.people import Person

CHOOSING = role("chefforum") | role("secretariat")
"""The chief forum chooses, and the secretariat records it (P5, P6)."""

Deciders = Annotated[frozenset[PersonId], Field(min_length=1, max_length=100)]
"""Those who decided or agreed; at least one."""


def may_set_aside(ctx: Context, decided_by: Deciders) -> May:
    """The chief forum; and the secretariat where it names a known member who decided (P53).

    The command must have asked for the deciders.
    """
    named = [ctx.facts.find(Person, each) for each in decided_by]
    if any(person is not None and person.in_chief_forum for person in named):
        return CHOOSING
    return role("chefforum")
