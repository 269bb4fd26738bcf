"""Places in lists: rising, and as few move as can be."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.records.ordering import GAP, assign_positions

KNOWN = st.lists(st.one_of(st.none(), st.integers(0, 2000)), max_size=40)


@given(KNOWN)
def test_positions_rise_whatever_was_there(known: list[int | None]) -> None:
    positions = assign_positions(known, 0)
    assert len(positions) == len(known)
    assert all(low < high for low, high in pairwise(positions))


def test_an_order_that_holds_moves_nobody() -> None:
    assert assign_positions([3, 64, 700], 0) == [3, 64, 700]


def test_a_new_record_between_two_moves_neither() -> None:
    assert assign_positions([0, None, GAP], 0) == [0, GAP // 2, GAP]


def test_of_a_list_with_one_record_moved_only_that_one_gets_another_place() -> None:
    known: list[int | None] = [0, 3 * GAP, GAP, 2 * GAP, 4 * GAP]
    changes = [new for old, new in zip(known, assign_positions(known, 0), strict=True) if old != new]
    assert len(changes) == 1


def test_where_the_gap_is_used_up_all_are_numbered_anew() -> None:
    assert assign_positions([5, None, 6], 0) == [0, GAP, 2 * GAP]
