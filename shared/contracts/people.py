"""The directory as it is told: the state of each person, replaced by every later revision.

The one place with names and addresses (D12). Its topic is compacted and has its own access list;
a deletion is a tombstone, which readers take in as PersonErased.
"""

from shared.contracts.vocabulary import Forum, OrgUnitId, PersonId
from shared.kernel.events import Event, StreamKind


class PersonListed(Event):
    """A person as the municipality's registry has them; the stream's key is the person's id.

    `management_level` counts from 1, the municipal director; None for who manages nobody.
    """

    name: str
    email: str | None = None
    language: str = "da"
    org_unit_id: OrgUnitId | None = None
    line_manager_id: PersonId | None = None
    management_level: int | None = None
    forums: frozenset[Forum] = frozenset()


class PersonErased(Event):
    """The person is no longer in the directory, nor anywhere else."""


PersonState = PersonListed | PersonErased

PERSON = StreamKind.of("people", "training", PersonState, "state")

KINDS = (PERSON,)
