"""`/search`."""

from typing import Annotated

from fastapi import Query

from app.http.contract import Cost, answers
from app.http.paging import Page, build_page
from app.http.routing import Router
from app.resources.listing import AskingDep
from app.resources.slices import choose_citations
from app.search.queries import count_left_out, find_hits
from app.search.reading import build_hits
from app.search.schemas import Hit, SearchParameters

router = Router(tags=["search"])


@router.get("/search", summary="Sök")
@answers(fresh=300, cost=Cost.DEAR)
def search(parameters: Annotated[SearchParameters, Query()], asking: AskingDep) -> Page[Hit]:
    """Search names, texts, organizations and places, in Swedish and English at once, best first.

    Lines and services first for everyday words; names before texts, exact words before forms of them, forms before
    beginnings. `manniskohandel` finds människohandel, `hotline` the hotlines, `Kristianstads kommun` what serves the
    people there, `2021:23` that report.

    Sök i namn, texter, organisationer och orter, på svenska och engelska samtidigt.
    """
    total, ids = find_hits(
        asking.session, parameters.q or "", parameters.status, parameters.kind, parameters.limit, parameters.offset
    )
    left_out = None if total else count_left_out(asking.session, parameters.q or "", parameters.status, parameters.kind)
    hits = choose_citations(build_hits(asking, ids), parameters)
    return build_page(asking.request, hits, total, parameters, left_out=left_out)
