"""The mandate contract is drafted, amended and agreed."""

from collections.abc import Mapping

from shared.contracts.networks.parts import ContractSection
from shared.contracts.vocabulary import (
    ContractCause,
    MandateParty,
    PersonId,
)
from shared.kernel.events import Event


class MandateContractDrafted(Event):
    """Content, roles and responsibility are distributed among the parties (R146, R147)."""

    contract_version: int
    parties: tuple[MandateParty, ...]
    sections: Mapping[MandateParty, ContractSection]


class MandateContractAmended(Event):
    """The contract got a new version; all have to agree again (R146)."""

    contract_version: int
    cause: ContractCause
    parties: tuple[MandateParty, ...]
    sections: Mapping[MandateParty, ContractSection]


class RolesRedefined(Event):
    """Leader and reference leader took new roles at the test, beside the amendment (R161)."""

    contract_version: int
    leader_id: PersonId | None = None
    reference_leader_id: PersonId | None = None


class MandateContractPartyAgreed(Event):
    """One party agreed to a version of the contract; `missing` names those still to come."""

    contract_version: int
    party: MandateParty
    person_id: PersonId | None = None
    missing: tuple[MandateParty, ...]


class MandateContractAgreed(Event):
    """All parties that this network has agreed (R146)."""

    contract_version: int
    parties: tuple[MandateParty, ...]


MandateEvent = (
    MandateContractDrafted
    | MandateContractAmended
    | RolesRedefined
    | MandateContractPartyAgreed
    | MandateContractAgreed
)
