"""The records that the list of everyday words names come first, then the lines and services, then the rest."""

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import and_

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from app.areas.models import Area
from app.records.models import CurrentRecord
from app.resources.models import REACHED, Kind, ResourceArea
from app.search.everyday import FILLERS, Answer
from app.search.postings import load_postings, unite
from app.search.words import kind_token, place_token

SOONEST = (Kind.HOTLINE, Kind.SUPPORT_SERVICE, Kind.COORDINATOR)
HELPING = [kind_token(kind) for kind in (*SOONEST, *(kind for kind in REACHED if kind not in SOONEST))]
"""Kinds that somebody in need can contact, in the order of what answers them soonest."""
IN_NAMES = 5
"""The last tier of a query whose words stand in names."""
_NUMBERS = select(col(CurrentRecord.slug), col(CurrentRecord.first_revision)).where(
    col(CurrentRecord.family).in_(("resource", "organization")),
    col(CurrentRecord.slug).in_(bindparam("slugs", expanding=True)),
)
_NATIONWIDE = (
    select(col(CurrentRecord.first_revision))
    .join(ResourceArea, col(ResourceArea.resource_id) == col(CurrentRecord.id))
    .join(Area, col(Area.id) == col(ResourceArea.area_id))
    .where(col(Area.parent_id).is_(None), col(CurrentRecord.first_revision).in_(bindparam("numbers", expanding=True)))
)


def put_first(session: Session, answer: Answer, words: Sequence[str], ordinary: Sequence[int]) -> list[int]:
    """The tiers of a query whose words the list explains. `ordinary` are those of the words by themselves.

    Where a place is asked for as well, what serves it comes first, then what serves the whole country; what the list
    names elsewhere is left out.
    """
    numbers = _load_numbers(session, answer.records)
    others = [place_token(word) for word in words if word not in answer.words | FILLERS]
    postings = load_postings(session, (*HELPING, *others))
    entries, helping = ordinary[-1], unite(postings, HELPING)
    if places := [postings[token] for token in others if postings[token]]:
        local, nationwide = reduce(and_, places), _load_nationwide(session, numbers)
        here = (entries & local & postings[kind] for kind in HELPING)
        first = [*_each(numbers, local), *here, *_each(numbers, nationwide)]
    else:
        # A word that the list does not explain may be part of a name: `pegasus chatt`.
        named = ordinary[IN_NAMES] & helping if others else 0
        first = [named, *_each(numbers, -1)]
    everything = reduce(lambda tier, other: tier | other, first, entries)
    return [*first, entries & helping, *ordinary, everything]


def _each(numbers: Sequence[int], within: int) -> Iterator[int]:
    """A tier for each of these entries that is within a set."""
    return (1 << number for number in numbers if within >> number & 1)


def _load_numbers(session: Session, slugs: Sequence[str]) -> list[int]:
    """The entry numbers of these records, in their order, without those that the store lacks."""
    numbers: dict[str, int] = dict(session.execute(_NUMBERS, {"slugs": list(slugs)}).all())
    return [numbers[slug] for slug in slugs if slug in numbers]


def _load_nationwide(session: Session, numbers: Sequence[int]) -> int:
    """Those of these entries that serve the whole country, as a set."""
    return sum(1 << number for number in set(session.scalars(_NATIONWIDE, {"numbers": list(numbers)})))
