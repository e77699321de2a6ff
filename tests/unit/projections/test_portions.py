"""What is taken at once becomes less when it was too much, and loses and repeats nothing."""

from shared.projections.portions import Portions
from shared.projections.received import Batch, Mark, Partition, Received, read
from tests.unit.projections.things import CODEC


def batch(number: int, records: int) -> Batch:
    where = Partition("t", number)
    received = [
        Received(where, offset, offset, b"", b"", (), read("t", b"", b"", (), CODEC))
        for offset in range(records)
    ]
    return Batch(where, Mark(), received, behind=5, fresh=True)


def offsets(batches: list[Batch]) -> list[tuple[int, int]]:
    return [(each.partition.number, one.offset) for each in batches for one in each.received]


def test_all_is_taken_where_there_is_room() -> None:
    batches = [batch(0, 3), batch(1, 2)]

    assert Portions(5).cut(batches) == (batches, [])


def test_a_portion_ends_inside_a_batch_and_the_next_begins_there() -> None:
    portions = Portions(4)

    portion, later = portions.cut([batch(0, 3), batch(1, 4), batch(2, 1)])

    assert offsets(portion) == [(0, 0), (0, 1), (0, 2), (1, 0)]
    assert offsets(later) == [(1, 1), (1, 2), (1, 3), (2, 0)]
    assert portion[1].ends == later[0].begins == Mark(1, "", 0)
    assert [each.behind for each in portion] == [5, 5 + 3]
    assert later[0].ends == Mark(4, "", 3)


def test_a_portion_that_is_full_leaves_the_next_batch_whole() -> None:
    first, second = batch(0, 3), batch(1, 2)

    portion, later = Portions(3).cut([first, second])

    assert portion == [first]
    assert offsets(later) == offsets([second])
    assert later[0].begins == second.begins


def test_half_of_what_fitted_is_taken_next_down_to_one() -> None:
    portions = Portions(100)

    portions.too_much(40)
    assert portions.size == 20
    portions.too_much(1)
    assert portions.size == 1


def test_what_was_easy_doubles_up_to_the_most() -> None:
    portions = Portions(100)
    portions.too_much(60)

    portions.fitted(took_s=2.0)
    assert portions.size == 30
    for _ in range(3):
        portions.fitted(took_s=0.01)
    assert portions.size == 100
