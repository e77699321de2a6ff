"""The reference leader: the network's coupling to the base, taken on by own choice (M7)."""

from collections.abc import Sequence

from services.networks.domain.known import LeaderCrews
from services.networks.domain.network.crew import AppointmentCommand
from services.networks.domain.network.frame import hold_order, may_go_without_reference_leader
from services.networks.domain.network.state import Network, NetworkCommand, NetworkState, evolve
from shared.contracts.networks import (
    MandateContractAgreed,
    NetworkEvent,
    ReferenceLeaderAssigned,
    ReferenceLeaderOptedIn,
    ReferenceLeaderOptOutRecorded,
    ReferenceLeaderReleased,
    ReferenceLeaderReplaced,
)
from shared.contracts.vocabulary import OptInChoice
from shared.kernel.commands import Context, NoteText
from shared.kernel.facts import Ask
from shared.kernel.permissions import oneself
from shared.kernel.refusals import Refused
from shared.people import CHOOSING, Person


class AnswerReferenceLeadership(NetworkCommand):
    """Say for oneself whether one is willing to be the network's reference leader."""

    may = oneself()  # P14

    choice: OptInChoice
    stake: NoteText | None = None
    """What share one sees in the theme (R155)."""

    def decide_open(self, network: Network, ctx: Context) -> Sequence[NetworkEvent]:
        """Take the answer; the one assigned can withdraw it until the start, not after."""
        person_id = ctx.actor.person_id
        assert person_id is not None
        roles = network.roles
        willing = person_id in roles.opted_in
        if self.choice is OptInChoice.OPT_IN:
            if willing:
                return []
            return [
                ReferenceLeaderOptedIn(
                    on=ctx.on,
                    person_id=person_id,
                    theme_id=network.theme_id,
                    stake_note=self.stake and ctx.note(self.stake, about=person_id),
                )
            ]
        assigned = roles.crew.reference_leader_id == person_id
        if assigned and network.is_under_way:
            raise Refused("network_already_started", "R150")
        if not willing and not assigned:
            return []
        withdrawn = ReferenceLeaderOptOutRecorded(
            on=ctx.on,
            person_id=person_id,
            was_assigned=assigned,
            leader_id=roles.crew.leader_id if assigned else None,
            contract_version=(network.contract.version or None) if assigned else None,
        )
        return [withdrawn, *_agreed_without(network, withdrawn)]


class AssignReferenceLeader(AppointmentCommand):
    """Couple the network to the base by a reference leader, or by another one."""

    may = CHOOSING  # P15

    def asks(self, state: NetworkState) -> Sequence[Ask]:
        """The person's level and forums, and the leader's other networks."""
        leader = state.roles.leader if isinstance(state, Network) else None
        crews = (LeaderCrews.at(leader.person_id),) if leader else ()
        return (Person.at(self.person_id), *crews)

    def decide_open(self, network: Network, ctx: Context) -> Sequence[NetworkEvent]:
        """Hold one reference leader at a time, who has opted in and is at the type's level."""
        present = network.roles.reference_leader
        if present and present.person_id == self.person_id:
            return []
        if self.person_id not in network.roles.opted_in:
            raise Refused("reference_leader_not_opted_in", "R150")
        if present and present.person_id != self.replaces:
            raise Refused("reference_leader_already_assigned", "R149")
        self.hold_succession(present, ctx, "R149")

        person = ctx.facts.get(Person, self.person_id)
        self._check_level(network, person, ctx)
        leader_id = network.roles.crew.leader_id
        self.remark_two_reference_leaders(leader_id, self.person_id, ctx)
        told = {
            "on": ctx.on,
            "person_id": self.person_id,
            "leader_id": leader_id,
            "is_director": person.is_director,
            "in_chief_forum": person.in_chief_forum,
            "org_unit_id": person.org_unit_id,
            "contract_version": network.contract.version or None,
        }
        if present is None:
            return [ReferenceLeaderAssigned(**told)]
        return [
            ReferenceLeaderReplaced(
                replaced_id=present.person_id,
                reason_note=self.reason and ctx.note(self.reason, about=present.person_id),
                **told,
            )
        ]

    def _check_level(self, network: Network, person: Person, ctx: Context) -> None:
        level = ctx.policy.types[network.network_type].reference_leader
        if level == "director":
            ctx.default("not_at_director_level", "R78", broken=not person.is_director)
            return
        # Later in the course the need may have changed: a reason to replace is then enough (R148).
        later = self.replaces is not None and network.is_under_way
        outside = not person.in_chief_forum
        rule = "R81" if level == "chefforum" else "R148"
        ctx.default("reference_leader_not_in_chief_forum", rule, broken=outside and not later)
        ctx.warn("reference_leader_not_in_chief_forum", "R148", when=outside and later)


class ReleaseReferenceLeader(NetworkCommand):
    """Let a network go on without its reference leader, as only a learning network may."""

    may = CHOOSING  # P15

    reason: NoteText

    def decide_open(self, network: Network, ctx: Context) -> Sequence[NetworkEvent]:
        """Release the one there is; in other networks somebody else takes over (R144)."""
        if not may_go_without_reference_leader(network, ctx):
            raise Refused("only_learning_may_go_without", "R144")
        present = network.roles.reference_leader
        if present is None:
            return []
        hold_order(ctx, present.since, "R144")
        released = ReferenceLeaderReleased(
            on=ctx.on,
            person_id=present.person_id,
            leader_id=network.roles.crew.leader_id,
            reason_note=ctx.note(self.reason, about=present.person_id),
            contract_version=network.contract.version or None,
        )
        return [released, *_agreed_without(network, released)]


def _agreed_without(
    network: Network, left: ReferenceLeaderOptOutRecorded | ReferenceLeaderReleased
) -> Sequence[NetworkEvent]:
    """The contract is agreed when all others have, and only the one who leaves had not (R146)."""
    after = evolve(network, left)
    assert isinstance(after, Network)
    if network.contract_is_agreed or not after.contract_is_agreed:
        return []
    return [
        MandateContractAgreed(
            on=left.on, contract_version=after.contract.version, parties=after.parties
        )
    ]
