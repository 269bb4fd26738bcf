"""Parents: no term lies within itself, and an area lies in one of the level above."""

from copy import deepcopy

import pytest

from app.records.drafts import RecordChange
from app.records.faults import InvalidRecords
from app.records.rebuilding import rebuild
from tests.records.conftest import FIRST, Store


def move(store: Store, kind: str, slug: str, parent: str) -> RecordChange:
    """The change that puts a record below another."""
    current = store.current(kind, slug)
    assert current is not None
    return RecordChange(kind, slug, {**deepcopy(store.document(kind, slug)), "parent": parent}, current.revision)


@pytest.mark.parametrize("parent", ["alla", "unga"])
def test_no_term_lies_within_itself_or_within_what_lies_below_it(store: Store, parent: str) -> None:
    with pytest.raises(InvalidRecords, match=f"audience alla: parent: '{parent}' lies within it"):
        store.publish(move(store, "audience", "alla", parent))
    assert rebuild(store.engine, FIRST) == []


def test_nor_do_two_that_change_at_once(store: Store) -> None:
    with pytest.raises(InvalidRecords) as refused:
        store.publish(move(store, "audience", "alla", "unga"), move(store, "audience", "unga", "alla"))
    assert "alla" in {fault.slug for fault in refused.value.faults}


@pytest.mark.parametrize(
    ("kind", "slug", "parent", "reason"),
    [
        ("country", "SE", "13", "has none"),
        ("county", "13", "13", "'13' is no coordination_region"),
        ("county", "13", "1380", "'1380' is no coordination_region"),
        ("county", "13", "SE", "'SE' is no coordination_region"),
        ("municipality", "1380", "vast", "'vast' is no county"),
        ("municipality", "1380", "", "'' is no county"),
    ],
)
def test_an_area_lies_in_one_of_the_level_above(store: Store, kind: str, slug: str, parent: str, reason: str) -> None:
    with pytest.raises(InvalidRecords, match=f"{kind} {slug}: parent: {reason}"):
        store.publish(move(store, kind, slug, parent))


def test_a_county_can_move_to_another_region(store: Store) -> None:
    store.publish(move(store, "county", "13", "ost"))
    assert rebuild(store.engine, FIRST) == []
