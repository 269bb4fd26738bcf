"""`/sources`."""

from typing import Annotated

from fastapi import Query

from app.http.contract import Parameters, answers
from app.http.paging import Page, PageParameters
from app.http.routing import Router
from app.resources.listing import AskingDep, Id, answer_list, answer_single
from app.sources import queries
from app.sources.reading import build_sources
from app.sources.schemas import SourceShown

router = Router(tags=["sources"])


@router.get("/sources", summary="Källor")
@answers(fresh=300)
def list_sources(parameters: Annotated[PageParameters, Query()], asking: AskingDep) -> Page[SourceShown]:
    """The documents and pages from which every fact of the directory is taken, with their dates.

    `updated` is null where the document gives no date; it is never the date of import.

    Dokument och sidor som uppgifterna kommer från, med datum.
    """
    return answer_list(asking, queries.sources(), parameters, build_sources)


@router.get("/sources/{id}", summary="En källa")
@answers(fresh=300)
def get_source(slug: Id, parameters: Annotated[Parameters, Query()], asking: AskingDep) -> SourceShown:
    """One source, with its publisher, address and dates.

    En källa med utgivare, adress och datum.
    """
    return answer_single(asking, queries.source(slug), build_sources, "sources", slug)
