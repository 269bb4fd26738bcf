"""What a query finds: the postings of its tokens, put together here; so the same on both databases."""

from collections.abc import Sequence
from functools import reduce
from itertools import chain, pairwise
from operator import and_
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    LargeBinary,
    Select,
    Text,
    any_,
    bindparam,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col

from app.records.models import CurrentRecord
from app.resources.models import REACHED, Kind
from app.search.everyday import drop_fillers, find_answer
from app.search.postings import load_postings, unite
from app.search.preferring import put_first
from app.search.ranks import list_all, list_first
from app.search.spelling import find_alternatives
from app.search.words import (
    QUALIFIERS,
    Alternatives,
    find_compounds,
    find_kind,
    kind_token,
    list_levels,
    place_token,
    read_query,
    split_numbers,
    status_token,
)
from app.status import Status, left_out_of
from app.stored_values import read_rows

_RECORDS = select(col(CurrentRecord.first_revision), col(CurrentRecord.id)).where(
    col(CurrentRecord.first_revision).in_(bindparam("numbers", expanding=True))
)
_KINDS = [*(kind_token(kind) for kind in Kind), kind_token("organization")]
"""Within a tier, results come in this order."""

MATERIAL = frozenset([*(kind for kind in Kind if kind not in REACHED), "organization"])
"""Kinds that nobody contacts in need."""

MOST_LISTED = 50_000
"""Hits whose ids are listed; of more, each record is looked up among them."""

Word = list[Alternatives]
"""The levels of a word."""


def is_hit(session: Session, query: str, record: Mapped[UUID]) -> ColumnElement[bool]:
    """Whether a record is one that a query finds."""
    hits = _find_all(session, query)
    if hits.bit_count() <= MOST_LISTED:
        return record.in_(_list_ids(session, hits))
    number = select(col(CurrentRecord.first_revision)).where(col(CurrentRecord.id) == record).scalar_subquery()
    marks = literal(f"{hits:b}"[::-1].encode(), LargeBinary)  # a byte for each entry, which is "1" for a hit
    return func.substr(marks, number + 1, 1, type_=LargeBinary) == b"1"


def _list_ids(session: Session, hits: int) -> Select[UUID]:
    # They may be very many, and go over as one value.
    numbers = ",".join(map(str, list_all(hits)))
    ids, number = select(col(CurrentRecord.id)), col(CurrentRecord.first_revision)
    if session.get_bind().dialect.name == "postgresql":
        return ids.where(number == any_(cast(literal(f"{{{numbers}}}", Text), ARRAY(Integer))))
    return ids.where(number.in_(select(func.json_each(f"[{numbers}]").table_valued("value").c.value)))


def _find_all(session: Session, query: str) -> int:
    tiers = _tiers(session, query)
    return tiers[-1] if tiers else 0


def find_hits(
    session: Session, query: str, statuses: Sequence[Status], kinds: Sequence[str], limit: int, offset: int
) -> tuple[int, list[UUID]]:
    """How many records a query finds, and the ids of one page of them, best first."""
    tiers = _tiers(session, query)
    if not tiers:
        return 0, []
    of_status, of_kind = [status_token(value) for value in statuses], [kind_token(value) for value in kinds]
    postings = load_postings(session, (*of_status, *_KINDS))
    allowed = tiers[-1] & unite(postings, of_status) & (unite(postings, of_kind) if kinds else -1)
    numbers, before, passed = list[int](), 0, 0
    for tier in tiers:  # a later tier admits all that the earlier do: what is new in it?
        new = tier & allowed & ~before
        before |= new
        for kind in _KINDS if new else ():
            of_this = new & postings[kind]
            numbers += list_first(of_this, limit - len(numbers), max(0, offset - passed))
            passed += of_this.bit_count()
        if len(numbers) == limit:
            break
    return allowed.bit_count(), _load_ids(session, numbers)


def count_left_out(session: Session, query: str, statuses: Sequence[Status], kinds: Sequence[str]) -> int:
    """How many outdated or ended records a query finds that these statuses leave out."""
    others = left_out_of(statuses)
    return find_hits(session, query, others, kinds, 0, 0)[0] if others else 0


def _tiers(session: Session, query: str) -> list[int]:
    """What meets a query, best first; the last tier is all of it. A query without a word has no tier."""
    if not (words := _without_qualifiers(session, read_query(query))):
        return []
    ordinary = _word_tiers(session, query, drop_fillers(words))
    answer = find_answer(words)
    # Who asks for a course or a report by the name of its kind is looking for that, where there is one.
    if answer is None or (ordinary[-1] and any(find_kind(word) in MATERIAL for word in words)):
        return ordinary
    return put_first(session, answer, words, ordinary)


def _word_tiers(session: Session, query: str, words: Sequence[str]) -> list[int]:
    """What has all of these words, strictest first.

    A record's place is the first tier that it meets: its kind, names as written, municipalities as written, names in
    any form, municipalities without diacritics, names that begin so, then texts. A later tier admits all that the
    earlier do. A word that occurs in no record is taken for the nearest that do.
    """
    parts = find_compounds(words)
    by_word = _by_word(session, [list_levels(word, part) for word, part in zip(words, parts, strict=True)])
    if not reduce(and_, (word[-1] for word in by_word)):
        apart = split_numbers(query)
        understood = [
            [tiers] if tiers[-1] else _by_word(session, _meant(session, word, apart)) or [tiers]
            for word, tiers in zip(words, by_word, strict=True)
        ]
        by_word = list(chain(*understood))
    return [reduce(and_, tier) for tier in zip(*by_word, strict=True)]


def _without_qualifiers(session: Session, words: Sequence[str]) -> list[str]:
    """`Halmstads kommun` and `municipality of Halmstad` are asked for as `Halmstad`, `Hallands län` as `Halland`.

    `kommun` beside what is no place stays.
    """
    near = pairwise(word for word in words if word != "of")
    pairs = [(word, name) for first, other in near for word, name in ((other, first), (first, other))]
    forms = {name: (name, name.removesuffix("s")) for word, name in pairs if word in QUALIFIERS}
    places = load_postings(session, map(place_token, chain(*forms.values()))) if forms else {}
    remaining = list(words)
    for qualifier, name in pairs:
        place = next((form for form in forms.get(name, ()) if places[place_token(form)]), None)
        if place is not None and {qualifier, name} <= set(remaining) and qualifier in QUALIFIERS:
            remaining[remaining.index(name)] = place
            remaining.remove(qualifier)
    return list(dict.fromkeys(remaining))


def _meant(session: Session, word: str, apart: dict[str, list[str]]) -> list[Word]:
    """What is searched for instead of a word that occurs in no record: the numbers in it, or the nearest words."""
    if word in apart:
        return [list_levels(part) for part in apart[word]]
    return [
        [list(chain(*level)) for level in zip(*map(list_levels, near), strict=True)]
        for near in find_alternatives(session, word)
    ]


def _by_word(session: Session, words: Sequence[Word]) -> list[list[int]]:
    """For each word what has it, at each level or a stricter one."""
    postings = load_postings(session, chain(*chain(*words)))
    return [[unite(postings, chain(*word[: last + 1])) for last in range(len(word))] for word in words]


def _load_ids(session: Session, numbers: Sequence[int]) -> list[UUID]:
    ids = dict(read_rows(session.connection().execute(_RECORDS, {"numbers": numbers})).all())
    return [ids[number] for number in numbers if number in ids]
