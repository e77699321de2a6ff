"""The mandate contract: what each party of the network brings, and their agreement to it (M6).

The parties are those of the four roles that this network has. The texts are about persons, so
they are notes; the facts carry a seal of each party's section.
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.networks.domain.network.state import LEADER, Network, NetworkCommand
from shared.contracts.networks import (
    ContractSection,
    MandateContractAgreed,
    MandateContractAmended,
    MandateContractDrafted,
    MandateContractPartyAgreed,
    NetworkEvent,
    RolesRedefined,
)
from shared.contracts.vocabulary import ContractCause, MandateParty
from shared.kernel.commands import Context, NoteText
from shared.kernel.permissions import its, role
from shared.kernel.refusals import Refused


class SectionText(BaseModel):
    """What one party brings: content, role and responsibility, which may come one by one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    content: NoteText | None = None
    role: NoteText | None = None
    responsibility: NoteText | None = None

    @property
    def texts(self) -> tuple[str | None, ...]:
        """The three texts in their order."""
        return (self.content, self.role, self.responsibility)

    @property
    def seal(self) -> str:
        """The same for the same three texts, and for no others."""
        return sha256(json.dumps(self.texts).encode()).hexdigest()


class DraftMandateContract(NetworkCommand):
    """Write the mandate contract, or a new version of it that all have to agree to again."""

    may = LEADER  # P21

    sections: Annotated[Mapping[MandateParty, SectionText], Field(min_length=1)]
    cause: ContractCause = ContractCause.AMENDMENT
    """Why there is a new version; the first draft needs no cause."""

    def decide_open(self, network: Network, ctx: Context) -> Sequence[NetworkEvent]:
        """Distribute the sections among the network's parties; the same texts again are nothing.

        To redefine the roles in the same words is a new version all the same (R161).
        """
        contract = network.contract
        strangers = [party for party in self.sections if party not in network.parties]
        if strangers:
            raise Refused("stranger_in_contract", "R147", parties=strangers)
        redefining = self.cause is ContractCause.ROLES_REDEFINED
        if redefining and not all(each.is_over for each in network.course.working):
            raise Refused("roles_redefined_before_test", "R161")
        before = {party: section.sha256 for party, section in contract.sections.items()}
        same = before == {party: section.seal for party, section in self.sections.items()}
        if same and (not redefining or contract.redefined_in == contract.version):
            return []
        version = contract.version + 1
        sections = {
            party: self._section(party, network, ctx)
            for party in MandateParty
            if party in self.sections
        }
        drafted: NetworkEvent
        if contract.version == 0:
            drafted = MandateContractDrafted(
                on=ctx.on, contract_version=version, parties=network.parties, sections=sections
            )
        else:
            drafted = MandateContractAmended(
                on=ctx.on,
                contract_version=version,
                cause=self.cause,
                parties=network.parties,
                sections=sections,
            )
        if not redefining:
            return [drafted]
        crew = network.roles.crew
        redefined = RolesRedefined(
            on=ctx.on,
            contract_version=version,
            leader_id=crew.leader_id,
            reference_leader_id=crew.reference_leader_id,
        )
        return [drafted, redefined]

    def _section(self, party: MandateParty, network: Network, ctx: Context) -> ContractSection:
        text = self.sections[party]
        present = network.contract.sections.get(party)
        if present and present.sha256 == text.seal:
            return present
        about = network.roles.party(party)
        content, role_, responsibility = (each and ctx.note(each, about) for each in text.texts)
        return ContractSection(
            content_note=content,
            role_note=role_,
            responsibility_note=responsibility,
            sha256=text.seal,
            complete=all(text.texts),
        )


class AgreeMandateContract(NetworkCommand):
    """Agree to a version of the contract, for one's own part alone."""

    may = (
        its("leader") | its("reference_leader") | its("line_manager") | role("secretariat")  # P22
    )

    party: MandateParty
    version: Annotated[int, Field(ge=1, le=100_000)]

    def decide_open(self, network: Network, ctx: Context) -> Sequence[NetworkEvent]:
        """Hold that the party itself agrees, to the present version with every section filled."""
        contract = network.contract
        if not self._is_own(network, ctx):
            raise Refused("not_that_party", "R146", party=self.party)
        if contract.version != self.version:
            raise Refused("contract_version_changed", "R146", present=contract.version)
        if self.party in contract.agreed:
            return []
        strangers = [party for party in contract.sections if party not in network.parties]
        if strangers:
            raise Refused("stranger_in_contract", "R147", parties=strangers)
        sections = {party: contract.sections.get(party) for party in network.parties}
        empty = [party for party, text in sections.items() if text is None or not text.complete]
        if empty:
            raise Refused("contract_section_empty", "R147", parties=empty)
        agreed = contract.agreed | {self.party}
        missing = tuple(party for party in network.parties if party not in agreed)
        party_agreed = MandateContractPartyAgreed(
            on=ctx.on,
            contract_version=contract.version,
            party=self.party,
            person_id=ctx.actor.person_id,
            missing=missing,
        )
        if missing:
            return [party_agreed]
        all_agreed = MandateContractAgreed(
            on=ctx.on, contract_version=contract.version, parties=network.parties
        )
        return [party_agreed, all_agreed]

    def _is_own(self, network: Network, ctx: Context) -> bool:
        if ctx.person_id != ctx.actor.person_id:
            return False
        if self.party is MandateParty.SECRETARIAT:
            return ctx.actor.has("secretariat")
        return ctx.person_id is not None and network.roles.party(self.party) == ctx.person_id
