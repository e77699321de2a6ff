"""Rule sets are told once each, complete, and never two for the same day."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.training.domain.policy_set import (
    POLICY_SETS,
    PublishPolicySet,
    publications,
    values_of,
)
from shared.contracts.training import PolicySetPublished
from shared.kernel.permissions import Actor, system
from shared.policy import Policies, load_policies
from shared.testing import CHIEF, SECRETARIAT, TODAY, employee, given
from shared.testing.kit import NS3

OPERATOR = system("policy")
NS3_ENDS = date(2014, 12, 31)
VALUES = values_of(NS3)
PUBLISH = PublishPolicySet(policy_version="NS3", applies_from=NS3.applies_from, values=VALUES)
TOLD = PolicySetPublished(
    on=TODAY, policy_version="NS3", applies_from=NS3.applies_from, values=VALUES
)
ENDED = TOLD.model_copy(update={"applies_to": NS3_ENDS})
NEXT = PublishPolicySet(
    policy_version="NS4", applies_from=NS3_ENDS + timedelta(days=1), values=VALUES
)


def changed(**fields: Any) -> PublishPolicySet:
    return PUBLISH.model_copy(update=fields)


def without(*path: str) -> dict[str, Any]:
    values = NS3.model_dump(mode="json", exclude={"version", "applies_from", "applies_to"})
    inner = values
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return values


def test_a_rule_set_is_published_once() -> None:
    given().of("").when(PUBLISH, by=OPERATOR).then(TOLD)
    given(TOLD).of("").when(PUBLISH, by=OPERATOR).then_nothing()


@pytest.mark.parametrize(
    "actor",
    [
        SECRETARIAT,
        CHIEF,
        employee("director", "municipal_director"),
        employee("leader", "network_leader"),
    ],
    ids=str,
)
def test_nobody_publishes_a_rule_set_but_the_operator(actor: Actor) -> None:
    given().of("").when(PUBLISH, by=actor).then_refused("not_allowed")


@pytest.mark.parametrize("path", [("training",), ("training", "cohort_size", "min"), ("forum",)])
def test_a_set_that_lacks_a_key_is_refused_and_says_which(path: tuple[str, ...]) -> None:
    outcome = given().of("").when(changed(values=without(*path)), by=OPERATOR)

    outcome.then_refused("policy_key_missing", "R230")
    assert outcome.refusal is not None
    assert outcome.refusal.facts["keys"] == (".".join(path),)


def test_a_value_of_the_wrong_kind_is_malformed() -> None:
    wrong = {**VALUES, "portfolio": {**VALUES["portfolio"], "max_concurrent_innovation": "two"}}
    given().of("").when(changed(values=wrong), by=OPERATOR).then_refused("policy_value_malformed")
    ends_first = changed(applies_to=NS3.applies_from - timedelta(days=1))
    given().of("").when(ends_first, by=OPERATOR).then_refused("policy_value_malformed")


def test_what_values_say_of_version_and_dates_counts_for_nothing() -> None:
    posing = changed(values={**VALUES, "version": "NS1", "applies_from": "2001-01-01"})
    given().of("").when(posing, by=OPERATOR).then(TOLD)


def test_two_sets_never_apply_on_the_same_day() -> None:
    given(TOLD).of("").when(NEXT, by=OPERATOR).then_refused("policy_dates_overlap", "R230")
    last_day = NEXT.model_copy(update={"applies_from": NS3_ENDS})
    given(ENDED).of("").when(last_day, by=OPERATOR).then_refused("policy_dates_overlap", "R230")
    given(ENDED).of("").when(NEXT, by=OPERATOR).then(
        TOLD.model_copy(update={"policy_version": "NS4", "applies_from": NEXT.applies_from})
    )


def test_an_open_set_is_ended_to_make_room_for_the_next() -> None:
    given(TOLD).of("").when(changed(applies_to=NS3_ENDS), by=OPERATOR).then(ENDED)
    following = TOLD.model_copy(
        update={"policy_version": "NS4", "applies_from": NEXT.applies_from, "values": VALUES}
    )
    given(ENDED, following).of("").when(PUBLISH, by=OPERATOR).then_refused("policy_dates_overlap")


def test_what_is_published_keeps_its_values_and_its_first_day() -> None:
    other = {**VALUES, "forum": {"slot_minutes": 30}}
    for change in ({"values": other}, {"applies_from": date(2013, 9, 1)}):
        given(TOLD).of("").when(changed(**change), by=OPERATOR).then_refused(
            "policy_already_published", "R230"
        )


def test_a_set_told_under_an_older_model_is_not_the_same() -> None:
    older = TOLD.model_copy(update={"values": without("forum")})
    given(older).of("").when(PUBLISH, by=OPERATOR).then_refused("policy_already_published")


def test_the_policy_file_is_told_earliest_first_and_once() -> None:
    ending = NS3.model_copy(update={"applies_to": NS3_ENDS})
    following = NS3.model_copy(update={"version": "NS4", "applies_from": NEXT.applies_from})
    facts: list[Any] = []

    for _ in range(2):
        for send in publications(Policies([following, ending])):
            assert send.key == ""
            outcome = given(*facts).of(send.key).when(send.command, by=OPERATOR)
            assert outcome.decision is not None
            facts.extend(outcome.decision.events)

    assert [(fact.policy_version, fact.applies_to) for fact in facts] == [
        ("NS3", NS3_ENDS),
        ("NS4", None),
    ]
    assert set(POLICY_SETS.replay(facts).sets) == {"NS3", "NS4"}


def test_the_file_of_this_project_can_be_published() -> None:
    (send,) = publications(load_policies())
    given().of("").when(send.command, by=OPERATOR).then(TOLD)
