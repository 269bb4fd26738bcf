"""Long lists: how many rows they have, a part of them, and what is shown of its items."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar, TypeVarTuple, cast

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Row, Select, literal, tuple_
from sqlmodel import Session

from app.http.contract import Parameters
from app.http.paging import PageParameters, Place, place_of
from app.resources.filters import Citations, CitedParameters
from app.resources.queries import IN_ORDER, Order, count, count_up_to
from app.resources.reading import Reading
from app.status import STATUSES, left_out_of
from app.times import midnight_after

Columns = TypeVarTuple("Columns")
Item = TypeVar("Item")


MOST_TOTALS = 2000
"""Totals that are known."""
MOST_COUNTED = 10_000
"""Up to so many, the total of a list is exact: counting visits each row, and a page of 20 shows few of them."""


MANY_PAGES = 50
"""Pages of a list that has very many resources."""


class Counts:
    """Totals by version of the store and list. A version is never the same again, so nothing has to be taken back."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], int] = {}

    def load_total(
        self, session: Session, statement: Select[*Columns], version: object, basis: tuple[object, ...]
    ) -> int:
        """How many rows a statement has in all; `MOST_COUNTED + 1` where there are more than `MOST_COUNTED`.

        `basis`: all that the statement follows from. Without a version (no cache in front) rows are counted each time.
        """
        counted = count_up_to(MOST_COUNTED + 1, statement)
        if version is None:
            return session.scalar(counted) or 0
        key = (version, *basis)
        total = self._known.get(key)
        if total is None:
            total = session.scalar(counted) or 0
            if len(self._known) >= MOST_TOTALS:
                self._known.clear()
            self._known[key] = total
        return total


def load_items(
    reading: Reading,
    statement: Select[*Columns],
    parameters: PageParameters,
    show: Callable[[Reading, Sequence[tuple[*Columns]]], list[Item]],
) -> tuple[list[Item], int | None]:
    """The items of a list that were asked for and, where the whole list is empty, what `count_left_out` says."""
    note_turn(reading, parameters)
    rows, _ = load_slice(reading, statement, parameters)
    is_empty = not rows and not reading.session.scalar(count_up_to(1, statement))
    return show(reading, rows), count_left_out(reading, statement, parameters) if is_empty else None


def note_turn(reading: Reading, parameters: PageParameters) -> None:
    """Note when a list with these filters may have other items."""
    if parameters.turns_on_the_moment:
        reading.note_change(reading.at + timedelta(minutes=1))
    if getattr(parameters, "review", None):
        reading.note_change(midnight_after(reading.at))


def load_slice(
    reading: Reading, statement: Select[*Columns], parameters: PageParameters, order: Order = IN_ORDER
) -> tuple[Sequence[Row[*Columns]], int]:
    """The rows that were asked for, and how many come before them. `order`: of a list that goes on by `after`."""
    place = place_of(parameters, [int if column.type.python_type is int else str for column in order])
    start = parameters.offset if place is None else place.offset
    rest = statement.offset(start) if place is None else statement.where(is_after(order, place))
    return reading.session.execute(rest.limit(parameters.limit)).all(), start


def is_early(parameters: PageParameters, total: int) -> bool:
    """Whether few resources come before the end of a page, when a list of so many is looked at in its order."""
    return total > MOST_COUNTED or (parameters.offset + parameters.limit) * MANY_PAGES <= total


def place_after(rows: Sequence[Row[*Columns]], start: int, order: Order) -> Place:
    """The place behind these rows, the first of which has `start` rows before it."""
    by_class: dict[Any, Any] = {type(entity): entity for entity in rows[-1]}
    return Place(start + len(rows), tuple(getattr(by_class[column.class_], column.key) for column in order))


def is_followed(
    reading: Reading, statement: Select[*Columns], end: int, following: Place | None, order: Order = IN_ORDER
) -> bool:
    """Whether a list of more than `MOST_COUNTED` rows has any behind a page.

    `end`: the place where the page ends. `following`: the same, for a list that goes on by `after`.
    """
    if end <= MOST_COUNTED:
        return True
    behind = statement.offset(end) if following is None else statement.where(is_after(order, following))
    return reading.session.scalar(count_up_to(1, behind)) == 1


def count_left_out(reading: Reading, statement: Select[*Columns], parameters: PageParameters) -> int | None:
    """How many outdated or ended records a list would have if its statuses did not leave them out."""
    statuses = getattr(parameters, "status", None)
    if statuses is None:
        return None
    others = left_out_of(statuses)
    return reading.session.scalar(count(statement), {STATUSES: others}) or 0 if others else 0


def choose_citations(items: list[Item], parameters: Parameters) -> list[Item]:
    """The items with their citations, or without where that was asked for."""
    if isinstance(parameters, CitedParameters) and parameters.citations is Citations.NONE:
        return cast(list[Item], _leave_out_citations(items))
    return items


def _leave_out_citations(value: Any) -> Any:
    if isinstance(value, list):
        return [_leave_out_citations(item) for item in value]
    if not isinstance(value, BaseModel):
        return value
    changed = {name: [] if name == "citations" else _leave_out_citations(part) for name, part in value}
    return value.model_copy(update=changed)


def is_after(order: Order, place: Place) -> ColumnElement[bool]:
    """Whether a row comes behind this place in the order."""
    return tuple_(*order) > tuple_(*(literal(value) for value in place.values))
