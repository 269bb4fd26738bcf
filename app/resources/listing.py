"""Lists and single answers, the same way for every kind."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeVar, TypeVarTuple, cast

from fastapi import Depends, Path, Request
from sqlalchemy import ColumnElement, Row, Select, literal, tuple_

from app.database import session_of
from app.http.contract import JSON, fresh_until
from app.http.languages import language_of
from app.http.paging import KeysetParameters, Page, PageParameters, Place, page, place_of
from app.http.problems import NotFound
from app.opening_hours.live import parse_moment, this_day, this_minute
from app.resources.counting import Counts
from app.resources.filters import ReachableParameters
from app.resources.queries import IN_ORDER, Order, count
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
    order: Order = IN_ORDER,
) -> Page[Item]:
    """One page of a list. `order`: what a list that goes on by `after` is ordered by."""
    turns = isinstance(wanted, ReachableParameters) and wanted.turns_on_the_moment
    if asking.live and turns:
        fresh_until(asking.request, asking.at + timedelta(minutes=1))
    if asking.live and getattr(wanted, "review", None):
        fresh_until(asking.request, midnight_after(asking.at))
    total = _load_total(asking, statement, wanted, asking.at if turns else midnight_after(asking.at))
    place = place_of(wanted, [int if column.type.python_type is int else str for column in order])
    start = wanted.offset if place is None else place.offset
    rest = statement.offset(start) if place is None else statement.where(_after(order, place))
    rows = asking.session.execute(rest.limit(wanted.limit)).all()
    goes_on = rows and isinstance(wanted, KeysetParameters)
    following = Place(start + len(rows), _values(order, rows[-1])) if goes_on else None
    left_out = None if total else _count_left_out(asking, statement, wanted)
    return page(asking.request, show(asking, rows), total, wanted, start, following, left_out)


def _load_total(asking: Asking, statement: Select[*Columns], wanted: PageParameters, moment: datetime) -> int:
    """How many there are on all pages. `moment`: the minute where the list turns by the minute, else the day's end."""
    request = asking.request
    filters = wanted.model_dump_json(exclude=set(KeysetParameters.model_fields))
    of = (request.url.path, asking.language, filters, moment)
    version = getattr(request.state, "version", None)
    counts: Counts = request.app.state.counts
    return counts.load_total(asking.session, statement, version, of)


def _count_left_out(asking: Asking, statement: Select[*Columns], wanted: PageParameters) -> int | None:
    """How many outdated or ended records a list would have if its statuses did not leave them out."""
    statuses = getattr(wanted, "status", None)
    if statuses is None:
        return None
    others = left_out_of(statuses)
    return asking.session.scalar(count(statement), {STATUSES: others}) or 0 if others else 0


def _after(order: Order, place: Place) -> ColumnElement[bool]:
    return tuple_(*order) > tuple_(*(literal(value) for value in place.values))


def _values(order: Order, row: Sequence[Any]) -> tuple[str | int, ...]:
    """What a row is ordered by."""
    by_class: dict[Any, Any] = {type(one): one for one in row}
    return tuple(getattr(by_class[column.class_], column.key) for column in order)


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
