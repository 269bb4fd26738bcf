"""Statements over publications."""

from collections.abc import Iterable, Iterator

from sqlalchemy import ColumnElement, Select
from sqlmodel import col

from app.publications.models import PublicationDetails
from app.publications.schemas import PublicationParameters
from app.resources.models import Kind, Resource
from app.resources.queries import of_kind

Row = tuple[Resource, PublicationDetails]


def publications(where: Iterable[ColumnElement[bool]] = ()) -> Select[Resource, PublicationDetails]:
    """Publications with their details, in the order of lists."""
    details = of_kind(Kind.PUBLICATION, where).join(
        PublicationDetails, col(PublicationDetails.resource_id) == col(Resource.id)
    )
    return details.add_columns(PublicationDetails)


def publication(slug: str) -> Select[Resource, PublicationDetails]:
    """The publication with this slug."""
    return publications([col(Resource.slug) == slug])


def own_conditions(parameters: PublicationParameters) -> Iterator[ColumnElement[bool]]:
    """What the filters of publications alone ask for."""
    if parameters.type is not None:
        yield col(PublicationDetails.type) == parameters.type
