"""Statements over hotlines."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select

from app.resources.models import Kind, Resource
from app.resources.queries import of_kind, resource


def hotlines(where: Iterable[ColumnElement[bool]] = ()) -> Select[Resource]:
    """Hotlines, in the order of lists."""
    return of_kind(Kind.HOTLINE, where)


def hotline(slug: str) -> Select[Resource]:
    """The hotline with this slug."""
    return resource(slug, Kind.HOTLINE)
