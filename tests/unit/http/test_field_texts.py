"""What does not fit is told in the caller's language, field by field."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
import yaml
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from pydantic_core import core_schema

from services.themes.domain.forum_slot.agenda import AddForumAgendaItem
from services.themes.domain.idea_call import OpenIdeaCall
from shared.contracts.vocabulary import AgendaKind, Criterion, Title
from shared.contracts.vocabulary.plain import ONE_LINE
from shared.http.messages import Texts
from shared.http.refusals import FieldError, Invalid

ROOT = Path(__file__).parents[3]
FIELDS = yaml.safe_load((ROOT / "shared/http/field_messages.yaml").read_text("utf-8"))
SEEN_BY_USERS = ("services", "shared/contracts", "shared/kernel", "shared/http", "shared/people")
"""Where commands, bodies and queries have their fields from."""
DECORATORS = {"field_validator", "model_validator"}
MARKERS = {"AfterValidator", "BeforeValidator", "PlainValidator", "WrapValidator"}
TOLD_IN_ENGLISH = {"ValueError", "AssertionError", "PydanticKnownError"}
TEXTS = Texts([])


def trees() -> Iterator[ast.Module]:
    for folder in SEEN_BY_USERS:
        for file in (ROOT / folder).rglob("*.py"):
            yield ast.parse(file.read_text("utf-8"))


def called(node: ast.AST) -> str:
    node = node.func if isinstance(node, ast.Call) else node
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def validators(tree: ast.Module) -> Iterator[ast.AST]:
    """The functions that pydantic calls with what somebody sent."""
    markers = [each for each in ast.walk(tree) if called(each) in MARKERS]
    used = [each.args[0] for each in markers if isinstance(each, ast.Call)]
    named = {called(each) for each in used}
    yield from (each for each in used if isinstance(each, ast.Lambda))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            decorated = {called(each) for each in node.decorator_list}
            if decorated & DECORATORS or node.name in named:
                yield node


VALIDATORS = [each for tree in trees() for each in validators(tree)]


def raised() -> Iterator[ast.Call]:
    for validator in VALIDATORS:
        for node in ast.walk(validator):
            if isinstance(node, ast.Call) and called(node) == "PydanticCustomError":
                yield node


RAISED = {ast.literal_eval(each.args[0]): each for each in raised()}


def found_in(model: type[BaseModel], **given: object) -> list[tuple[str, str, str]]:
    with pytest.raises(ValidationError) as problem:
        model.model_validate(given)
    found = problem.value.errors(include_url=False, include_input=False)
    errors = Invalid.of(found).errors
    return [(each.pointer, each.code, TEXTS.say_field(each, "da")) for each in errors]


def test_no_validator_says_what_is_wrong_in_english_alone() -> None:
    assert len(VALIDATORS) > 25
    for validator in VALIDATORS:
        for node in ast.walk(validator):
            assert not isinstance(node, ast.Assert), ast.unparse(node)
            if isinstance(node, ast.Raise):
                assert node.exc is None or called(node.exc) not in TOLD_IN_ENGLISH, ast.unparse(
                    node
                )


@pytest.mark.parametrize("code", sorted(RAISED))
def test_what_a_validator_says_has_a_text_in_both_languages(code: str) -> None:
    texts = FIELDS[code]
    assert set(texts) == {"da", "en"}
    assert texts["da"] != texts["en"]
    facts = RAISED[code].args[2:]
    given = set(ast.literal_eval(facts[0])) if facts else set()
    for text in texts.values():
        assert set(re.findall(r"\{(\w+)\}", text)) == given


def test_every_text_is_of_something_that_is_said() -> None:
    pydantics = set(core_schema.ErrorType.__args__)  # type: ignore[attr-defined]
    own = {"at_line", "given_by_path"}
    assert {each for each in FIELDS if each[0] != "^"} <= pydantics | own | set(RAISED)


def test_days_in_the_wrong_order_are_named() -> None:
    call = {"title": "x", "text": "x", "opens_on": "2013-09-02", "closes_on": "2013-09-01"}
    said = "Den sidste dag (closes_on) ligger før den første (opens_on)."
    assert found_in(OpenIdeaCall, **call) == [("", "last_day_before_first", said)]


def test_a_subject_that_could_be_either_is_told_of_once() -> None:
    item = {"month": "2013-09", "kind": AgendaKind.OTHER, "title": "x", "minutes": 5}
    said = "Skal være netværkets UUID eller et halvår, som 2013-H2."
    for wrong in ("2013", 7):
        told = found_in(AddForumAgendaItem, **item, subject=wrong)
        assert told == [("/subject", "agenda_subject_malformed", said)]
    half_year = AddForumAgendaItem.model_validate({**item, "subject": "2013-H2"})
    network = AddForumAgendaItem.model_validate({**item, "subject": str(UUID(int=1))})
    assert (half_year.subject, network.subject) == ("2013-H2", UUID(int=1))


class Listing(BaseModel):
    ids: frozenset[UUID] = Field(min_length=1)


def test_a_list_is_not_too_short_for_what_is_wrong_in_it() -> None:
    assert [each[:2] for each in found_in(Listing, ids=["x"])] == [("/ids/0", "uuid_parsing")]
    assert [each[:2] for each in found_in(Listing, ids=[])] == [("/ids", "too_short")]


class Marked(BaseModel):
    criterion: Criterion


def test_all_that_a_field_may_be_is_told() -> None:
    [(_, _, said)] = found_in(Marked, criterion="x")
    assert said == "Skal være en af: " + ", ".join(Criterion)


def test_what_is_sent_is_cut_and_what_is_listed_is_not() -> None:
    known = [f"a_field_of_the_row_{number}" for number in range(60)]
    assert ", ".join(known) in TEXTS.say("sort_unknown", "da", {"known": known})[1]
    assert "x" * 201 not in TEXTS.say("filter_twice", "da", {"given": "x" * 999})[1]


@pytest.mark.parametrize("wrong", ["a\nb", "a\tb", "a\x7fb", "a\u202eb", "a\u2066b", "a\u2028b"])
def test_a_title_is_one_line_that_reads_one_way(wrong: str) -> None:
    with pytest.raises(ValidationError) as problem:
        TypeAdapter(Title).validate_python(wrong)
    [error] = Invalid.of(problem.value.errors()).errors
    assert TEXTS.say_field(error, "da") == FIELDS[ONE_LINE]["da"]
    assert (
        TypeAdapter(Title).validate_python("  Ældre på Ærø, 100\u00a0% \n")
        == "Ældre på Ærø, 100\u00a0%"
    )


def test_what_has_not_arrived_is_called_by_a_word() -> None:
    facts = {"what": "KnownTheme", "key": "7"}
    assert TEXTS.say("evidence_missing", "da", facts)[1].startswith("Temaet 7 er endnu ikke")
    assert TEXTS.say("evidence_missing", "en", facts)[1].startswith("The theme 7 is not known")


def test_an_error_that_nobody_has_words_for_is_told_in_short() -> None:
    assert len(TEXTS.say_field(FieldError("/a", "odd", message="x" * 999), "da")) == 200
