"""Places in lists: whole numbers with gaps between them, so that a new record moves no other."""

from bisect import bisect_left
from collections.abc import Sequence

GAP = 64


def assign_positions(known: Sequence[int | None], first: int) -> list[int]:
    """Strictly rising positions for records in a wanted order; as many as can be keep the one that they have.

    `known`: the position that each has today, None for a new one. `first`: the lowest that may be given. Where a gap is
    too small for those that come between, all are numbered anew.
    """
    kept = _longest_rising(known)
    positions, low, start = list[int](), first - GAP, 0
    for place in [*sorted(kept), len(known)]:
        number = place - start
        high = known[place] if place < len(known) else low + GAP * (number + 1)
        assert high is not None  # only those with a position are kept
        if high - low <= number:
            return [first + GAP * nth for nth in range(len(known))]
        positions += [low + (high - low) * nth // (number + 1) for nth in range(1, number + 1)]
        if place < len(known):
            positions.append(high)
        low, start = high, place + 1
    return positions


def _longest_rising(known: Sequence[int | None]) -> set[int]:
    """The places of a longest strictly rising run among the known positions."""
    tails, ends = list[int](), list[int]()
    before: dict[int, int | None] = {}
    for place, position in enumerate(known):
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
