"""`/publications`."""

from typing import Annotated

from fastapi import Query

from app.http.contract import Parameters, answers
from app.http.paging import Page
from app.http.routing import Router
from app.publications import queries
from app.publications.reading import build_publications
from app.publications.schemas import Publication, PublicationParameters
from app.resources.filters import conditions
from app.resources.listing import RECORD, AskingDep, Id, answer_list
from app.resources.remembering import answer_record

router = Router(tags=["publications"])


@router.get("/publications", summary="Publikationer")
@answers(fresh=300)
def list_publications(parameters: Annotated[PublicationParameters, Query()], asking: AskingDep) -> Page[Publication]:
    """Reports, manuals, guidance and other publications.

    Earlier editions are `outdated`, and the news of 2016 and 2017 are `ended`: ask for them with `status`.

    Rapporter, manualer, vägledningar och andra publikationer.
    """
    where = [*conditions(asking.session, parameters, asking.at), *queries.own_conditions(parameters)]
    return answer_list(asking, queries.publications(where), parameters, build_publications)


@router.get("/publications/{id}", summary="En publikation")
@answers(*RECORD, fresh=300)
async def get_publication(slug: Id, parameters: Annotated[Parameters, Query()], asking: AskingDep) -> Publication:
    """One publication, with its publisher, date and sources.

    En publikation med utgivare, datum och källor.
    """
    return await answer_record(asking, queries.publication, build_publications, "publications", slug)
