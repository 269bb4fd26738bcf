"""Looking tokens up: FTS5 on SQLite, a GIN index over tsvector on PostgreSQL; the same answers on both."""

from collections.abc import Iterable, Sequence
from itertools import chain
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    case,
    exists,
    false,
    func,
    literal,
    literal_column,
    select,
    text,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.sql.expression import cast
from sqlmodel import Session, col

from app.search.models import FTS_TABLE, SearchEntry
from app.search.spelling import meant_by
from app.search.words import Tier, asked_words, kind_token, levels, status_token, tiers
from app.status import Status


def matching(session: Session, query: str) -> Select[UUID]:
    """The ids of all that a query finds, in no order."""
    found = _understood(session, query)
    meets = _meets(session, _words(session, found[-1])) if found else false()
    return select(col(SearchEntry.subject_id)).where(meets)


def hits(
    session: Session, query: str, statuses: Sequence[Status], kinds: Sequence[str], limit: int, offset: int
) -> tuple[int, list[UUID]]:
    """How many records a query finds, and the ids of one page of them, best first."""
    found = [_narrowed(session, _words(session, tier), statuses, kinds) for tier in _understood(session, query)]
    if not found:
        return 0, []
    total, *numbers = session.execute(_counts(session, found, offset + limit)).one()
    parts, before, passed = [], 0, 0
    for place, number in enumerate(numbers):  # a later tier admits all that the earlier do: what is new in it?
        if number is None:
            break
        if number > max(before, offset):
            new = _but_not(session, found[place], found[place - 1]) if before else found[place]
            parts.append(_part(session, place, new, offset + limit - before))
        before = number
        passed = number if number <= offset else passed
    if not parts:
        return total or 0, []
    every = union_all(*parts).subquery()
    page = select(every.c.subject_id).order_by(every.c.place, every.c.rank).limit(limit).offset(offset - passed)
    return total or 0, list(session.scalars(page))


def _counts(session: Session, found: Sequence[str], enough: int) -> Select[*tuple[int | None, ...]]:
    """How many meet the last tier; then how many meet each, up to the one that fills the page; null from there on."""
    number: ColumnElement[int | None] = _count(session, found[0]).scalar_subquery()
    numbers: list[ColumnElement[int | None]] = []
    for place, asked in enumerate(found):
        if place:
            number = case((numbers[-1] < enough, _count(session, asked).scalar_subquery()))
        counted = select(number.label("number")).cte(f"tier_{place}")
        numbers.append(select(counted.c.number).scalar_subquery())
    return select(_count(session, found[-1]).scalar_subquery(), *numbers)


def _count(session: Session, asked: str) -> Select[int]:
    if _is_postgresql(session):
        return select(func.count()).select_from(SearchEntry).where(_meets(session, asked))
    return select(func.count()).select_from(text(FTS_TABLE)).where(_match(asked))


def _part(session: Session, place: int, asked: str, limit: int) -> Select[int, int, UUID]:
    """The first of those that meet what is asked."""
    rank = col(SearchEntry.rank)
    statement = select(literal(place).label("place"), rank, col(SearchEntry.subject_id))
    rows = statement.where(_meets(session, asked, limit)).order_by(rank).limit(limit).subquery()
    return select(rows.c.place, rows.c.rank, rows.c.subject_id)


def _understood(session: Session, query: str) -> list[Tier]:
    """What a query asks for. A word that nothing has is taken for the nearest ones that something has."""
    asked = [levels(word) for word in asked_words(query)]
    found = tiers(asked)
    if not found or _any(session, found[-1]):
        return found
    understood = []
    for word, own in zip(asked_words(query), asked, strict=True):
        meant = [] if _any(session, tiers([own])[-1]) else meant_by(session, word)
        known = [[list(chain(*level)) for level in zip(*map(levels, near), strict=True)] for near in meant]
        understood += known or [own]
    return tiers(understood)


def _any(session: Session, tier: Tier) -> bool:
    return bool(session.scalar(select(exists().where(_meets(session, _words(session, tier), 1)))))


def _meets(session: Session, asked: str, limit: int | None = None) -> ColumnElement[bool]:
    """Entries that meet what is asked; where SQLite is asked for the first of them only, it stops there."""
    if _is_postgresql(session):
        return col(SearchEntry.tokens).op("@@", is_comparison=True)(cast(asked, TSQUERY))
    found: Select[int] = select(literal_column("rowid")).select_from(text(FTS_TABLE)).where(_match(asked))
    if limit is not None:
        found = found.order_by(literal_column("rowid")).limit(limit)
    return col(SearchEntry.rank).in_(found)


def _match(asked: str) -> ColumnElement[bool]:
    return literal_column(FTS_TABLE).op("MATCH", is_comparison=True)(asked)


def _words(session: Session, tier: Tier) -> str:
    """A tier, as the database writes it."""
    both = " & " if _is_postgresql(session) else " AND "
    return both.join(_either(session, word) for word in tier)


def _narrowed(session: Session, asked: str, statuses: Sequence[Status], kinds: Sequence[str]) -> str:
    others = [status_token(one) for one in Status if one not in statuses]
    if kinds:
        both = " & " if _is_postgresql(session) else " AND "
        asked = f"({asked}){both}{_either(session, map(kind_token, kinds))}"
    return _but_not(session, asked, _either(session, others)) if others else asked


def _but_not(session: Session, asked: str, other: str) -> str:
    return f"({asked}) & !({other})" if _is_postgresql(session) else f"({asked}) NOT ({other})"


def _either(session: Session, tokens: Iterable[str]) -> str:
    if _is_postgresql(session):
        return f"({' | '.join(map(_tsquery_token, tokens))})"
    return f"({' OR '.join(map(_fts5_token, tokens))})"


def _fts5_token(token: str) -> str:
    return f'"{token[:-1]}"*' if token.endswith("*") else f'"{token}"'


def _tsquery_token(token: str) -> str:
    return f"'{token[:-1]}':*" if token.endswith("*") else f"'{token}'"


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
