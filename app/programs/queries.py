"""Statements over programs."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select
from sqlmodel import col

from app.programs.models import ProgramDetails
from app.resources.models import Kind, Resource
from app.resources.queries import of_kind

Row = tuple[Resource, ProgramDetails]


def programs(where: Iterable[ColumnElement[bool]] = ()) -> Select[Resource, ProgramDetails]:
    """Programs with their details, in the order of lists."""
    details = of_kind(Kind.PROGRAM, where).join(ProgramDetails, col(ProgramDetails.resource_id) == col(Resource.id))
    return details.add_columns(ProgramDetails)


def program(slug: str) -> Select[Resource, ProgramDetails]:
    """The program with this slug."""
    return programs([col(Resource.slug) == slug])
