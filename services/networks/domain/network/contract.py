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
from shared.contracts.vocabulary import MandateParty, PersonId


@dataclass(frozen=True)
class Contract:
    """The present version; version 0 is before the first draft."""

    version: int = 0
    parties: tuple[MandateParty, ...] = ()
    """Those that the present version was drafted for."""
    sections: Mapping[MandateParty, ContractSection] = field(default_factory=dict)
    agreed: Mapping[MandateParty, PersonId | None] = field(default_factory=dict)
    """The parties that have agreed to the present version -> who agreed."""
    roles_redefined: bool = False

    def without(self, *parties: MandateParty) -> "Contract":
        """Drop the agreement of parties whose role has a new holder (R146)."""
        kept = {party: who for party, who in self.agreed.items() if party not in parties}
        return replace(self, agreed=kept)


def evolve_contract(contract: Contract, fact: MandateEvent) -> Contract:
    """Change the contract by a fact about it."""
    match fact:
        case MandateContractDrafted() | MandateContractAmended():
            return replace(
                contract,
                version=fact.contract_version,
                parties=fact.parties,
                sections=fact.sections,
                agreed={},
            )
        case MandateContractPartyAgreed():
            return replace(contract, agreed={**contract.agreed, fact.party: fact.person_id})
        case MandateContractAgreed():
            return contract  # what the last party's agreement has already brought about
        case RolesRedefined():
            return replace(contract, roles_redefined=True)
        case other:
            assert_never(other)
