"""How people develop is shown network by network and names nobody; assessments are one's own."""

from typing import Any
from uuid import UUID

from hypothesis import given as for_all
from hypothesis import strategies as st

from services.training.domain.leader_file import AssessCompetences
from services.training.projections.assessments import ASSESSMENTS, Assessment
from services.training.projections.competence_development import (
    COMPETENCE_DEVELOPMENT,
    FEWEST_SHOWN,
    CompetenceDevelopment,
    CompetenceFigures,
)
from shared.contracts.training import CompetenceAssessed, CompetenceSelfAssessed, LeaderFileEvent
from shared.contracts.vocabulary import AssessmentMoment, Competence, NetworkType
from shared.kernel.events import Recorded
from shared.testing import TODAY, employee, folded, given, person, recorded, rule
from tests.unit.training.crews import imported, network
from tests.unit.training.streams import Stream, in_a_row, interleavings, stream

GARDENS, SHARING = UUID(int=1), UUID(int=2)
BEFORE, AFTER = AssessmentMoment.BEFORE, AssessmentMoment.AFTER
COMMUNICATES, EXPLORATIVE = Competence.COMMUNICATES, Competence.EXPLORATIVE
Told = tuple[AssessmentMoment, UUID, int]
"""When, of which network, and the level of COMMUNICATES; every other is 3."""


def file_of(name: str, *said: Told) -> Stream:
    """What a person's file holds when this is said in this order."""
    facts: list[LeaderFileEvent] = []
    for number, (moment, about, level) in enumerate(said, start=1):
        command = AssessCompetences(
            person_id=person(name),
            assessment_id=UUID(int=number),
            levels={**dict.fromkeys(Competence, 3), COMMUNICATES: level},
            network_id=about,
            moment=moment,
        )
        decision = given(*facts).of(person(name)).when(command, by=employee(name)).decision
        assert decision is not None
        facts.extend(decision.events)  # type: ignore[arg-type]
    return stream(f"leader_file-{person(name)}", *facts)


def running(network_id: UUID, network_type: NetworkType) -> Stream:
    told = imported(TODAY, TODAY).model_copy(update={"network_type": network_type})
    return network(network_id, told)


LEARNING = running(GARDENS, NetworkType.LEARNING)


def figures(
    *facts: Recorded[Any], network: UUID = GARDENS, of: Competence = COMMUNICATES
) -> CompetenceDevelopment:
    return folded(COMPETENCE_DEVELOPMENT, facts)[f"{network}/{of}"]


def four_people() -> list[Recorded[Any]]:
    """Three improve and one does not: 2 to 4, 3 to 4, 1 to 3, and 5 to 4."""
    return [
        *file_of("anna", (BEFORE, GARDENS, 2), (AFTER, GARDENS, 4)),
        *file_of("bo", (BEFORE, GARDENS, 3), (AFTER, GARDENS, 4)),
        *file_of("carl", (BEFORE, GARDENS, 1), (AFTER, GARDENS, 3)),
        *file_of("dea", (AFTER, GARDENS, 4), (BEFORE, GARDENS, 5)),
    ]


@rule("R187", "R220")
def test_the_averages_and_the_share_that_improved_are_those_of_who_answered_both() -> None:
    only_one_of_the_two = [
        *file_of("else", (BEFORE, GARDENS, 5)),
        *file_of("finn", (AFTER, GARDENS, 1)),
        *file_of("gro", (BEFORE, GARDENS, 1), (AFTER, SHARING, 5)),
    ]
    row = figures(*LEARNING, *four_people(), *only_one_of_the_two)
    assert (row.n, row.before, row.after, row.improved_share) == (4, 2.75, 3.75, 0.75)
    assert (row.title, row.network_type) == ("Urban farming", NetworkType.LEARNING)
    other = figures(*LEARNING, *four_people(), of=EXPLORATIVE)
    assert (other.n, other.before, other.after, other.improved_share) == (4, 3.0, 3.0, 0.0)


@rule("R187")
def test_who_corrects_an_answer_counts_once_with_the_latest() -> None:
    corrected = [
        *file_of("anna", (BEFORE, GARDENS, 2), (AFTER, GARDENS, 4), (AFTER, GARDENS, 2)),
        *file_of("bo", (BEFORE, GARDENS, 1), (BEFORE, GARDENS, 3), (AFTER, GARDENS, 4)),
        *file_of("carl", (AFTER, GARDENS, 3), (BEFORE, GARDENS, 3), (BEFORE, GARDENS, 1)),
    ]
    row = figures(*LEARNING, *corrected)
    assert (row.n, row.before, row.after, row.improved_share) == (3, 2.0, 3.0, 0.667)


