"""The mandate contract of a network as it stands, and how facts about it change that (M6)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never

from shared.contracts.networks import (
    ContractSection,
    MandateContractAgreed,
    MandateContractAmended,
    MandateContractDrafted,
    MandateContractPartyAgreed,
    MandateEvent,
    RolesRedefined,
)
from shared.contracts.vocabulary import MandateParty


@dataclass(frozen=True)
class Contract:
    """The present version; version 0 is before the first draft."""

    version: int = 0
    sections: Mapping[MandateParty, ContractSection] = field(default_factory=dict)
    agreed: frozenset[MandateParty] = frozenset()
    """The parties that have agreed to the present version."""
    redefined_in: int = 0
    """The version in which the roles were last redefined, 0 before they were (R161)."""

    @property
    def roles_redefined(self) -> bool:
        """Whether leader and reference leader have taken new roles."""
        return self.redefined_in > 0

    def without(self, *parties: MandateParty) -> "Contract":
        """Drop the agreement of parties whose role has a new holder (R146)."""
        return replace(self, agreed=self.agreed.difference(parties))


def evolve_contract(contract: Contract, fact: MandateEvent) -> Contract:
    """Change the contract by a fact about it."""
    match fact:
        case MandateContractDrafted() | MandateContractAmended():
            return replace(
                contract,
                version=fact.contract_version,
                sections=fact.sections,
                agreed=frozenset(),
            )
        case MandateContractPartyAgreed():
            return replace(contract, agreed=contract.agreed | {fact.party})
        case MandateContractAgreed():
            return contract  # what the last party's agreement has already brought about
        case RolesRedefined():
            return replace(contract, redefined_in=fact.contract_version)
        case other:
            assert_never(other)
