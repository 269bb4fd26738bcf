"""`/audiences`, `/topics`: the values of filters."""

from typing import Annotated

from fastapi import Query
from sqlmodel import col

from app.http.contract import Parameters, answers
from app.http.paging import Page
from app.http.routing import Router
from app.resources.listing import AskingDep, Id, answer_list, answer_single
from app.vocabularies import queries
from app.vocabularies.models import Term, Vocabulary
from app.vocabularies.reading import build_terms
from app.vocabularies.schemas import TermParameters, TermShown

router = Router(tags=["vocabularies"])


@router.get("/audiences", summary="Målgrupper")
@answers(fresh=300)
def list_audiences(parameters: Annotated[TermParameters, Query()], asking: AskingDep) -> Page[TermShown]:
    """The audiences that resources are for; the values of `audience`.

    Målgrupper, att filtrera på med `audience`.
    """
    return answer_list(asking, queries.terms(Vocabulary.AUDIENCE), parameters, build_terms)


@router.get("/audiences/{id}", summary="En målgrupp")
@answers(fresh=300)
def get_audience(slug: Id, parameters: Annotated[Parameters, Query()], asking: AskingDep) -> TermShown:
    """One audience, with the wider ones it belongs to.

    En målgrupp.
    """
    return answer_single(
        asking, queries.terms(Vocabulary.AUDIENCE).where(col(Term.slug) == slug), build_terms, "audiences", slug
    )


@router.get("/topics", summary="Ämnen")
@answers(fresh=300)
def list_topics(parameters: Annotated[TermParameters, Query()], asking: AskingDep) -> Page[TermShown]:
    """The topics that resources are about; the values of `topic`.

    Ämnen, att filtrera på med `topic`.
    """
    return answer_list(asking, queries.terms(Vocabulary.TOPIC), parameters, build_terms)


@router.get("/topics/{id}", summary="Ett ämne")
@answers(fresh=300)
def get_topic(slug: Id, parameters: Annotated[Parameters, Query()], asking: AskingDep) -> TermShown:
    """One topic, in a few words.

    Ett ämne.
    """
    return answer_single(
        asking, queries.terms(Vocabulary.TOPIC).where(col(Term.slug) == slug), build_terms, "topics", slug
    )
