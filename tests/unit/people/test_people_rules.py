"""The roles of the field: what each opens, seen over every command and every reading room."""

from collections.abc import Iterator
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest

from services.networks import queries as networks
from services.themes.queries import themes
from services.training.domain.directory.people import read_people
from services.training.domain.directory.rows import what_becomes_of
from services.training.domain.policy_set import PublishPolicySet, values_of
from services.training.queries import keeping, leaders, org_units
from shared.contracts.people import PersonListed
from shared.contracts.training import PolicySetPublished
from shared.kernel.commands import Command
from shared.kernel.permissions import Actor, May, its, oneself, system
from shared.kernel.services import Service
from shared.people import PEOPLE
from shared.policy.model import Policy
from shared.testing import TODAY, folded, given, person, recorded, rule
from shared.testing.kit import NS3

ANNA, NO_RELATIONS = person("anna"), dict[str, Any]()
FOR_HERSELF = SimpleNamespace(person_id=ANNA, on_behalf_of=None)
ROOMS = (
    themes.READERS,
    networks.REPORTS,
    networks.EVERYBODY,
    networks.INSIDE,
    leaders.CHOOSERS,
    org_units.READERS,
)
"""Who reads in each room of the services."""
VALUES = values_of(NS3)
OWN_CHOICES = {
    "AnswerReferenceLeadership",  # P14
    "SetLeaderAvailability",  # P36
    "DeclineAssignment",  # P36
    "EvaluateRotation",  # P40
}
FOR_THE_TWO_HEADS = {"InviteForumObserver", "WithdrawForumObserver"}
"""What municipal director and head of the secretariat find together (P10)."""
LISTED = PersonListed(on=TODAY, name="A. Nna", management_level=4)
TABLE = (
    "person_id,name,email,language,org_unit_id,line_manager_id,management_level,forums\n"
    f"{ANNA},A. Nna,,da,,,%s,\n"
)


def actor(*roles: str) -> Actor:
    return Actor(person_id=ANNA, roles=frozenset(roles))


def may(expression: May, *roles: str) -> bool:
    """Whether somebody with these roles, and with no relation to the thing, may."""
    return expression.capacity(actor(*roles), FOR_HERSELF, NO_RELATIONS) is not None


def commands() -> Iterator[type[Command[Any, Any]]]:
    for name in ("themes", "networks", "training", "notifications"):
        service: Service = import_module(f"services.{name}.service").SERVICE
        yield from (route.command for route in service.commands)


def is_own_choice(command: type[Command[Any, Any]]) -> bool:
    return isinstance(command.may, oneself | its)


@rule("R10")
def test_the_secretariat_may_everything_but_what_each_chooses_for_themselves() -> None:
    open_to_it = {command.__name__ for command in commands() if may(command.may, "secretariat")}
    own_choices = {command.__name__ for command in commands() if is_own_choice(command)}

    every = {command.__name__ for command in commands()}
    assert open_to_it == every - own_choices - FOR_THE_TWO_HEADS
    assert own_choices == OWN_CHOICES
    assert all(may(room, "secretariat") for room in ROOMS)
    assert may(keeping.KEEPERS, "secretariat")


@rule("R10")
def test_an_employee_without_that_role_speaks_for_nobody_else() -> None:
    for command in commands():
        capacity = command.may.capacity(actor("employee"), FOR_HERSELF, NO_RELATIONS)
        assert capacity in {None, "self"}, command.__name__
    assert not may(keeping.KEEPERS, "employee")
    assert [may(room, "employee") for room in ROOMS] == [False, False, True, False, False, False]


@rule("R11")
def test_the_head_of_the_secretariat_may_all_that_the_secretariat_may() -> None:
    for command in commands():
        more = command.__name__ in FOR_THE_TWO_HEADS
        assert may(command.may, "secretariat_lead") == (may(command.may, "secretariat") or more)
    assert all(may(room, "secretariat_lead") for room in ROOMS)
    assert not actor("secretariat").has("secretariat_lead")


@rule("R12")
def test_the_municipal_director_reads_in_every_room_and_decides_nothing() -> None:
    assert all(may(room, "municipal_director") for room in ROOMS)
    open_to_it = {c.__name__ for c in commands() if may(c.may, "municipal_director")}
    assert open_to_it == FOR_THE_TWO_HEADS
    assert not may(keeping.KEEPERS, "municipal_director")


@rule("R7")
def test_a_persons_management_level_is_taken_in_and_known_to_every_service() -> None:
    (row,) = read_people((TABLE % "4").encode())
    assert row.entry is not None
    assert row.entry.management_level == 4
    assert what_becomes_of(row, {ANNA: LISTED}) == "unchanged"

    (known,) = folded(PEOPLE, [recorded(LISTED, f"people-{ANNA}")]).values()
    assert known.management_level == 4


@rule("R7")
def test_another_management_level_is_a_change_and_one_there_cannot_be_is_wrong() -> None:
    (moved,) = read_people((TABLE % "5").encode())
    (wrong,) = read_people((TABLE % "0").encode())
    promoted = LISTED.model_copy(update={"management_level": 3})

    assert what_becomes_of(moved, {ANNA: LISTED}) == "changed"
    assert [error.code for error in wrong.errors] == ["management_level_malformed"]
    told = [recorded(LISTED, f"people-{ANNA}"), recorded(promoted, f"people-{ANNA}", 2)]
    (known,) = folded(PEOPLE, told).values()
    assert known.management_level == 3


@pytest.mark.parametrize("role", ["reporter", "integrator", "finance_contact", "staff_contact"])
def test_who_only_reads_or_only_answers_has_no_command(role: str) -> None:
    assert not any(may(command.may, role) for command in commands())


def published(team: dict[str, int]) -> PolicySetPublished:
    """A rule set with this team, as every service hears of it."""
    values = {**VALUES, "secretariat": {**VALUES["secretariat"], "team": team}}
    publish = PublishPolicySet(policy_version="NS4", applies_from=TODAY, values=values)
    decided = given().of("").when(publish, by=system("policy")).decision
    assert decided is not None
    (fact,) = decided.events
    assert isinstance(fact, PolicySetPublished)
    return fact


@rule("R13")
@pytest.mark.parametrize("consultants", [0, 2, 7])
def test_how_many_consultants_there_are_is_what_the_rule_set_says(consultants: int) -> None:
    told = published({"lead": 1, "consultants": consultants})
    assert told.values["secretariat"]["team"]["consultants"] == consultants
    # Each of them is in the secretariat, whatever their number.
    assert may(keeping.KEEPERS, "secretariat")


@rule("R188")
@pytest.mark.parametrize("team", [{}, {"lead": 1}, {"lead": 1, "interns": 3, "archivists": 2}])
def test_the_team_is_any_number_of_people_by_function_and_restrains_nothing(
    team: dict[str, int],
) -> None:
    told = published(team)
    assert told.values["secretariat"]["team"] == team
    assert (
        Policy.model_validate(
            {"version": "NS4", "applies_from": TODAY, **told.values}
        ).secretariat.team
        == team
    )
