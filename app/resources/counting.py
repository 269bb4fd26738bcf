"""How many rows a list has: counted once for each version of the store, however many of its pages are asked for."""

from typing import TypeVarTuple

from sqlalchemy import Select
from sqlmodel import Session

from app.resources.queries import count

Columns = TypeVarTuple("Columns")
MOST = 2000
"""Totals that are known."""


class Counts:
    """Totals by version of the store and list. A version is never the same again, so nothing has to be taken back."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], int] = {}

    def load_total(
        self, session: Session, statement: Select[*Columns], version: object, wanted: tuple[object, ...]
    ) -> int:
        """How many rows a statement has in all.

        `wanted`: all that the statement follows from. Without a version (no cache in front) rows are counted each time.
        """
        if version is None:
            return session.scalar(count(statement)) or 0
        key = (version, *wanted)
        total = self._known.get(key)
        if total is None:
            total = session.scalar(count(statement)) or 0
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[key] = total
        return total
