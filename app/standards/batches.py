"""Reading long lists batch by batch, all from the one snapshot of the request."""

from collections.abc import Iterator, Sequence
from typing import TypeVarTuple

from sqlalchemy import Row, Select, tuple_
from sqlmodel import Session

from app.http.paging import Place
from app.resources.queries import Order
from app.resources.slices import is_after, place_after

Columns = TypeVarTuple("Columns")


def read_batches(
    session: Session, statement: Select[*Columns], order: Order, size: int
) -> Iterator[Sequence[Row[*Columns]]]:
    """The rows of a statement in its `order`; each batch begins after the last row of the one before, and takes as long
    as any other. A row that cannot be read is left out."""
    batch = statement.limit(size)
    while True:
        rows = session.execute(batch).all()
        if rows:
            yield rows
        place = place_after(rows, 0, order) if len(rows) == size else _find_last(session, batch, order)
        if place is None:
            return
        # What the first table can tell leads to the place by an index, where the order goes on by another table.
        leading = [column for column in order if column.class_ is order[0].class_]
        is_near = tuple_(*leading) >= place.values[: len(leading)]
        batch = statement.where(is_near, is_after(order, place)).limit(size)
        session.expunge_all()


def _find_last(session: Session, batch: Select[*Columns], order: Order) -> Place | None:
    """The place of a batch's last row, even if none of them can be read; None where the batch is empty."""
    places = session.execute(batch.with_only_columns(*order, maintain_column_froms=True)).all()
    return Place(0, tuple(places[-1])) if places else None
