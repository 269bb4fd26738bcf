"""Words as they are asked for."""

import tracemalloc

from app.search.words import find_stems, list_levels


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


def test_a_word_is_found_by_its_swedish_and_by_its_english_stem() -> None:
    assert find_stems("stödlinjerna") & find_stems("stödlinje")
    assert find_stems("trafficking") & find_stems("trafficked"), "Swedish has another end for neither"
    assert find_stems("exploited") & find_stems("exploiting")
