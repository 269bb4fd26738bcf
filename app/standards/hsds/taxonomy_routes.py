"""`/taxonomies` and `/taxonomy_terms`."""

from collections.abc import Callable, Sequence
from typing import Annotated

from fastapi import Depends, Query
from fastapi.responses import Response

from app.http.contract import Cost, Parameters, answers
from app.http.routing import Router
from app.resources.listing import AskingDep
from app.standards.hsds import citing, shapes
from app.standards.hsds.answering import (
    JSON,
    MAX_BODY,
    NDJSON,
    answer_record,
    answer_slice,
    make_not_found,
    one_of_few_streams,
    uuid_or_404,
)
from app.standards.hsds.describing import describe_terms
from app.standards.hsds.pages import TaxonomyPage, TaxonomyTermPage
from app.standards.hsds.parameters import ListParameters, TermParameters
from app.standards.hsds.routes import RecordId
from app.standards.hsds.vocabularies import BY_ID, TAXONOMIES, Tag, is_said_by, tags

router = Router(dependencies=[Depends(one_of_few_streams)])


def _filter_terms(terms: Sequence[Tag], parameters: TermParameters) -> list[Tag]:
    """The terms that the filters ask for."""
    conditions: list[Callable[[Tag], bool]] = [
        lambda term: parameters.search is None or is_said_by(parameters.search, term.name, term.description),
        lambda term: parameters.taxonomy_id is None or term.taxonomy == BY_ID.get(parameters.taxonomy_id),
        lambda term: parameters.parent_id is None or term.parent_id == parameters.parent_id,
        lambda term: not parameters.top_only or term.parent_id is None,
    ]
    return [term for term in terms if all(meets(term) for meets in conditions)]


@router.get("/taxonomies", summary="Taxonomier", tags=["taxonomies"], response_model=TaxonomyPage)
@answers(JSON, NDJSON, fresh=300, cost=Cost.BULK, body=MAX_BODY)
def list_hsds_taxonomies(parameters: Annotated[ListParameters, Query()], asking: AskingDep) -> Response:
    """The directory's own taxonomies: kinds, audiences, topics and channels.

    Katalogens egna taxonomier: slag, målgrupper, ämnen och kontaktvägar.
    """
    matches = [
        key for key, texts in TAXONOMIES.items() if parameters.search is None or is_said_by(parameters.search, *texts)
    ]
    return answer_slice(asking, matches, parameters, lambda keys: [citing.taxonomy(asking, key) for key in keys])


@router.get("/taxonomies/{id}", summary="En taxonomi", tags=["taxonomies"], response_model=shapes.Taxonomy)
@answers(JSON, fresh=300)
def get_hsds_taxonomy(identifier: RecordId, parameters: Annotated[Parameters, Query()], asking: AskingDep) -> Response:
    """One taxonomy.

    En taxonomi.
    """
    key = BY_ID.get(uuid_or_404(identifier, "taxonomies"))
    if key is None:
        raise make_not_found(identifier, "taxonomies")
    return answer_record(asking, citing.taxonomy(asking, key))


@router.get("/taxonomy_terms", summary="Termer", tags=["taxonomy_terms"], response_model=TaxonomyTermPage)
@answers(JSON, NDJSON, fresh=300, cost=Cost.BULK, body=MAX_BODY)
def list_hsds_taxonomy_terms(parameters: Annotated[TermParameters, Query()], asking: AskingDep) -> Response:
    """The terms of the taxonomies, to filter by with `taxonomy_term_id`.

    Taxonomiernas termer, att filtrera på med `taxonomy_term_id`.
    """
    return answer_slice(asking, _filter_terms(tags(asking.session), parameters), parameters, describe_terms(asking))


@router.get("/taxonomy_terms/{id}", summary="En term", tags=["taxonomy_terms"], response_model=shapes.TaxonomyTerm)
@answers(JSON, fresh=300)
def get_hsds_taxonomy_term(
    identifier: RecordId, parameters: Annotated[Parameters, Query()], asking: AskingDep
) -> Response:
    """One term, with its taxonomy and its sources.

    En term med sin taxonomi och sina källor.
    """
    key = uuid_or_404(identifier, "taxonomy_terms")
    terms = [term for term in tags(asking.session) if term.id == key]
    if not terms:
        raise make_not_found(identifier, "taxonomy_terms")
    return answer_record(asking, describe_terms(asking)(terms)[0])
