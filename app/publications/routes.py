"""`/publications`."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from sqlalchemy import ColumnElement
from sqlmodel import col

from app.http.contract import Parameters, answers
from app.http.paging import Page
from app.publications import queries
from app.publications.models import PublicationDetails, PublicationType
from app.resources.filters import ResourceParameters, conditions
from app.resources.listing import RECORD, AskingDep, Id, listing
from app.resources.reading import Around, Asking, around, core
from app.resources.remembering import record
from app.resources.schemas import ResourceShown
from app.sources.schemas import Day

router = APIRouter(tags=["publications"])


class Publication(ResourceShown):
    """A report, manual, guidance or news item."""

    type: PublicationType
    title: str | None = Field(description="The title as printed, where it is not the name.")
    year: int | None = Field(description="Year of publication; null where no source states it.")
    published_on: Day | None = Field(description="Day of publication; null where no source states it.")
    number: str | None = Field(description="Number in a series, such as 2021:23.")
    edition: str | None = Field(description="Edition, as stated.")
    url: str | None = Field(description="Where it can be read; null where no source gives an address that works.")


class PublicationParameters(ResourceParameters):
    """Filters on publications."""

    type: PublicationType | None = Field(None, description="Of this type.")


def _details(wanted: PublicationParameters) -> Iterator[ColumnElement[bool]]:
    if wanted.type is not None:
        yield col(PublicationDetails.type) == wanted.type


def shown(asking: Asking, rows: Sequence[queries.Row], found: Around | None = None) -> list[Publication]:
    """Publications as the API shows them."""
    found = found or around(asking, [resource for resource, _ in rows])
    return [
        Publication.model_construct(**core(asking, resource, found), **details.model_dump(exclude={"resource_id"}))
        for resource, details in rows
    ]


@router.get("/publications", summary="Publikationer")
@answers(fresh=300)
def list_publications(wanted: Annotated[PublicationParameters, Query()], asking: AskingDep) -> Page[Publication]:
    """Reports, manuals, guidance and other publications.

    Earlier editions are `outdated`, and the news of 2016 and 2017 are `ended`: ask for them with `status`.

    Rapporter, manualer, vägledningar och andra publikationer.
    """
    return listing(
        asking, queries.publications([*conditions(asking.session, wanted, asking.at), *_details(wanted)]), wanted, shown
    )


@router.get("/publications/{id}", summary="En publikation")
@answers(*RECORD, fresh=300)
async def get_publication(slug: Id, wanted: Annotated[Parameters, Query()], asking: AskingDep) -> Publication:
    """One publication, with its publisher, date and sources.

    En publikation med utgivare, datum och källor.
    """
    return await record(asking, queries.publication, shown, "publications", slug)
