"""`/sources`."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field

from app.http.contract import Parameters, answers
from app.http.links import Links, link
from app.http.paging import Page, PageParameters
from app.resources.listing import AskingDep, Id, listing, single
from app.resources.reading import Asking
from app.sources import queries
from app.sources.models import Source
from app.sources.schemas import SourceBrief, brief

router = APIRouter(tags=["sources"])


class SourceShown(SourceBrief):
    """A document or page that states facts."""

    model_config = ConfigDict(populate_by_name=True)

    sha256: str | None = Field(description="SHA-256 of the document as it was read, where one was kept.")
    links: Links = Field(alias="_links")


def shown(asking: Asking, rows: Sequence[tuple[Source]]) -> list[SourceShown]:
    """Sources as the API shows them."""
    return [
        SourceShown.model_construct(
            **brief(source).model_dump(),
            sha256=source.sha256,
            links={"self": link(asking.request, f"/v1/sources/{source.slug}")},
        )
        for (source,) in rows
    ]


@router.get("/sources", summary="Källor")
@answers(fresh=300)
def list_sources(wanted: Annotated[PageParameters, Query()], asking: AskingDep) -> Page[SourceShown]:
    """The documents and pages that every fact of the directory is taken from, with their dates.

    `updated` is null where the document gives no date; it is never the date of import.

    Dokument och sidor som uppgifterna kommer från, med datum.
    """
    return listing(asking, queries.sources(), wanted, shown)


@router.get("/sources/{id}", summary="En källa")
@answers(fresh=300)
def get_source(slug: Id, wanted: Annotated[Parameters, Query()], asking: AskingDep) -> SourceShown:
    """One source, with its publisher, address and dates.

    En källa med utgivare, adress och datum.
    """
    return single(asking, queries.source(slug), shown, "sources", slug)
