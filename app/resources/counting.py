"""How many rows a list has: counted once for each version of the store, however many of its pages are asked for."""

from hashlib import sha256
from typing import TypeVarTuple

from fastapi import Request
from sqlalchemy import Select
from sqlmodel import Session

from app.resources.queries import count

Columns = TypeVarTuple("Columns")
MOST = 500
"""Totals that are known; each takes some six kilobytes, as what is counted is kept beside it."""


class Counts:
    """Totals by version and statement. A version is never the same again, so nothing has to be taken back."""

    def __init__(self) -> None:
        self._known: dict[object, int] = {}

    def of(self, request: Request, session: Session, statement: Select[*Columns]) -> int:
        """How many rows a statement has in all. Without a version (no cache in front) it is counted each time."""
        counting = count(statement)
        version, key = getattr(request.state, "version", None), counting._generate_cache_key()
        if version is None or key is None:
            return session.scalar(counting) or 0
        values = repr([parameter.effective_value for parameter in key.bindparams])
        asked = (version, key.key, sha256(values.encode()).digest())  # what a search found may be a long list
        found = self._known.get(asked)
        if found is None:
            found = session.scalar(counting) or 0
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[asked] = found
        return found