def test_figures_of_too_few_are_not_shown() -> None:
    assert FEWEST_SHOWN == 3
    two = [*LEARNING, *four_people()[:4]]
    row = figures(*two)
    assert (row.n, row.before, row.after, row.improved_share) == (2, None, None, None)


def test_a_row_names_nobody_and_what_is_read_holds_no_sums() -> None:
    everything = [*LEARNING, *four_people()]
    names = [str(person(name)) for name in ("anna", "bo", "carl", "dea")]
    for row in folded(COMPETENCE_DEVELOPMENT, everything).values():
        assert not [name for name in names if name in row.model_dump_json()]
        shown = CompetenceFigures.model_validate(row.model_dump())
        assert not [field for field in type(shown).model_fields if field.endswith("total")]


def test_a_learning_network_has_ten_rows_from_its_start_and_others_have_no_type() -> None:
    assert len(folded(COMPETENCE_DEVELOPMENT, LEARNING)) == 10
    assert figures(*LEARNING).n == 0
    welfare = running(SHARING, NetworkType.WELFARE)
    assert folded(COMPETENCE_DEVELOPMENT, welfare) == {}
    told = file_of("anna", (BEFORE, SHARING, 2), (AFTER, SHARING, 4))
    assert figures(*welfare, *told, network=SHARING).network_type is None


@rule("R113")
def test_each_assessment_is_shown_with_whose_it_is() -> None:
    hers = file_of("anna", (BEFORE, GARDENS, 2))
    theirs = CompetenceAssessed(
        on=TODAY,
        person_id=person("anna"),
        assessment_id=UUID(int=1),
        levels=dict.fromkeys(Competence, 4),
        assessor_id=person("leader"),
    )
    other_file = recorded(theirs, f"leader_file-{person('bo')}")
    rows = folded(ASSESSMENTS, [*hers, other_file])

    own, assessed = rows.values()
    assert own == Assessment(
        assessment_id=UUID(int=1),
        person_id=person("anna"),
        assessor_id=person("anna"),
        own=True,
        assessed_on=TODAY,
        levels={**dict.fromkeys(Competence, 3), COMMUNICATES: 2},
        network_id=GARDENS,
        moment=BEFORE,
    )
    assert (assessed.own, assessed.assessor_id) == (False, person("leader"))


def test_whether_a_person_sees_themself_in_the_good_leader_is_shown() -> None:
    said = CompetenceSelfAssessed(
        on=TODAY,
        person_id=person("anna"),
        assessment_id=UUID(int=1),
        levels=dict.fromkeys(Competence, 4),
        identifies_with_good_leader=False,
    )
    (row,) = folded(ASSESSMENTS, [recorded(said, f"leader_file-{person('anna')}")]).values()
    assert row.identifies_with_good_leader is False


STREAMS = (
    LEARNING,
    running(SHARING, NetworkType.LEARNING),
    file_of("anna", (BEFORE, GARDENS, 2), (AFTER, GARDENS, 4), (AFTER, GARDENS, 5)),
    file_of("bo", (AFTER, GARDENS, 2), (BEFORE, SHARING, 1), (BEFORE, GARDENS, 3)),
    file_of("carl", (BEFORE, GARDENS, 1), (BEFORE, GARDENS, 2), (AFTER, GARDENS, 3)),
    file_of("dea", (BEFORE, SHARING, 1), (AFTER, SHARING, 4)),
)


@for_all(woven=interleavings(STREAMS))
def test_it_does_not_matter_which_stream_is_heard_first(woven: Stream) -> None:
    assert folded(COMPETENCE_DEVELOPMENT, woven) == folded(
        COMPETENCE_DEVELOPMENT, in_a_row(STREAMS)
    )
    assert folded(ASSESSMENTS, woven) == folded(ASSESSMENTS, in_a_row(STREAMS))


LEVELS = st.integers(min_value=1, max_value=5)
ANSWERS = st.lists(st.tuples(st.sampled_from(AssessmentMoment), LEVELS), max_size=5)


@for_all(answers=st.lists(ANSWERS, max_size=5))
def test_the_sums_are_those_of_everybodys_last_answers(
    answers: list[list[tuple[AssessmentMoment, int]]],
) -> None:
    facts = [*LEARNING]
    pairs = []
    for number, said in enumerate(answers):
        facts += file_of(f"person {number}", *((when, GARDENS, level) for when, level in said))
        last = dict(said)
        if len(last) == 2:
            pairs.append((last[BEFORE], last[AFTER]))
    row = figures(*facts)
    assert row.n == len(pairs)
    assert row.before_total == sum(before for before, _ in pairs)
    assert row.after_total == sum(after for _, after in pairs)
    assert row.improved == sum(after > before for before, after in pairs)
