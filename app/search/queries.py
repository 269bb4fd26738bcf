"""What a query finds: the postings of its tokens, put together here; so the same on both databases."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache, reduce
from itertools import chain, pairwise
from operator import and_, or_
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CompoundSelect,
    Integer,
    Select,
    Text,
    any_,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    select,
    union_all,
)
from sqlmodel import Session, col

from app.records.models import CurrentRecord
from app.resources.models import Kind
from app.search.models import SearchPosting
from app.search.ranks import every, first, joined
from app.search.spelling import meant_by
from app.search.words import (
    QUALIFIERS,
    Alternatives,
    asked_words,
    compounds,
    is_kept,
    kind_token,
    levels,
    numbers_apart,
    place_token,
    status_token,
)
from app.status import Status, left_out_of
from app.stored_values import read_rows

LAST = chr(0x10FFFF)
_WITH = select(col(SearchPosting.token), col(SearchPosting.chunk), col(SearchPosting.numbers)).where(
    col(SearchPosting.token).in_(bindparam("tokens", expanding=True))
)
_RECORDS = select(col(CurrentRecord.first_revision), col(CurrentRecord.id)).where(
    col(CurrentRecord.first_revision).in_(bindparam("numbers", expanding=True))
)
_KINDS = [*(kind_token(kind) for kind in Kind), kind_token("organization")]
"""Within a tier, results come in this order."""

Word = list[Alternatives]
"""The levels of a word."""


def matching(session: Session, query: str) -> Select[UUID]:
    """The ids of all that a query finds, in no order."""
    tiers = _tiers(session, query)
    # They may be very many, and go over as one value.
    numbers = ",".join(map(str, every(tiers[-1]))) if tiers else ""
    ids, number = select(col(CurrentRecord.id)), col(CurrentRecord.first_revision)
    if session.get_bind().dialect.name == "postgresql":
        return ids.where(number == any_(cast(literal(f"{{{numbers}}}", Text), ARRAY(Integer))))
    each = func.json_each(f"[{numbers}]").table_valued("value")
    return ids.join(each, number == each.c.value)


def hits(
    session: Session, query: str, statuses: Sequence[Status], kinds: Sequence[str], limit: int, offset: int
) -> tuple[int, list[UUID]]:
    """How many records a query finds, and the ids of one page of them, best first."""
    tiers = _tiers(session, query)
    if not tiers:
        return 0, []
    of_status, of_kind = [status_token(one) for one in statuses], [kind_token(one) for one in kinds]
    postings = _postings(session, (*of_status, *_KINDS))
    allowed = tiers[-1] & _any(postings, of_status) & (_any(postings, of_kind) if kinds else -1)
    numbers, before, passed = list[int](), 0, 0
    for tier in tiers:  # a later tier admits all that the earlier do: what is new in it?
        new = tier & allowed & ~before
        before |= new
        for kind in _KINDS if new else ():
            of_this = new & postings[kind]
            numbers += first(of_this, limit - len(numbers), max(0, offset - passed))
            passed += of_this.bit_count()
        if len(numbers) == limit:
            break
    return allowed.bit_count(), _load_ids(session, numbers)


def count_left_out(session: Session, query: str, statuses: Sequence[Status], kinds: Sequence[str]) -> int:
    """How many outdated or ended records a query finds that these statuses leave out."""
    others = left_out_of(statuses)
    return hits(session, query, others, kinds, 0, 0)[0] if others else 0


def _tiers(session: Session, query: str) -> list[int]:
    """What meets a query, strictest first.

    A record's place is the first tier that it meets: its kind, names as written, municipalities as written, names in
    any form, municipalities without diacritics, names that begin so, then texts. A later tier admits all that the
    earlier do. A query without a word has no tier. A word that nothing has is taken for the nearest ones that something
    has.
    """
    if not (asked := _without_qualifiers(session, asked_words(query))):
        return []
    parts = compounds(asked)
    by_word = _by_word(session, [levels(word, part) for word, part in zip(asked, parts, strict=True)])
    if not reduce(and_, (word[-1] for word in by_word)):
        apart = numbers_apart(query)
        understood = [
            [found] if found[-1] else _by_word(session, _meant(session, word, apart)) or [found]
            for word, found in zip(asked, by_word, strict=True)
        ]
        by_word = list(chain(*understood))
    return [reduce(and_, tier) for tier in zip(*by_word, strict=True)]


def _without_qualifiers(session: Session, asked: Sequence[str]) -> list[str]:
    """`Halmstads kommun` is asked for as `Halmstad`; `kommun` after what is no municipality stays."""
    names = {word: (before, before.removesuffix("s")) for before, word in pairwise(asked) if word in QUALIFIERS}
    known = _postings(session, map(place_token, chain(*names.values()))) if names else {}
    kept = list(asked)
    for qualifier, forms in names.items():
        if place := next((name for name in forms if known[place_token(name)]), None):
            kept[kept.index(forms[0])] = place
            kept.remove(qualifier)
    return list(dict.fromkeys(kept))


def _meant(session: Session, word: str, apart: dict[str, list[str]]) -> list[Word]:
    """What is asked for instead of a word that nothing has: the numbers in it, or the nearest words."""
    if word in apart:
        return [levels(part) for part in apart[word]]
    return [[list(chain(*level)) for level in zip(*map(levels, near), strict=True)] for near in meant_by(session, word)]


def _by_word(session: Session, asked: Sequence[Word]) -> list[list[int]]:
    """For each word what has it, at each level or a stricter one."""
    found = _postings(session, chain(*chain(*asked)))
    return [[_any(found, chain(*word[: last + 1])) for last in range(len(word))] for word in asked]


def _any(found: dict[str, int], tokens: Iterable[str]) -> int:
    return reduce(or_, (found[token] for token in tokens), 0)


def _postings(session: Session, tokens: Iterable[str]) -> dict[str, int]:
    """What has each of these tokens; one that ends in `*` stands for all that begin so."""
    found = dict.fromkeys(tokens, 0)
    execute = session.connection().execute
    kept = defaultdict[str, list[tuple[int, bytes]]](list)
    exact = {"tokens": [token for token in found if is_kept(token)]}
    for token, chunk, numbers in read_rows(execute(_WITH, exact)):
        kept[token].append((chunk, numbers))
    if long := [token for token in found if not is_kept(token)]:
        bounds = {f"low{nth}": token[:-1] for nth, token in enumerate(long)}
        bounds |= {f"high{nth}": token[:-1] + LAST for nth, token in enumerate(long)}
        for nth, chunk, numbers in read_rows(execute(_beginning(len(long)), bounds)):
            kept[long[nth]].append((chunk, numbers))
    return found | {token: joined(chunks) for token, chunks in kept.items()}


@lru_cache
def _beginning(number: int) -> CompoundSelect[int, int, bytes]:
    """What has the tokens between two, for so many pairs: an index is read for each."""
    token = col(SearchPosting.token)
    return union_all(
        *(
            select(literal_column(str(nth), Integer), col(SearchPosting.chunk), col(SearchPosting.numbers)).where(
                token >= bindparam(f"low{nth}"), token < bindparam(f"high{nth}")
            )
            for nth in range(number)
        )
    )


def _load_ids(session: Session, numbers: Sequence[int]) -> list[UUID]:
    ids = dict(read_rows(session.connection().execute(_RECORDS, {"numbers": numbers})).all())
    return [ids[number] for number in numbers if number in ids]
