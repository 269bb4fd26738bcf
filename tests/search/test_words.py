"""Words as they are asked for."""

import tracemalloc

from app.search.words import list_levels


def test_what_is_asked_for_leaves_nothing_in_memory() -> None:
    list_levels("hjälp")
    tracemalloc.start()
    try:
        for number in range(5_000):
            list_levels(f"hjälp{number}ö" * 4)
        left, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert left < 100_000
