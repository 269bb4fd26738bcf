"""Lists and single answers, the same way for every kind."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Annotated, Any, TypeVar, TypeVarTuple, cast

from fastapi import Depends, Path, Request
from sqlalchemy import Column, ColumnElement, Row, Select, literal, tuple_

from app.database import session_of
from app.http.contract import JSON, fresh_until
from app.http.languages import language_of
from app.http.paging import KeysetParameters, Page, PageParameters, Place, page, place_of
from app.http.problems import NotFound
from app.opening_hours.live import parse_moment, this_day, this_minute
from app.resources.filters import ReachableParameters
from app.resources.queries import count
from app.resources.reading import Asking
from app.resources.renaming import lead_on
from app.status import STATUSES, left_out_of
from app.times import midnight_after

Columns = TypeVarTuple("Columns")
Item = TypeVar("Item")

RECORD = (JSON, "application/ld+json", "text/vcard")
"""The formats of one resource. `app.state.representations` makes those that are not JSON: standards are built on the
kinds, not the kinds on standards."""

Id = Annotated[
    str,
    Path(alias="id", description="The `id` that lists give. One that a record had before leads on to it (308)."),
]


async def asking_of(request: Request) -> Asking:
    """Who asks, for which moment: `at`, which the route's parameters check, or now."""
    # It asks for no other dependency: each takes its time.
    session, language = session_of(request), language_of(request)
    try:
        return Asking(request, session, language, parse_moment(request.query_params["at"]), live=False)
    except (KeyError, ValueError):
        now = this_day() if getattr(request.state, "lasting", None) else this_minute()
        return Asking(request, session, language, now, live=True)


AskingDep = Annotated[Asking, Depends(asking_of)]


def listing(
    asking: Asking,
    statement: Select[*Columns],
    wanted: PageParameters,
    show: Callable[[Asking, Sequence[tuple[*Columns]]], list[Item]],
) -> Page[Item]:
    """One page of a list."""
    if asking.live and isinstance(wanted, ReachableParameters) and wanted.turns_on_the_moment:
        fresh_until(asking.request, asking.at + timedelta(minutes=1))
    if asking.live and getattr(wanted, "review", None):
        fresh_until(asking.request, midnight_after(asking.at))
    total = asking.request.app.state.counts.of(asking.request, asking.session, statement)
    order: list[ColumnElement[Any]] = list(statement._order_by_clauses)
    place = place_of(wanted, [int if column.type.python_type is int else str for column in order])
    start = wanted.offset if place is None else place.offset
    there = statement.offset(start) if place is None else statement.where(_after(order, place))
    rows = asking.session.execute(there.limit(wanted.limit)).all()
    goes_on = rows and isinstance(wanted, KeysetParameters)
    following = Place(start + len(rows), _values(order, rows[-1])) if goes_on else None
    left_out = None if total else _count_left_out(asking, statement, wanted)
    return page(asking.request, show(asking, rows), total, wanted, start, following, left_out)


def _count_left_out(asking: Asking, statement: Select[*Columns], wanted: PageParameters) -> int | None:
    """How many outdated or ended records a list would have if its statuses did not leave them out."""
    statuses = getattr(wanted, "status", None)
    if statuses is None:
        return None
    others = left_out_of(statuses)
    return asking.session.scalar(count(statement), {STATUSES: others}) or 0 if others else 0


def _after(order: Sequence[ColumnElement[Any]], place: Place) -> ColumnElement[bool]:
    return tuple_(*order) > tuple_(*(literal(value) for value in place.values))


def _values(order: Sequence[ColumnElement[Any]], row: Sequence[Any]) -> tuple[str | int, ...]:
    """What a row is ordered by."""
    by_table = {one.__tablename__: one for one in row if hasattr(one, "__tablename__")}
    return tuple(getattr(by_table[column.table.name], column.name) for column in order if isinstance(column, Column))


def single(
    asking: Asking,
    statement: Select[*Columns],
    show: Callable[[Asking, Sequence[tuple[*Columns]]], list[Item]],
    collection: str,
    slug: str,
) -> Item:
    """The one thing with this id. Raises NotFound, or Moved where it has another id now."""
    row: Any = find_single(asking, statement, collection, slug)
    if represent := asking.request.app.state.representations.get(asking.request.state.format):
        return cast(Item, represent(asking, row[0]))  # a Response, which FastAPI sends as it is
    return show(asking, [row])[0]


def find_single(asking: Asking, statement: Select[*Columns], collection: str, slug: str) -> Row[*Columns]:
    """The first row of a statement for the one thing with this id. Raises NotFound, or Moved as `single` does."""
    row = asking.session.execute(statement).first()
    if row is None:
        lead_on(asking.request, asking.session, collection, slug)
        raise NotFound(f"There is nothing with the id {slug[:80]!r} in /v1/{collection}, which lists those that are.")
    return row
