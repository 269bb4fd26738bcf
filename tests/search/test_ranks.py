"""Sets of ranks: as whole numbers and as kept bytes they are the sets that went in."""

from random import Random

import pytest

from app.search.ranks import BITS, CHUNK, LISTED, join_chunks, list_all, list_first, pack_ranks, patch_chunk

RANDOM = Random(6)
SETS = [
    [],
    [1],
    [60_000],
    [1, 2, 3],
    list(range(1, 200)),
    *(sorted(RANDOM.sample(range(1, 50_000), number)) for number in (2, 100, 1_000, 1_600, 20_000, 49_999)),
]


@pytest.mark.parametrize("ranks", SETS, ids=len)
def test_what_is_packed_comes_back(ranks: list[int]) -> None:
    assert list_all(join_chunks([(0, pack_ranks(ranks))])) == ranks


@pytest.mark.parametrize("ranks", SETS, ids=len)
def test_any_part_is_that_part_of_the_list(ranks: list[int]) -> None:
    found = join_chunks([(0, pack_ranks(ranks))])
    for offset in (0, 1, 7, len(ranks) // 2, len(ranks) - 1, len(ranks), len(ranks) + 1):
        if offset >= 0:
            assert list_first(found, 20, offset) == ranks[offset : offset + 20]


def test_many_are_joined_however_they_are_kept() -> None:
    kept = [(chunk, pack_ranks(ranks)) for chunk, ranks in enumerate(SETS)]
    assert {packed_set[:1] for _, packed_set in kept} == {LISTED, BITS}
    assert list_all(join_chunks(kept)) == [chunk * CHUNK + rank for chunk, ranks in enumerate(SETS) for rank in ranks]


def test_neither_a_rare_nor_a_common_token_is_kept_in_many_bytes() -> None:
    assert len(pack_ranks([CHUNK - 1])) < 10
    assert len(pack_ranks(range(CHUNK))) < 8_200


@pytest.mark.parametrize("ranks", SETS, ids=len)
@pytest.mark.parametrize("lost", [0, 1, 1_000, 50_000])
@pytest.mark.parametrize("got", [0, 1, 3_000])
def test_a_patched_chunk_is_as_one_that_is_made_anew(ranks: list[int], lost: int, got: int) -> None:
    lose, get = set(ranks[:lost]), set(RANDOM.sample(range(1, CHUNK), got))
    wanted = sorted(set(ranks) - lose | get)
    assert patch_chunk(pack_ranks(ranks) if ranks else None, lose, get) == (pack_ranks(wanted) if wanted else None)
