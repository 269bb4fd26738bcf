"""Statements over support services."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select

from app.resources.models import Kind, Resource
from app.resources.queries import of_kind, resource


def support_services(where: Iterable[ColumnElement[bool]] = ()) -> Select[Resource]:
    """Support services, in the order of lists."""
    return of_kind(Kind.SUPPORT_SERVICE, where)


def support_service(slug: str) -> Select[Resource]:
    """The support service with this slug."""
    return resource(slug, Kind.SUPPORT_SERVICE)
