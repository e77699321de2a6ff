"""The crew: a network's leader and co-driver (M7); the reference leader is in `crew_reference`.

Whoever replaces somebody says whom, so that nobody is replaced by accident.
"""

from collections.abc import Sequence
from uuid import UUID

from services.networks.domain.known import Leader, LeaderCrews
from services.networks.domain.network.frame import hold_order
from services.networks.domain.network.roles import Holder
from services.networks.domain.network.state import LEADER, Network, NetworkCommand, NetworkState
from shared.contracts.networks import (
    CoDriverAssigned,
    CoDriverReleased,
    NetworkEvent,
    NetworkLeaderAssigned,
    NetworkLeaderReplaced,
)
from shared.contracts.vocabulary import Competence, PersonId
from shared.kernel.commands import Context, NoteText
from shared.kernel.facts import Ask
from shared.kernel.permissions import its
from shared.kernel.refusals import Malformed, Refused
from shared.people import CHOOSING, Deciders, Person, check_deciders, deciders


class AppointmentCommand(NetworkCommand):
    """A command that gives a role to a person, in place of another when it `replaces` one."""

    person_id: PersonId
    replaces: PersonId | None = None
    reason: NoteText | None = None
    """Why somebody is replaced; asked for with `replaces`."""

    def hold_succession(self, present: Holder | None, ctx: Context, rule: str) -> None:
        """Hold that whoever is replaced holds the role, came before, and is told why."""
        if self.replaces is None:
            return
        if present is None:
            raise Refused("nobody_to_replace", rule)
        if self.reason is None:
            raise Malformed("replaced_without_reason", rule)
        hold_order(ctx, present.since, rule)

    @staticmethod
    def remark_two_reference_leaders(
        leader_id: PersonId | None, reference_leader_id: PersonId | None, ctx: Context
    ) -> None:
        """Remark on a leader who has another reference leader in another network (R149)."""
        crews = ctx.facts.find(LeaderCrews, leader_id) if leader_id else None
        elsewhere = crews is not None and crews.has_another(reference_leader_id, than_in=ctx.key)
        ctx.warn("two_reference_leaders", "R149", when=elsewhere)


class AssignNetworkLeader(AppointmentCommand):
    """Give the network its leader, or another one."""

    may = CHOOSING  # P13

    decided_by: Deciders
    assessment_id: UUID | None = None
    """The assessment of the ten competences that the choice rests on, the person's own or not."""
    line_manager_id: PersonId | None = None
    """The leader's line manager, where the directory does not know."""

    def asks(self, state: NetworkState) -> Sequence[Ask]:
        """The leader's qualification, line manager and other networks, and those who decided."""
        return (
            Leader.at(self.person_id),
            LeaderCrews.at(self.person_id),
            Person.at(self.person_id),
            *deciders(self.decided_by),
        )

    def decide_open(self, network: Network, ctx: Context) -> Sequence[NetworkEvent]:
        """Hold one leader at a time, who is qualified and chosen on an assessment."""
        roles = network.roles
        present = roles.leader
        if present and present.person_id == self.person_id:
            return []
        if roles.co_driver and roles.co_driver.person_id == self.person_id:
            raise Refused("leader_is_co_driver", "R131")
        if present and present.person_id != self.replaces:
            raise Refused("network_leader_already_assigned", "R126")
        self.hold_succession(present, ctx, "R126")
        check_deciders(ctx, self.decided_by)

        known = ctx.facts.find(Leader, self.person_id) or Leader(person_id=self.person_id)
        exempt = network.network_type in ctx.policy.leaders.exempt_types  # R112
        ctx.default(
            "leader_not_qualified",
            "R168" if known.is_on_the_way else "R111",
            broken=not known.is_qualified and not exempt,
            by=CHOOSING,
        )
        ctx.default(
            "no_assessment_cited",
            "R124" if exempt else "R113",
            broken=self.assessment_id is None,
            by=CHOOSING,
        )
        ctx.warn("leader_not_available", "R125", when=not known.is_available_on(ctx.on))
        reference_leader_id = network.roles.crew.reference_leader_id
        self.remark_two_reference_leaders(self.person_id, reference_leader_id, ctx)
        person = ctx.facts.find(Person, self.person_id)
        told = {
            "on": ctx.on,
            "person_id": self.person_id,
            "line_manager_id": self.line_manager_id or (person and person.line_manager_id),
            "network_type": network.network_type,
            "title": network.title,
            "assessment_id": self.assessment_id,
            "qualified": known.is_qualified,
            "in_pool": known.in_pool,
            "decided_by": tuple(sorted(self.decided_by)),
            "reference_leader_id": reference_leader_id,
            "contract_version": network.contract.version or None,
        }
        if present is None:
            return [NetworkLeaderAssigned(**told)]
        return [
            NetworkLeaderReplaced(
                replaced_id=present.person_id,
                replaced_since=present.since,
                reason_note=self.reason and ctx.note(self.reason, about=present.person_id),
                co_driver_id=roles.co_driver.person_id if roles.co_driver else None,
                **told,
            )
        ]


