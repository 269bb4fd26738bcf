"""Looking tokens up: FTS5 on SQLite, a GIN index over tsvector on PostgreSQL; the same answers on both."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, literal, literal_column, select, text, union_all
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
    if not asked:
        return 0, []
    narrowed = [col(SearchEntry.status).in_(statuses), *([col(SearchEntry.kind).in_(kinds)] if kinds else [])]
    total = session.scalar(select(func.count()).select_from(SearchEntry).where(*narrowed, _meets(session, asked[-1])))
    found = union_all(
        *(
            select(literal(place).label("place"), col(SearchEntry.rank), col(SearchEntry.subject_id)).where(
                *narrowed, _meets(session, tier, asked[place - 1] if place else None)
            )
            for place, tier in enumerate(asked)
        )
    ).subquery()
    page = select(found.c.subject_id).order_by(found.c.place, found.c.rank).limit(limit).offset(offset)
    return total or 0, list(session.scalars(page))


def _meets(session: Session, tier: Tier, but_not: Tier | None = None) -> ColumnElement[bool]:
    if session.get_bind().dialect.name == "postgresql":
        asked = _tsquery(tier) + (f" & !({_tsquery(but_not)})" if but_not else "")
        return col(SearchEntry.tokens).op("@@", is_comparison=True)(cast(asked, TSQUERY))
    asked = _fts5(tier) + (f" NOT ({_fts5(but_not)})" if but_not else "")
    found: Select[int] = (
        select(literal_column("rowid"))
        .select_from(text(FTS_TABLE))
        .where(literal_column(FTS_TABLE).op("MATCH", is_comparison=True)(asked))
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
