"""Looking tokens up: FTS5 on SQLite, a GIN index over tsvector on PostgreSQL; the same answers on both."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, literal_column, select, text
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.sql.expression import cast
from sqlmodel import Session, col

from app.search.models import FTS_TABLE, SearchEntry
from app.search.words import Alternatives, tiers
from app.status import Status

Tier = list[Alternatives]


def matching(session: Session, query: str) -> Select[UUID]:
    """The ids of all that a query finds, in no order."""
    found = tiers(query)
    return select(col(SearchEntry.subject_id)).where(_meets(session, found[-1]) if found else false())


def hits(
    session: Session, query: str, statuses: Sequence[Status], kinds: Sequence[str], limit: int, offset: int
) -> tuple[int, list[UUID]]:
    """How many records a query finds, and the ids of one page of them, best first."""
    asked = tiers(query)
    narrowed = [col(SearchEntry.status).in_(statuses), *([col(SearchEntry.kind).in_(kinds)] if kinds else [])]
    total, page, passed = 0, list[UUID](), 0
    for place, tier in enumerate(asked):
        new = [*narrowed, _meets(session, tier, asked[place - 1] if place else None)]
        count = session.scalar(select(func.count()).select_from(SearchEntry).where(*new)) or 0
        first = max(0, offset - passed)
        if len(page) < limit and first < count:
            rows = select(col(SearchEntry.subject_id)).where(*new).order_by(col(SearchEntry.rank))
            page += session.scalars(rows.limit(limit - len(page)).offset(first)).all()
        total, passed = total + count, passed + count
    return total, page


def _meets(session: Session, tier: Tier, but_not: Tier | None = None) -> ColumnElement[bool]:
    if session.get_bind().dialect.name == "postgresql":
        asked = _tsquery(tier) + (f" & !({_tsquery(but_not)})" if but_not else "")
        return col(SearchEntry.tokens).op("@@", is_comparison=True)(cast(asked, TSQUERY))
    asked = _fts5(tier) + (f" NOT ({_fts5(but_not)})" if but_not else "")
    found: Select[int] = (
        select(literal_column("rowid"))
        .select_from(text(FTS_TABLE))
        .where(text(f"{FTS_TABLE} MATCH :asked").bindparams(asked=asked))
    )
    return col(SearchEntry.rank).in_(found)


def _fts5(tier: Tier) -> str:
    return " AND ".join("(" + " OR ".join(map(_fts5_token, word)) + ")" for word in tier)


def _fts5_token(token: str) -> str:
    return f'"{token[:-1]}"*' if token.endswith("*") else f'"{token}"'


def _tsquery(tier: Tier) -> str:
    return " & ".join("(" + " | ".join(map(_tsquery_token, word)) + ")" for word in tier)


def _tsquery_token(token: str) -> str:
    return f"'{token[:-1]}':*" if token.endswith("*") else f"'{token}'"