class AssignCoDriver(NetworkCommand):
    """Give the leader a co-driver, whom the leader chooses (R133)."""

    may = LEADER  # P16

    person_id: PersonId
    theme_expertise: bool
    complements: frozenset[Competence] = frozenset()
    """The competences in which the co-driver complements the leader (R134)."""
    rationale: NoteText
    assessment_id: UUID | None = None
    line_manager_id: PersonId | None = None
    """The co-driver's line manager, where the directory does not know."""

    def asks(self, state: NetworkState) -> Sequence[Ask]:
        """The co-driver's line manager, and whether they can be asked."""
        return (Leader.at(self.person_id), Person.at(self.person_id))

    def decide_open(self, network: Network, ctx: Context) -> Sequence[NetworkEvent]:
        """Hold one co-driver at a time, there from the first phase on (R137)."""
        leader, present, reference_leader = (
            network.roles.leader,
            network.roles.co_driver,
            network.roles.reference_leader,
        )
        if present and present.person_id == self.person_id:
            return []
        if leader is None:
            raise Refused("network_has_no_leader", "R131")
        if leader.person_id == self.person_id:
            raise Refused("co_driver_is_leader", "R131")
        if present:
            raise Refused("co_driver_already_assigned", "R131")
        late = network.course.phases_completed > 0
        ctx.default("assigned_after_phase_1", "R137", broken=late, by=LEADER)  # P56
        ctx.default(
            "no_assessment_cited",
            "R135",
            broken=self.assessment_id is None,
            by=its("leader") | CHOOSING,  # P55
        )
        alike = not self.complements and not self.theme_expertise
        ctx.warn("complements_nothing", "R134", when=alike)
        known = ctx.facts.find(Leader, self.person_id)
        away = known is not None and not known.is_available_on(ctx.on)
        ctx.warn("co_driver_not_available", "R125", when=away)
        both = reference_leader is not None and reference_leader.person_id == self.person_id
        ctx.warn("co_driver_is_reference_leader", "R131", when=both)
        person = ctx.facts.find(Person, self.person_id)
        return [
            CoDriverAssigned(
                on=ctx.on,
                person_id=self.person_id,
                leader_id=leader.person_id,
                line_manager_id=self.line_manager_id or (person and person.line_manager_id),
                network_type=network.network_type,
                theme_id=network.theme_id,
                title=network.title,
                theme_expertise=self.theme_expertise,
                complements=tuple(each for each in Competence if each in self.complements),
                rationale_note=ctx.note(self.rationale, about=self.person_id),
                assessment_id=self.assessment_id,
                late=late,
            )
        ]


class ReleaseCoDriver(NetworkCommand):
    """Let the co-driver go before the end, which gives no experience (R137)."""

    may = LEADER  # P16

    reason: NoteText | None = None

    def decide_open(self, network: Network, ctx: Context) -> Sequence[NetworkEvent]:
        """Release the one there is, and say why; one who left this very day has left already."""
        present = network.roles.co_driver
        if present is None:
            if network.roles.co_driver_left_on == ctx.on:
                return []
            raise Refused("no_co_driver", "R131")
        hold_order(ctx, present.since, "R137")
        ctx.default(
            "release_without_reason",
            "R137",
            broken=self.reason is None,
            by=LEADER,  # P56
        )
        return [
            CoDriverReleased(
                on=ctx.on,
                person_id=present.person_id,
                line_manager_id=present.line_manager_id,
                since=present.since,
                until=ctx.on,
                reason_note=self.reason and ctx.note(self.reason, about=present.person_id),
            )
        ]
