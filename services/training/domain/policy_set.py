"""The rule sets of the network structure: which one applies from when.

One stream for all of them, so that their dates cannot overlap. A set is published once; after that
only its end may be set or moved, which is how an open one makes room for the next.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, assert_never

from pydantic import ValidationError

from shared.contracts.training import POLICY, PolicyEvent, PolicySetPublished
from shared.contracts.vocabulary import Name
from shared.kernel.commands import Aggregate, Command, Context
from shared.kernel.permissions import SYSTEM
from shared.kernel.reactions import Send
from shared.kernel.refusals import Malformed, Refused
from shared.policy import Policies, Policy

_DATES = {"version", "applies_from", "applies_to"}


@dataclass(frozen=True)
class PublishedSet:
    """A rule set as it was told last; both ends are included."""

    applies_from: date
    applies_to: date | None
    values: Mapping[str, Any]

    def overlaps(self, begins: date, ends: date | None) -> bool:
        """Tell whether a period has a day in common with this one."""
        return (ends is None or self.applies_from <= ends) and (
            self.applies_to is None or begins <= self.applies_to
        )


@dataclass(frozen=True)
class PolicySets:
    """The sets that were published, by version."""

    sets: Mapping[str, PublishedSet] = field(default_factory=dict)


def evolve(state: PolicySets, fact: PolicyEvent) -> PolicySets:
    """Change the rule sets by a fact."""
    match fact:
        case PolicySetPublished():
            told = PublishedSet(fact.applies_from, fact.applies_to, fact.values)
            return PolicySets({**state.sets, fact.policy_version: told})
        case other:
            assert_never(other)


POLICY_SETS: Aggregate[PolicySets, PolicyEvent] = Aggregate(POLICY, PolicySets(), evolve)


class PublishPolicySet(Command[PolicySets, PolicyEvent]):
    """Tell that a rule set applies from a day on, or that its end is set."""

    aggregate = POLICY_SETS
    begins = True
    may = SYSTEM  # P49: the secretariat publishes through the operator's command line

    policy_version: Name
    applies_from: date
    applies_to: date | None = None
    values: Mapping[str, Any]

    def decide(self, state: PolicySets, ctx: Context) -> Sequence[PolicyEvent]:
        """Refuse a set that lacks a key, changes one that is published, or overlaps another."""
        policy = self._checked()
        known = state.sets.get(policy.version)
        if known is not None:
            if known.applies_from != policy.applies_from or not _holds(known, policy):
                raise Refused("policy_already_published", "R230", policy_version=policy.version)
            if known.applies_to == policy.applies_to:
                return []
        for version, other in state.sets.items():
            if version != policy.version and other.overlaps(policy.applies_from, policy.applies_to):
                raise Refused("policy_dates_overlap", "R230", other_version=version)
        return [
            PolicySetPublished(
                on=ctx.on,
                policy_version=policy.version,
                applies_from=policy.applies_from,
                applies_to=policy.applies_to,
                values=values_of(policy),
            )
        ]

    def _checked(self) -> Policy:
        if self.applies_to is not None and self.applies_to < self.applies_from:
            raise Malformed("policy_value_malformed", "R230", keys=("applies_to",))
        try:
            return _policy(self.policy_version, self.applies_from, self.applies_to, self.values)
        except ValidationError as problem:
            missing = [_key(each["loc"]) for each in problem.errors() if each["type"] == "missing"]
            if missing:
                raise Refused("policy_key_missing", "R230", keys=tuple(missing)) from None
            wrong = {_key(each["loc"]) for each in problem.errors()}
            raise Malformed("policy_value_malformed", "R230", keys=tuple(sorted(wrong))) from None


def publications(policies: Policies) -> tuple[Send, ...]:
    """What to send so that every set of the policy file is told, the earliest first.

    In this order the end of a set is told before the one that follows it begins. Sets that are
    told already give nothing.
    """
    return tuple(
        Send(
            key="",
            command=PublishPolicySet(
                policy_version=policy.version,
                applies_from=policy.applies_from,
                applies_to=policy.applies_to,
                values=values_of(policy),
            ),
        )
        for policy in policies.sets
    )


def values_of(policy: Policy) -> Mapping[str, Any]:
    """The values of a rule set as JSON, by the policy file's own keys."""
    return policy.model_dump(mode="json", exclude=_DATES)


def _policy(version: str, begins: date, ends: date | None, values: Mapping[str, Any]) -> Policy:
    # The arguments come last, so that nothing in the values can stand in for them.
    named = {"version": version, "applies_from": begins, "applies_to": ends}
    return Policy.model_validate({**values, **named})


def _holds(told: PublishedSet, policy: Policy) -> bool:
    """Tell whether the values are the same, whatever the order of a set's members was."""
    try:
        return (
            _policy(policy.version, policy.applies_from, policy.applies_to, told.values) == policy
        )
    except ValidationError:  # told under an older model, so not the same
        return False


def _key(place: tuple[int | str, ...]) -> str:
    return ".".join(str(each) for each in place)
