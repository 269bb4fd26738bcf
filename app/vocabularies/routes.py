"""`/audiences`, `/topics`: the words that filters take."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Select, select
from sqlmodel import col

from app.http.contract import Parameters, answers
from app.http.links import Links, link
from app.http.paging import Page, PageParameters
from app.resources.listing import AskingDep, Id, listing, single
from app.resources.reading import Asking
from app.sources.schemas import CitationShown, citations_of
from app.texts import Language
from app.vocabularies.models import Term, Vocabulary

router = APIRouter(tags=["vocabularies"])


class TermShown(BaseModel):
    """A term of a vocabulary."""

    model_config = ConfigDict(populate_by_name=True)

    id: str = Field(description="Slug, as filters take it.")
    language: Language = Field(description="The language of the texts.")
    name: str
    description: str
    broader_terms: list[str] = Field(description="The ids of the wider terms that it belongs to, the widest first.")
    citations: list[CitationShown]
    links: Links = Field(alias="_links")


def terms(vocabulary: Vocabulary) -> Select[Term]:
    """The terms of a vocabulary, in the editors' order."""
    return select(Term).where(col(Term.vocabulary) == vocabulary).order_by(col(Term.position), col(Term.slug))


def shown(asking: Asking, rows: Sequence[tuple[Term]]) -> list[TermShown]:
    """Terms as the API shows them."""
    citations = citations_of(asking.session, [term.id for (term,) in rows])
    english = asking.language is Language.ENGLISH
    return [
        TermShown.model_construct(
            id=term.slug,
            language=asking.language,
            name=term.name_en if english else term.name_sv,
            description=term.description_en if english else term.description_sv,
            broader_terms=term.path.split(".")[:-2],
            citations=citations[term.id],
            links={
                "self": link(asking.request, f"/v1/{term.vocabulary}s/{term.slug}"),
                "related": link(asking.request, "/v1/resources", "related", {term.vocabulary: term.slug}),
            },
        )
        for (term,) in rows
    ]


@router.get("/audiences", summary="Målgrupper")
@answers(fresh=300)
def list_audiences(wanted: Annotated[PageParameters, Query()], asking: AskingDep) -> Page[TermShown]:
    """The audiences that resources are for; the values of `audience`.

    Målgrupper, att filtrera på med `audience`.
    """
    return listing(asking, terms(Vocabulary.AUDIENCE), wanted, shown)


@router.get("/audiences/{id}", summary="En målgrupp")
@answers(fresh=300)
def get_audience(slug: Id, wanted: Annotated[Parameters, Query()], asking: AskingDep) -> TermShown:
    """One audience, with the wider ones it belongs to.

    En målgrupp.
    """
    return single(asking, terms(Vocabulary.AUDIENCE).where(col(Term.slug) == slug), shown, "audiences", slug)


@router.get("/topics", summary="Ämnen")
@answers(fresh=300)
def list_topics(wanted: Annotated[PageParameters, Query()], asking: AskingDep) -> Page[TermShown]:
    """The topics that resources are about; the values of `topic`.

    Ämnen, att filtrera på med `topic`.
    """
    return listing(asking, terms(Vocabulary.TOPIC), wanted, shown)


@router.get("/topics/{id}", summary="Ett ämne")
@answers(fresh=300)
def get_topic(slug: Id, wanted: Annotated[Parameters, Query()], asking: AskingDep) -> TermShown:
    """One topic, in a few words.

    Ett ämne.
    """
    return single(asking, terms(Vocabulary.TOPIC).where(col(Term.slug) == slug), shown, "topics", slug)
