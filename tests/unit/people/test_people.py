"""What decisions know of people comes from the directory, without a name."""

from shared.contracts.people import PersonErased, PersonListed
from shared.contracts.vocabulary import Forum
from shared.people import FORUM_MEMBERS, PEOPLE
from shared.testing import TODAY, folded, person, recorded

CHIEF = f"people-{person('chief')}"
LISTED = PersonListed(
    on=TODAY, name="C. Hief", email="chief@kommune.example", forums=frozenset({Forum.CHIEFS})
)
LEFT_FORUM = LISTED.model_copy(update={"forums": frozenset()})


def test_a_person_is_known_by_level_and_forums_and_not_by_name() -> None:
    (row,) = folded(PEOPLE, [recorded(LISTED, CHIEF)]).values()
    assert row.in_chief_forum
    assert "C. Hief" not in row.model_dump_json()


def test_a_director_counts_as_a_member_of_the_chief_forum() -> None:
    director = LISTED.model_copy(update={"forums": frozenset({Forum.DIRECTORS})})
    (row,) = folded(PEOPLE, [recorded(director, CHIEF)]).values()
    assert row.is_director
    assert row.in_chief_forum


def test_an_erased_person_is_gone() -> None:
    erased = recorded(PersonErased(on=TODAY), CHIEF, 2)
    assert folded(PEOPLE, [recorded(LISTED, CHIEF), erased]) == {}
    assert folded(FORUM_MEMBERS, [recorded(LISTED, CHIEF), erased])["chiefs"].members == ()


def test_a_forum_knows_its_members_and_forgets_who_left() -> None:
    rows = folded(FORUM_MEMBERS, [recorded(LISTED, CHIEF)])
    assert rows["chiefs"].members == (person("chief"),)
    rows = folded(FORUM_MEMBERS, [recorded(LISTED, CHIEF), recorded(LEFT_FORUM, CHIEF, 2)])
    assert rows["chiefs"].members == ()
