"""Positions in lists: whole numbers with gaps, so that a new record moves no other."""

from bisect import bisect_left
from collections.abc import Sequence

GAP = 64


def assign_positions(current: Sequence[int | None], first: int) -> list[int]:
    """Strictly rising positions for records in the given order, of which as many as possible stay the same.

    `current`: the current position of each record, None for a new one. `first`: the lowest position. Where a gap is too
    small for new records, all records are renumbered.
    """
    unmoved = _longest_rising(current)
    positions, low, start = list[int](), first - GAP, 0
    for place in [*sorted(unmoved), len(current)]:
        number = place - start
        high = current[place] if place < len(current) else low + GAP * (number + 1)
        assert high is not None  # only those with a position are kept
        if high - low <= number:
            return [first + GAP * nth for nth in range(len(current))]
        positions += [low + (high - low) * nth // (number + 1) for nth in range(1, number + 1)]
        if place < len(current):
            positions.append(high)
        low, start = high, place + 1
    return positions


def _longest_rising(current: Sequence[int | None]) -> set[int]:
    """The indexes of a longest strictly rising subsequence of the positions."""
    tails, ends = list[int](), list[int]()
    before: dict[int, int | None] = {}
    for place, position in enumerate(current):
        if position is None:
            continue
        at = bisect_left(tails, position)
        tails[at : at + 1] = [position]
        ends[at : at + 1] = [place]
        before[place] = ends[at - 1] if at else None
    chosen, place_or_none = set[int](), ends[-1] if ends else None
    while place_or_none is not None:
        chosen.add(place_or_none)
        place_or_none = before[place_or_none]
    return chosen
